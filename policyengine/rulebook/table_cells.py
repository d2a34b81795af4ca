"""The cells of a decision table, each with its place: from a list in the rule file, or from a file beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from policyengine.domain.reading import place
from policyengine.errors import CellSpan, InputError, Problems, Span
from policyengine.rulebook.pack_files import inside, leads_out
from policyengine.source import Document
from policyengine.source.octets import decode, read_octets
from policyengine.source.unsaved import open_texts

MOST_ROWS, MOST_COLUMNS = 1_000, 50


class Cell(NamedTuple):
    """What stands in a cell, where, and the line it stands on."""

    text: str
    span: Span
    excerpt: str


class Cells(NamedTuple):
    """A table as read: its headings, its rows of the same length, and the digest of its file if it has one."""

    head: list[Cell]
    rows: list[list[Cell]]
    sha256: str


def read_cells(document: Document, path: Path, root: Path, problems: Problems) -> Cells | None:
    """The table of a rule file; what is wrong with its shape goes to `problems`."""
    data = document.plain()
    given = data.get("table") if isinstance(data, dict) else None
    if isinstance(given, str):
        rows, sha256 = _from_file(document, path, root, given, problems)
    else:
        rows, sha256 = _from_list(document, given, problems), ""
    if not rows:
        return None
    if len(rows) < 2 or not rows[0]:
        place(problems, document, "P601", "the table has no rows", "write headings, and below them cases", ("table",))
        return None
    if len(rows) > MOST_ROWS + 1 or len(rows[0]) > MOST_COLUMNS:
        message = f"the table is larger than {MOST_ROWS:,} rows and {MOST_COLUMNS} columns"
        place(problems, document, "P608", message, "split it into several rules", ("table",))
        return None
    return Cells(rows[0], [row for row in rows[1:] if _as_long(row, rows[0], problems)], sha256)


def _as_long(row: list[Cell], head: list[Cell], problems: Problems) -> bool:
    if len(row) != len(head):
        message = f"this row has {len(row)} cells; the table has {len(head)} columns"
        problems.add(
            "P605", message, "fill the missing cells with -, or delete the extra ones", row[0].span, row[0].excerpt
        )
    return len(row) == len(head)


def _from_list(document: Document, given: object, problems: Problems) -> list[list[Cell]]:
    columns = given.get("columns") if isinstance(given, dict) else None
    rows = given.get("rows") if isinstance(given, dict) else None
    if not isinstance(columns, list) or not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        hint = (
            "write 'columns' with the headings and 'rows' with a list for each case, or the name of a CSV or XLSX file"
        )
        place(problems, document, "P601", "a table needs columns and rows", hint, ("table",))
        return []
    places = [("columns",), *(("rows", index) for index in range(len(rows)))]
    return [
        [_listed(document, value, ("table", *where, index)) for index, value in enumerate(row)]
        for where, row in zip(places, [columns, *rows], strict=True)
        if row
    ]


def _listed(document: Document, value: object, location: tuple[str | int, ...]) -> Cell:
    span = document.span(location)
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return Cell(text.lower() if isinstance(value, bool) else text.strip(), span, document.excerpt(span))


def _from_file(
    document: Document, rule: Path, root: Path, given: str, problems: Problems
) -> tuple[list[list[Cell]], str]:
    path = rule.parent / given
    if Path(given).name != given or not given.lower().endswith((".csv", ".xlsx")):
        hint = "name a file that stands beside the rule file, such as cases.csv or cases.xlsx"
        place(problems, document, "P602", "a table stands in a file in the folder of its rule", hint, ("table",))
        return [], ""
    if path.is_symlink() and not inside(path, root):
        leads_out(path, problems)
        return [], ""
    try:
        unsaved = open_texts()
        octets = None if unsaved is None else unsaved.octets(path)
        data = read_octets(path) if octets is None else octets
        rows = _rows(path, data)
    except InputError as error:
        problems.extend(problem for problem in error.problems if isinstance(problem.span, CellSpan))
        for problem in error.problems:
            if not isinstance(problem.span, CellSpan):
                place(problems, document, "P602", f"{path.name}: {problem.message}", problem.hint, ("table",))
        return [], ""
    if not rows:
        place(problems, document, "P601", f"the table {path.name} is empty", "write headings and cases", ("table",))
    return rows, hashlib.sha256(data).hexdigest()


def _rows(path: Path, data: bytes) -> list[list[Cell]]:
    if path.suffix.lower() == ".csv":
        return list(_csv(str(path), decode(path, data)))
    from policyengine.rulebook.table_workbook import workbook_rows

    return workbook_rows(str(path), data)


def _csv(name: str, text: str) -> Iterator[list[Cell]]:
    """The rows of a CSV text, parted by comma or semicolon, empty ones left out; cells know where they stand."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    parted_by = ";" if lines[0].count(";") > lines[0].count(",") else ","
    number = 0
    while number < len(lines):
        first, line = number, lines[number]
        # A quote that is open at the end of a line goes on in the next one.
        while line.count('"') % 2 and number + 1 < len(lines) and number - first < 20:
            number += 1
            line += "\n" + lines[number]
        number += 1
        if line.replace(parted_by, "").strip():
            yield list(_fields(name, first + 1, line, parted_by))


def _fields(name: str, number: int, line: str, parted_by: str) -> Iterator[Cell]:
    start, quoted = 0, False
    for index, char in enumerate(line + parted_by):
        quoted ^= char == '"'
        if char == parted_by and (not quoted or index == len(line)):
            raw = line[start:index]
            text = raw.strip()
            if text.startswith('"') and text.endswith('"') and len(text) > 1:
                text = text[1:-1].replace('""', '"').strip()
            yield Cell(
                text, Span(name, number, start + 1, number, max(index, start + 1) + 1), line.split("\n", maxsplit=1)[0]
            )
            start = index + 1
