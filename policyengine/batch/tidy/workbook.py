"""Tables as one Excel workbook: a sheet that explains all columns, then a sheet for each table.

The only importer of XlsxWriter. Rows go to the disk as they come; a table with more rows than a sheet has room for
goes on in a next one. Nothing in the file says when it was made, so the same rows give the same bytes.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

from policyengine.batch.tidy.columns import FORMAT, Row, Table
from policyengine.batch.tidy.forms import BOOK, SCRATCH
from policyengine.batch.tidy.neutral import neutral
from policyengine.source import whole_file

try:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import XlsxWriterException
    from xlsxwriter.worksheet import Worksheet
except ImportError as error:  # pragma: no cover - the extra is installed wherever tests run
    message = "workbooks need XlsxWriter: pip install 'layered-policyengine[xlsx]'"
    raise ImportError(message) from error

MOST_ROWS: Final = 1_048_575
"""Rows of one sheet below its headings."""
_EXPLAINED: Final = "columns"
_LONG_AGO: Final = datetime(1980, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_LIKE_AN_ESCAPE: Final = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_CONTROL: Final = re.compile("[\x01-\x08\x0b-\x1f]")
_LEAST_WIDTH, _MOST_WIDTH, _TEXT_WIDTH = 10, 30, 16


class _Sheet(Worksheet):  # type: ignore[misc]  # it has no types
    """A sheet that escapes each underscore that begins what is read as an escape.

    XlsxWriter forgets one that also ends another: it writes `_x0041_x0042_` as what is read as `_x0041B`.
    """

    @staticmethod
    def _escape_control_characters(data: Any) -> Any:
        if not isinstance(data, str):
            return data
        return _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", _LIKE_AN_ESCAPE.sub("_x005F_", data))


class WorkbookFile:
    """Takes rows of tables, each on its own sheets."""

    def __init__(self, book: Any, tables: Sequence[Table]) -> None:
        """Take an open workbook."""
        self._book = book
        self._bold = book.add_format({"bold": True})
        self._parts: dict[str, list[Any]] = {}
        self._next: dict[str, int] = {}
        self._explain(tables)
        for table in tables:
            self._begin(table)

    @classmethod
    @contextmanager
    def begun(cls, folder: Path, tables: Sequence[Table]) -> Iterator[Self]:
        """A workbook that takes its place when all is well; raises OSError."""
        scratch = folder / SCRATCH
        scratch.mkdir()
        try:
            with whole_file(folder / BOOK) as file:
                book = Workbook(file, {"constant_memory": True, "tmpdir": str(scratch), "use_zip64": True})
                book.set_properties({"created": _LONG_AGO, "comments": FORMAT})
                try:
                    yield cls(book, tables)
                except BaseException:
                    _give_up(book)
                    raise
        finally:
            shutil.rmtree(scratch, ignore_errors=True)

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Write rows of one table."""
        for row in rows:
            if self._next[table.name] > MOST_ROWS:
                self._begin(table)
            sheet, number = self._parts[table.name][-1], self._next[table.name]
            for place, value in enumerate(row):
                _put(sheet, number, place, value)
            self._next[table.name] = number + 1

    def finish(self) -> None:
        """Put the sheets together; raises OSError."""
        try:
            self._book.close()
        except XlsxWriterException as error:
            _give_up(self._book)
            # It wraps what the system said.
            cause = error.args[0] if error.args else error
            raise cause if isinstance(cause, OSError) else OSError(str(cause)) from error

    def _begin(self, table: Table) -> None:
        """The next sheet of a table, with its headings."""
        before = self._parts.setdefault(table.name, [])
        sheet = self._book.add_worksheet(f"{table.name} {len(before) + 1}" if before else table.name, _Sheet)
        before.append(sheet)
        self._next[table.name] = 1
        sheet.freeze_panes(1, 1)
        for place, column in enumerate(table.columns):
            wide = max(len(column.name) + 2, _TEXT_WIDTH if column.kind == "text" else _LEAST_WIDTH)
            sheet.set_column(place, place, wide)
        for place, column in enumerate(table.columns):
            sheet.write_string(0, place, column.name, self._bold)

    def _explain(self, tables: Sequence[Table]) -> None:
        sheet = self._book.add_worksheet(_EXPLAINED)
        sheet.freeze_panes(1, 0)
        for place, wide in enumerate((_TEXT_WIDTH, _TEXT_WIDTH, _LEAST_WIDTH, _MOST_WIDTH, 4 * _MOST_WIDTH)):
            sheet.set_column(place, place, wide)
        rows = [("table", "column", "type", "unit", "meaning", "empty means")]
        rows += [(table.name, "", "", "", f"One row: {table.a_row_is}", "") for table in tables]
        rows += [(t.name, c.name, c.kind, c.unit, c.means, c.empty) for t in tables for c in t.columns]
        for number, row in enumerate(rows):
            for place, value in enumerate(row):
                _put(sheet, number, place, value or None)


def _put(sheet: Any, number: int, place: int, value: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(number, place, neutral(value))
    elif isinstance(value, bool):
        sheet.write_boolean(number, place, value)
    elif value is not None:
        sheet.write_number(number, place, value)


def _give_up(book: Any) -> None:
    """Let go of a workbook that will not be finished; it would try once more when it is forgotten."""
    book.fileclosed = True
    for sheet in book.worksheets():
        sheet.row_data_fh.close()
