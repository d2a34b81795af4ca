"""Tables as CSV: UTF-8, a comma between, one file for each table.

Null is an empty cell. Texts are quoted where they have to be, and harmless for programs that calculate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, Final, Self

from policyengine.batch.tidy.columns import Row, Table, Value
from policyengine.batch.tidy.neutral import neutral
from policyengine.source import whole_file

_TO_QUOTE: Final = re.compile('[",\r\n]')
_REMEMBERED: Final = 2_000


class CsvFiles:
    """Takes rows of tables, each in its own file."""

    def __init__(self, files: dict[str, BinaryIO]) -> None:
        """Take open files by the names of their tables."""
        self._files = files

    @classmethod
    @contextmanager
    def begun(cls, folder: Path, tables: Sequence[Table]) -> Iterator[Self]:
        """Files that take their places when all is well."""
        with ExitStack() as stack:
            files = {table.name: stack.enter_context(whole_file(folder / f"{table.name}.csv")) for table in tables}
            for table in tables:
                files[table.name].write(_line([column.name for column in table.columns]))
            yield cls(files)

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Write rows of one table."""
        self._files[table.name].write(b"".join(map(_line, rows)))

    def finish(self) -> None:
        """Nothing is left to be written."""


def _line(row: Sequence[Value]) -> bytes:
    return (",".join(map(_cell, row)) + "\n").encode()


def _cell(value: Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else repr(value)


@lru_cache(_REMEMBERED)
def _quoted(text: str) -> str:
    """A text as it stands in the file; most texts come again and again."""
    shown = neutral(text)
    return '"' + shown.replace('"', '""') + '"' if _TO_QUOTE.search(shown) else shown
