"""Rows that need not outlive the process, on the disk: what is held in memory of them does not grow.

The only importer of sqlite3. The file has no name, so that nothing is left of it however the process ends.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from weakref import finalize

_CACHE_KIB: Final = 256
Row = tuple[Any, ...]


class Scratch:
    """A database of this process alone. Texts go in as `octets`: a path may hold what is no Unicode."""

    def __init__(self, *statements: str) -> None:
        """Make its tables; raises OSError, as all else does, where the disk does not take them."""
        with _told():
            self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._closing = finalize(self, self._database.close)
        for statement in (f"PRAGMA cache_size=-{_CACHE_KIB}", "PRAGMA journal_mode=OFF", *statements):
            self.run(statement)

    def run(self, statement: str, *values: object) -> None:
        """Carry out a statement that gives nothing."""
        with _told():
            self._database.execute(statement, values)

    def many(self, statement: str, rows: Iterable[Row]) -> None:
        """Carry out a statement for each of these rows."""
        with _told():
            self._database.executemany(statement, rows)

    def first(self, statement: str, *values: object) -> Row | None:
        """The first row that is found."""
        with _told():
            found: Row | None = self._database.execute(statement, values).fetchone()
            return found

    def rows(self, statement: str, *values: object) -> Iterator[Row]:
        """All rows that are found, one at a time; meanwhile the tables must not be changed."""
        with _told():
            yield from self._database.execute(statement, values)

    def close(self) -> None:
        """Let go of the disk."""
        self._closing()


def octets(text: str) -> bytes:
    """A text as it is kept; they are in the order of the texts."""
    return text.encode("utf-8", "surrogatepass")


def text_of(kept: bytes) -> str:
    """The text that was kept."""
    return kept.decode("utf-8", "surrogatepass")


@contextmanager
def _told() -> Iterator[None]:
    """What keeps a database from being written is a matter of the disk, as with any other file."""
    try:
        yield
    except sqlite3.OperationalError as error:
        full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
        number = errno.ENOSPC if full else errno.EIO
        raise OSError(number, f"{os.strerror(number)} (for the plan of the batch, in the folder of TMPDIR)") from error
