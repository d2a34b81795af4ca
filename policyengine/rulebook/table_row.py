"""One row of a decision table as an ordinary rule file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from policyengine.domain.reading import Location
from policyengine.errors import Problems, Span, quoted
from policyengine.rulebook.table_cells import Cell
from policyengine.rulebook.table_conditions import NO, YES, condition, is_open, unfit
from policyengine.source import Document

EFFECT = re.compile(r"(score|favour|bar|mark)\s+([A-Za-z0-9_.\-]+)|(caution|measure)")
"""A heading whose cells are effects."""
COLUMN = re.compile(r"\bcolumn\.([a-z][a-z0-9_]*)")
"""The name of a column, as an effect uses it."""


class Piece(NamedTuple):
    """A piece of a condition, from `start` up to `end`, with its cell; None for the condition that all rows share."""

    start: int
    end: int
    cell: Cell | None


class RowDocument(Document):
    """One row as if it were a rule file: its fields stand in cells, or in the file of the table."""

    def __init__(self, of: Document, sha256: str, row: Sequence[Cell]) -> None:
        """Hold a row together with the rule file that it belongs to."""
        self.name, self.flaws, self.root, self.sha256 = of.name, of.flaws[:0], of.root, sha256
        plain: Any = of.plain()
        self.data: dict[str, Any] = {key: value for key, value in plain.items() if key != "table"}
        self.cells: dict[Location, Cell] = {}
        self.pieces: list[Piece] = []
        self._of, self._first = of, row[0]
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
        made = location[:1] == ("when",) and isinstance(self.data.get("when"), str)
        if made or location[:1] == ("rule",):
            return self._at(self._first)
        return self._of.span(location, key=key)

    def text_span(self, location: Location, start: int, end: int) -> Span:
        """The cell that a part of the condition comes from, or the characters of the common condition."""
        if location != ("when",):
            return self.span(location)
        end = max(end, start + 1)
        first, _, cell = self._piece([piece for piece in self.pieces if piece[0] < end and start < piece[1]])
        return self._of.text_span(("when",), start - first, end - first) if cell is None else self._at(cell)

    def _piece(self, met: list[Piece]) -> Piece:
        """Where to point for pieces of the condition: a comparison stands in its cell, more in the row as a whole."""
        one_column = len(met) == 2 and met[0].end == met[1].start
        return met[-1] if len(met) == 1 or one_column else Piece(0, 0, self._first)

    def excerpt(self, span: Span) -> str:
        """The line of a cell, or of the rule file."""
        return self._excerpts.get(span) or self._of.excerpt(span)

    def _at(self, cell: Cell) -> Span:
        self._excerpts[cell.span] = cell.excerpt
        return cell.span


def row_document(
    document: Document, head: Sequence[Cell], row: Sequence[Cell], sha256: str, problems: Problems
) -> RowDocument:
    """A row as a rule file without a name; cells that their column cannot hold go to the problems."""
    made = RowDocument(document, sha256, row)
    cells = {heading.text: cell for heading, cell in zip(head, row, strict=True)}
    if "claim" in cells and not is_open(cells["claim"]):
        made.data["claim"], made.cells[("claim",)] = cells["claim"].text, cells["claim"]
    if isinstance(made.data.get("when", ""), str):
        _when(made, head, row, problems)
    given: Any = made.data.get("then", [])
    made.data["then"] = []
    for entry in given if isinstance(given, list) else [given]:
        _filled(made, entry, cells)
    for heading, cell in zip(head, row, strict=True):
        _effect(made, heading.text, cell, problems)
    if not made.data["then"]:
        message, hint = "this row has no effect", "fill in a cell of an effect, or take the row out"
        problems.add("P607", message, hint, row[0].span, row[0].excerpt)
    return made


def _when(made: RowDocument, head: Sequence[Cell], row: Sequence[Cell], problems: Problems) -> None:
    text = ""
    common = str(made.data.get("when", "")).rstrip()
    if common:
        # The line end closes a comment, should there be one.
        text = f"({common}\n)" if "#" in common else f"({common})"
        made.pieces.append(Piece(1, len(text), None))
    for heading, cell in zip(head, row, strict=True):
        if "." not in heading.text or EFFECT.fullmatch(heading.text) or is_open(cell):
            continue
        wrong = unfit(cell.text)
        if wrong:
            problems.add("P609", *wrong, cell.span, cell.excerpt)
            continue
        text += " and " if text else ""
        part, start = condition(heading.text, cell.text), len(text)
        text += part.text
        begun = start + len(part.heading)
        made.pieces += [Piece(start, begun, heading), Piece(begun, len(text) + 1, cell)]
    made.data["when"] = text or "True"


def _filled(made: RowDocument, entry: Any, cells: Mapping[str, Cell]) -> None:
    """An entry of `then` with the cells of the row; without an entry if one of them is empty."""
    location: Location = ("then", len(made.data["then"]))
    filled = dict(entry) if isinstance(entry, dict) else {}
    for key, value in filled.items():
        used = [cells[name] for name in COLUMN.findall(value)] if isinstance(value, str) else []
        if any(is_open(cell) for cell in used):
            return
        if used:
            filled[key] = COLUMN.sub(lambda found: cells[found[1]].text, value)
            made.cells[(*location, key)] = used[0]
    made.data["then"].append(filled if isinstance(entry, dict) else entry)


def _effect(made: RowDocument, heading: str, cell: Cell, problems: Problems) -> None:
    found = EFFECT.fullmatch(heading)
    if not found or is_open(cell) or cell.text.lower() in NO:
        return
    kind, target = found[1] or found[3], found[2] or cell.text
    entry = {kind: target}
    if kind in ("score", "favour"):
        entry["points"] = cell.text
        wrong = unfit(cell.text)
        if wrong:
            problems.add("P609", *wrong, cell.span, cell.excerpt)
            return
    if kind == "bar":
        entry["from"] = "layer" if cell.text.lower() in YES else cell.text
    if kind == "mark" and cell.text.lower() not in YES:
        message = f"a mark is set or not, so {quoted(cell.text)} means nothing here"
        problems.add("P609", message, "write yes, or leave the cell empty", cell.span, cell.excerpt)
    made.cells[("then", len(made.data["then"]))] = cell
    made.data["then"].append(entry)
