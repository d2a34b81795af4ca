"""A decision table: one rule file whose cases are the rows of a table, each of them an ordinary rule."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policyengine.domain.reading import Location, place, read_model
from policyengine.errors import Problems, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.rule_file import Examples, RuleFile
from policyengine.rulebook.table_cells import Cell, Cells, read_cells
from policyengine.rulebook.table_conditions import stands_alone
from policyengine.rulebook.table_row import COLUMN, EFFECT, RowDocument, row_document
from policyengine.source import Document

__all__ = ["RowDocument", "has_table", "rows_of"]

_NAMED = re.compile(r"[a-z][a-z0-9_]*")
_CASE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

Row = tuple[RowDocument, RuleFile, str]
"""A row as a rule, with the name of its case."""


def has_table(document: Document) -> bool:
    """Whether a rule file gives its cases as a table."""
    data = document.plain()
    return isinstance(data, dict) and "table" in data


def rows_of(document: Document, path: Path, root: Path, problems: Problems) -> list[Row]:
    """The rows of a table as rules, each with the name of its case; mistakes are told once."""
    found = Problems()
    table = read_cells(document, path, root, found)
    rows: list[Row] = []
    if table is not None and _headings(document, table.head, found):
        rows = _rows(document, table, found)
    problems.extend(dict.fromkeys(found.items))
    return rows


def _rows(document: Document, table: Cells, problems: Problems) -> list[Row]:
    sha256 = hashlib.sha256(f"{document.sha256} {table.sha256}".encode()).hexdigest()
    data: Any = document.plain()
    examples = _examples(data)
    rows: list[Row] = []
    names: set[str] = set()
    for number, row in enumerate(table.rows, 1):
        case, cell = _case(table.head, row, number)
        twice = case in names
        if twice or not _CASE.fullmatch(case):
            wrong = ("P606", f"the case {quoted(case)} is given twice", "rename one")
            if not twice:
                hint = "use small letters, digits and hyphens, as in mild-case"
                wrong = ("P609", f"{quoted(case)} cannot be the name of a case", hint)
            problems.add(*wrong, cell.span, cell.excerpt)
        names.add(case)
        made = row_document(document, table.head, row, sha256, problems)
        made.data["rule"] = f"{data['rule']}-{case}"
        if rows:  # what holds for all rows is read with the first
            made.data.pop("examples", None)
        file = read_model(made, RuleFile, "P", problems) if made.data["then"] and _CASE.fullmatch(case) else None
        rows += [] if file is None or twice else [(made, file.model_copy(update={"examples": examples}), case)]
    if all(problem.code != "P605" for problem in problems.items):  # a row of the wrong length has no name that counts
        _examples_of_no_row(document, sorted(names), problems)
    return rows


def _case(head: Sequence[Cell], row: Sequence[Cell], number: int) -> tuple[str, Cell]:
    """The name of the case of a row, and the cell in which it stands."""
    named = next((cell for heading, cell in zip(head, row, strict=True) if heading.text == "case"), row[0])
    given = named is not row[0] or head[0].text == "case"
    return (named.text if given and named.text else f"case-{number}"), named


def _examples(data: Any) -> Examples:
    """The examples of a table; what is wrong with them is told by whoever reads the first row."""
    try:
        return Examples.model_validate(data.get("examples", {}))
    except ValidationError:
        return Examples()


def _headings(document: Document, head: list[Cell], problems: Problems) -> bool:
    before = len(problems)
    seen: set[str] = set()
    for cell in head:
        if cell.text in seen:
            message = f"the column {quoted(cell.text)} is given twice"
            problems.add("P604", message, "rename one", cell.span, cell.excerpt)
        known = _NAMED.fullmatch(cell.text) or EFFECT.fullmatch(cell.text) or "." in cell.text
        if not known or not stands_alone(cell.text):
            hint = "write a condition (threat.severity >=), an effect (score LAYER), or a name for 'then' to use"
            problems.add("P603", f"the heading {quoted(cell.text)} means nothing here", hint, cell.span, cell.excerpt)
        seen.add(cell.text)
    data: Any = document.plain()
    for name in dict.fromkeys(COLUMN.findall(str(data.get("then", "")))):
        if name not in seen:
            message = f"the table has no column {quoted(name)}"
            place(problems, document, "P603", message, near_or_list(name, seen), ("then",))
    if not isinstance(data.get("rule"), str):
        place(problems, document, "P103", '"rule" is missing', "name the rule like its file", ())
    elif data["rule"] != Path(document.name).stem:
        place(problems, document, "P201", "the rule has another name than its file", "name it like the file", ("rule",))
    return len(problems) == before


def _examples_of_no_row(document: Document, cases: list[str], problems: Problems) -> None:
    for location, row in _named_rows(document):
        if row not in cases:
            hint = f"{near_or_list(row, cases)}; without 'row', the example is of the table as a whole"
            place(problems, document, "P610", f"the table has no row {quoted(row)}", hint, location)


def _named_rows(document: Document) -> Iterator[tuple[Location, str]]:
    data: Any = document.plain()
    examples = data.get("examples")
    for kind, given in examples.items() if isinstance(examples, dict) else ():
        for index, example in enumerate(given if isinstance(given, list) else ()):
            if isinstance(example, dict) and "row" in example:
                yield ("examples", kind, index, "row"), str(example["row"])
