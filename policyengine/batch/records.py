"""What became of each file, on the disk from the first moment: a line for each, kept while the batch runs and after it.

While a batch runs, lines are added to a journal; at its end they stand sorted in `results.jsonl`. A line
that a kill cut short is passed over. Where the lines are is not held in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

from policyengine.batch.scratch import Scratch, octets, text_of
from policyengine.source import whole_file

JOURNAL: Final = ".journal.jsonl"
RESULTS: Final = "results.jsonl"
Record = dict[str, Any]


class Records:
    """The records of a folder, and which files earlier runs may have written that nobody may want."""

    def __init__(self, folder: Path, *, resume: bool) -> None:
        """Take over what is there: whole for a run that goes on, else only which files there may be."""
        self._journal = folder / JOURNAL
        self._results = folder / RESULTS
        self._scratch = Scratch(
            "CREATE TABLE places (name BLOB PRIMARY KEY, place INTEGER, length INTEGER) WITHOUT ROWID",
            "CREATE TABLE stale (file BLOB PRIMARY KEY) WITHOUT ROWID",
        )
        with whole_file(self._journal) as fresh:
            for record in chain(_lines(self._results), _lines(self._journal)):
                self.give_up(record["files"])
                self._write(fresh, [record if resume else _bare(record)])
        self._file = self._journal.open("r+b")

    def add(self, record: Record) -> None:
        """Put a record down; it is on its way to the disk when this returns."""
        self.add_all([record])

    def add_all(self, records: Iterable[Record]) -> None:
        """Put several records down; they are on their way to the disk when this returns."""
        self._file.seek(0, 2)
        self._write(self._file, records)
        self._file.flush()

    def _write(self, file: BinaryIO, records: Iterable[Record]) -> None:
        """Write lines at the end of a file, and remember where."""
        place = file.tell()

        def places() -> Iterator[tuple[bytes, int, int]]:
            nonlocal place
            for record in records:
                length = file.write(line_of(record))
                yield octets(record["name"]), place, length
                place += length

        self._scratch.many("INSERT OR REPLACE INTO places VALUES (?, ?, ?)", places())

    def get(self, name: str) -> Record | None:
        """The last record of a name."""
        where = self._scratch.first("SELECT place, length FROM places WHERE name = ?", octets(name))
        if where is None:
            return None
        place, length = where
        self._file.seek(place)
        found: Record = json.loads(self._file.read(length))
        return found

    def give_up(self, files: Iterable[str]) -> None:
        """Nobody may want these files of results."""
        self._scratch.many("INSERT OR IGNORE INTO stale VALUES (?)", ((octets(file),) for file in files))

    def want(self, files: Iterable[str]) -> None:
        """These files are wanted after all."""
        self._scratch.many("DELETE FROM stale WHERE file = ?", ((octets(file),) for file in files))

    def stale(self) -> Iterator[str]:
        """The files that nobody wants, whether they are there or not."""
        return (text_of(file) for (file,) in self._scratch.rows("SELECT file FROM stale"))

    def each(self, names: Iterable[str]) -> Iterator[Record]:
        """The records of these names."""
        return (found for name in names if (found := self.get(name)) is not None)

    def finish(self, names: Iterable[str]) -> None:
        """Put the records of these names in order, and the journal away."""
        with whole_file(self._results) as file:
            for record in self.each(names):
                file.write(line_of(record))
        self.close()
        self._journal.unlink()

    def close(self) -> None:
        """Close the journal; it stays where it is."""
        self._file.close()
        self._scratch.close()


def _bare(record: Record) -> Record:
    return {"name": record["name"], "files": record["files"], "status": "planned"}


def line_of(record: Record) -> bytes:
    """A record as it stands in a file."""
    return json.dumps(record, ensure_ascii=True, sort_keys=True).encode() + b"\n"


def _lines(path: Path) -> Iterator[Record]:
    """The records of a file, one at a time, without what is no record."""
    if not path.is_file():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                record = json.loads(line)
            except ValueError:
                continue
            if isinstance(record, dict) and isinstance(record.get("name"), str):
                files = record.get("files")
                if isinstance(files, dict) and all(isinstance(name, str) for name in files):
                    yield record
