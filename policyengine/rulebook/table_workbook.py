"""The cells of a decision table in a workbook (XLSX), as they were typed. Only here is openpyxl known."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from datetime import date, time, timedelta
from io import BytesIO
from typing import Any

from policyengine.errors import CellSpan, InputError, Problems, Span
from policyengine.rulebook.table_cells import MOST_COLUMNS, MOST_ROWS, Cell
from policyengine.rulebook.workbook_parts import Layout, Parts, letters, parts_of, refused

MOST_TEXT = 4_000
"""So many characters may stand in one cell."""


def workbook_rows(name: str, data: bytes) -> list[list[Cell]]:
    """The rows of the first sheet of a workbook, empty ones left out; raises InputError with what cannot be used."""
    parts = parts_of(data)
    _check_size(parts)
    problems = Problems()
    for row, column, message, hint in _hidden(parts.layout):
        problems.add("P611", message, hint, _span(name, parts.title, row, column))
    rows = [list(_cells(name, parts.title, number, row, problems)) for number, row in enumerate(_read(parts), 1)]
    if problems.items:
        raise InputError(problems.items)
    rows = [row for row in rows if any(cell.text for cell in row)]
    width = _used(rows[0]) if rows else 0
    return [row[: max(width, _used(row))] for row in rows]


def _used(row: list[Cell]) -> int:
    return max((place for place, cell in enumerate(row, 1) if cell.text), default=0)


def _check_size(parts: Parts) -> None:
    rows, columns = parts.layout.rows, parts.layout.columns
    if rows > MOST_ROWS + 1 or columns > MOST_COLUMNS:
        used = f"the sheet '{parts.title}' goes on to row {rows:,}, column {columns:,}"
        message = f"{used}; at most {MOST_ROWS:,} rows below the headings and {MOST_COLUMNS} columns are read"
        raise refused(message, "delete what is not part of the table, or split it into several rules")


def _hidden(layout: Layout) -> Iterator[tuple[int, int, str, str]]:
    """Whatever shows something else than what the cells hold: merged cells, hidden rows and columns."""
    for row, column, cells in layout.merged:
        yield row, column, f"the cells {cells} are merged", "part them, and write the value into each of them"
    for row in layout.hidden_rows:
        yield row, 1, f"row {row} is hidden", "show it, or delete it"
    for column in layout.hidden_columns:
        yield 1, column, f"column {letters(column)} is hidden", "show it, or delete it"


def _read(parts: Parts) -> list[list[Any]]:
    """The cells as openpyxl has them: a value and its kind."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        message = "a workbook is read with the library openpyxl, which is not installed"
        raise refused(message, "pip install 'layered-policyengine[xlsx]', or save the sheet as CSV") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what it cannot keep is of no use here
            book = load_workbook(BytesIO(parts.archive), read_only=True, keep_links=False)
            rows = book.worksheets[0].iter_rows(max_row=parts.layout.rows, max_col=parts.layout.columns)
            found = [[(cell.value, cell.data_type) for cell in row] for row in rows]
            book.close()
    except Exception:  # noqa: BLE001 - the library raises whatever a broken file makes it meet
        raise refused("this is no Excel workbook that can be read") from None
    return found


def _cells(name: str, title: str, number: int, row: Iterable[Any], problems: Problems) -> Iterator[Cell]:
    for place, (value, kind) in enumerate(row, 1):
        span = _span(name, title, number, place)
        wrong = _wrong(value, kind)
        if wrong:
            problems.add("P611", *wrong, span)
        yield Cell("" if wrong else _text(value), span, "")


def _wrong(value: Any, kind: str) -> tuple[str, str] | None:
    """Why a cell cannot be used, and what to do."""
    if kind == "f":
        return "this cell holds a formula, and nothing is calculated here", "put its value in its place"
    if kind == "e":
        return f"this cell holds the error {value}", "put a value in its place"
    if isinstance(value, date | time | timedelta):
        return "this cell holds a date or a time, which no fact is", "format it as text, or write a number"
    if isinstance(value, str) and len(value) > MOST_TEXT:
        return f"this cell holds more than {MOST_TEXT:,} characters", "shorten it"
    return None


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.15g}"
    return "" if value is None else str(value).strip()


def _span(name: str, title: str, row: int, column: int) -> Span:
    return CellSpan(name, row, column, row, column + 1, f"{title}!{letters(column)}{row}")
