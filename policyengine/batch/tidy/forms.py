"""The formats that tables can be written in. A new one is a class and one line of the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final, Protocol

from policyengine.batch.tidy.columns import Row, Table
from policyengine.errors import InputError, Problem

BOOK: Final = "tables.xlsx"
"""The workbook, which holds all tables."""
SCRATCH: Final = ".workbook"
"""A folder for a workbook in the making; a run that was killed leaves it behind."""


class Files(Protocol):
    """Takes the rows of all tables, scenario by scenario."""

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Take rows of one table."""

    def finish(self) -> None:
        """Write whatever is left; afterwards the files may take their places."""


Begun = Callable[[Path, Sequence[Table]], AbstractContextManager[Files]]


def _csv() -> Begun:
    from policyengine.batch.tidy.csv_files import CsvFiles

    return CsvFiles.begun


def _parquet() -> Begun:
    from policyengine.batch.tidy.parquet_files import ParquetFiles

    return ParquetFiles.begun


def _xlsx() -> Begun:
    from policyengine.batch.tidy.workbook import WorkbookFile

    return WorkbookFile.begun


FORMS: Final[dict[str, Callable[[], Begun]]] = {"csv": _csv, "parquet": _parquet, "xlsx": _xlsx}
"""Each format with what begins its files, by the name that `--format` takes."""


def check_forms(names: Sequence[str]) -> None:
    """Raise InputError if a library is missing that a format needs: before anything is evaluated."""
    try:
        for name in names:
            FORMS[name]()
    except ImportError as error:
        raise InputError([Problem("E304", str(error), "install the extra and run again")]) from error
