"""A decision table: one rule file whose cases are the rows of a table, each of them an ordinary rule."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from policyengine.domain.reading import Location, place, read_model
from policyengine.errors import Problems, Span, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.rule_file import RuleFile
from policyengine.rulebook.table_cells import Cell, read_cells
from policyengine.source import Document

_OWN = ("case", "claim", "note")
_EFFECT = re.compile(r"(score|favour|bar|mark)\s+([A-Za-z0-9_.\-]+)|(caution|measure)")
_OPERATOR = re.compile(r"(>=|<=|==|!=|>|<|not in\b|in\b)")
_ENDS = re.compile(r"(.*\S)\s*(>=|<=|==|!=|>|<|\bnot in|\bin)")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_COLUMN = re.compile(r"\bcolumn\.([a-z][a-z0-9_]*)")
_NAMED = re.compile(r"[a-z][a-z0-9_]*")
_ANY = ("", "-", "any")
_YES, _NO = ("yes", "true", "x"), ("no", "false")


def has_table(document: Document) -> bool:
    """Whether a rule file gives its cases as a table."""
    data = document.plain()
    return isinstance(data, dict) and "table" in data


class RowDocument(Document):
    """One row as if it were a rule file: its fields stand in cells, or in the file of the table."""

    def __init__(self, of: Document, data: dict[str, Any], sha256: str, row: list[Cell]) -> None:
        """Hold a row together with the rule file that it belongs to."""
        self.name, self.flaws, self.root, self.sha256 = of.name, of.flaws[:0], of.root, sha256
        self.data = data
        self.cells: dict[Location, Cell] = {}
        self.pieces: list[tuple[int, int, Cell | None]] = []
        self.examples: dict[Location, int] = {}
        self._of, self._row = of, row
        self._excerpts = {cell.span: cell.excerpt for cell in row}

    @property
    def text(self) -> str:
        """The text of the rule file."""
        return self._of.text

    def plain(self) -> Any:
        """The row as a rule."""
        return self.data

    def span(self, location: Location, *, key: bool = False) -> Span:
        """The cell that a value comes from, else its place in the rule file."""
        for end in range(len(location), 0, -1):
            if location[:end] in self.cells:
                return self._at(self.cells[location[:end]])
        if location[:1] in (("rule",), ("when",)):
            return self._at(self._row[0])
        place_of = self.examples.get(location[:3])
        return self._of.span(location if place_of is None else (*location[:2], place_of, *location[3:]), key=key)

    def text_span(self, location: Location, start: int, end: int) -> Span:
        """The cell that a part of the condition comes from, or the characters of the common condition."""
        if location != ("when",):
            return self.span(location)
        first, _, cell = next((piece for piece in self.pieces if piece[0] <= start < piece[1]), (0, 0, self._row[0]))
        return self._of.text_span(("when",), start - first, end - first) if cell is None else self._at(cell)

    def excerpt(self, span: Span) -> str:
        """The line of a cell, or of the rule file."""
        return self._excerpts.get(span) or self._of.excerpt(span)

    def _at(self, cell: Cell) -> Span:
        self._excerpts[cell.span] = cell.excerpt
        return cell.span


def rows_of(document: Document, path: Path, root: Path, problems: Problems) -> list[tuple[RowDocument, RuleFile, str]]:
    """The rows of a table as rules, each with the name of its case; mistakes are told once."""
    found = Problems()
    table = read_cells(document, path, root, found)
    rules = []
    if table is not None and _headings(document, table.head, found):
        sha256 = hashlib.sha256(f"{document.sha256} {table.sha256}".encode()).hexdigest()
        names: dict[str, Cell] = {}
        for number, row in enumerate(table.rows, 1):
            cells = dict(zip((cell.text for cell in table.head), row, strict=True))
            made = _row(document, table.head, row, cells, sha256)
            case = cells["case"].text if "case" in cells and cells["case"].text else f"case-{number}"
            if names.setdefault(case, row[0]) is not row[0]:
                found.add("P606", f"the case {quoted(case)} is given twice", "rename one", row[0].span, row[0].excerpt)
            made.data["rule"] = f"{document.plain()['rule']}-{case}"  # type: ignore[index, call-overload]
            _examples(made, case)
            file = read_model(made, RuleFile, "P", found) if len(found) == 0 or made.data["then"] else None
            rules += [] if file is None else [(made, file, case)]
        _examples_of_no_row(document, list(names), found)
    problems.extend(dict.fromkeys(found.items))
    return rules


def _headings(document: Document, head: list[Cell], problems: Problems) -> bool:
    before = len(problems)
    seen: set[str] = set()
    data: Any = document.plain()
    for cell in head:
        if cell.text in seen:
            problems.add(
                "P604", f"the column {quoted(cell.text)} is given twice", "rename one", cell.span, cell.excerpt
            )
        known = _NAMED.fullmatch(cell.text) or _EFFECT.fullmatch(cell.text) or "." in cell.text
        if not known:
            hint = "write a condition (threat.severity >=), an effect (score LAYER), or a name for 'then' to use"
            problems.add("P603", f"the heading {quoted(cell.text)} means nothing here", hint, cell.span, cell.excerpt)
        seen.add(cell.text)
    for name in dict.fromkeys(_COLUMN.findall(str(data.get("then", "")))):
        if name not in seen:
            place(
                problems,
                document,
                "P603",
                f"the table has no column {quoted(name)}",
                near_or_list(name, seen),
                ("then",),
            )
    if not isinstance(data.get("rule"), str):
        place(problems, document, "P103", '"rule" is missing', "name the rule like its file", ())
    elif data["rule"] != Path(document.name).stem:
        place(problems, document, "P201", "the rule has another name than its file", "name it like the file", ("rule",))
    return len(problems) == before


def _row(document: Document, head: list[Cell], row: list[Cell], cells: Mapping[str, Cell], sha256: str) -> RowDocument:
    data: dict[str, Any] = {key: value for key, value in document.plain().items() if key != "table"}  # type: ignore[union-attr]
    made = RowDocument(document, data, sha256, row)
    if cells.get("claim") and cells["claim"].text not in _ANY:
        data["claim"], made.cells[("claim",)] = cells["claim"].text, cells["claim"]
    _when(made, head, row)
    given: Any = data.get("then", [])
    data["then"] = []
    for entry in given if isinstance(given, list) else [given]:
        _filled(made, entry, cells)
    for heading, cell in zip(head, row, strict=True):
        _effect(made, heading.text, cell)
    return made


def _when(made: RowDocument, head: list[Cell], row: list[Cell]) -> None:
    text = ""
    common = str(made.data.get("when", "")).rstrip()
    if common:
        text = f"({common})"
        made.pieces.append((1, len(text), None))
    for heading, cell in zip(head, row, strict=True):
        if "." in heading.text and not _EFFECT.fullmatch(heading.text) and cell.text.lower() not in _ANY:
            text += " and " if text else ""
            start = len(text)
            name, told = _condition(heading.text, cell.text)
            text += told
            made.pieces += [(start, start + len(name), heading), (start + len(name), len(text) + 1, cell)]
    made.data["when"] = text or "True"


def _condition(heading: str, text: str) -> tuple[str, str]:
    """The left side of a comparison, and the whole."""
    ends = _ENDS.fullmatch(heading)
    begins = _OPERATOR.match(text)
    if ends:
        name, operator, values = ends[1], ends[2], text
    elif begins:
        name, operator, values = heading, begins[1], text[begins.end() :].strip()
    elif text.lower() in (*_YES, *_NO):
        return heading, heading if text.lower() in _YES else f"not {heading}"
    else:
        name, operator, values = heading, "in" if "," in text else "==", text
    parts = [_value(part.strip()) for part in values.strip("()").split(",") if part.strip()]
    if operator in ("in", "not in"):
        if len(parts) > 1:
            return name, f"{name} {operator} ({', '.join(parts)})"
        operator = "==" if operator == "in" else "!="
    return name, f"{name} {operator} {', '.join(parts)}"


def _value(text: str) -> str:
    """A word in quotes; a number, a name with a point or an expression as it is."""
    return f'"{text}"' if _WORD.fullmatch(text) and not _NUMBER.fullmatch(text) else text


def _filled(made: RowDocument, entry: Any, cells: Mapping[str, Cell]) -> None:
    """An entry of `then` with the cells of the row; without an entry if one of them is empty."""
    location: Location = ("then", len(made.data["then"]))
    filled = dict(entry) if isinstance(entry, dict) else {}
    for key, value in filled.items():
        used = [cells[name] for name in _COLUMN.findall(value)] if isinstance(value, str) else []
        if any(cell.text.lower() in _ANY for cell in used):
            return
        if used:
            filled[key] = _COLUMN.sub(lambda found: cells[found[1]].text, value)
            made.cells[(*location, key)] = used[0]
    made.data["then"].append(filled if isinstance(entry, dict) else entry)


def _effect(made: RowDocument, heading: str, cell: Cell) -> None:
    found = _EFFECT.fullmatch(heading)
    if not found or cell.text.lower() in (*_ANY, *_NO):
        return
    kind, target = found[1] or found[3], found[2] or cell.text
    entry = {kind: target}
    if kind in ("score", "favour"):
        entry["points"] = cell.text
    if kind == "bar":
        entry["from"] = "layer" if cell.text.lower() in _YES else cell.text
    made.cells[("then", len(made.data["then"]))] = cell
    made.data["then"].append(entry)


def _examples(made: RowDocument, case: str) -> None:
    """The examples that name this row."""
    given = made.data.get("examples")
    if not isinstance(given, dict):
        return
    kept: dict[str, Any] = {}
    for kind, examples in given.items():
        kept[kind] = []
        for index, example in enumerate(examples if isinstance(examples, list) else ()):
            if isinstance(example, dict) and example.get("row") == case:
                made.examples["examples", kind, len(kept[kind])] = index
                kept[kind].append({key: value for key, value in example.items() if key != "row"})
    made.data["examples"] = kept


def _examples_of_no_row(document: Document, cases: list[str], problems: Problems) -> None:
    for location, row in _named_rows(document):
        if row not in cases:
            message = f"the table has no row {quoted(row)}" if row else "an example of a table says which row it is of"
            place(problems, document, "P610", message, f"{near_or_list(row, cases)}; write row: NAME", location)


def _named_rows(document: Document) -> Iterator[tuple[Location, str]]:
    data: Any = document.plain()
    examples = data.get("examples")
    for kind, given in examples.items() if isinstance(examples, dict) else ():
        for index, example in enumerate(given if isinstance(given, list) else ()):
            if isinstance(example, dict):
                yield ("examples", kind, index), str(example.get("row", ""))
