"""What became of each file, on the disk from the first moment: a line for each, kept while the batch runs and after it.

While a batch runs, lines are added to a journal; at its end they stand sorted in `results.jsonl`. A line
that a kill cut short is passed over. Only the places of the lines are held in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, Final

from policyengine.source import whole_file

JOURNAL: Final = ".journal.jsonl"
RESULTS: Final = "results.jsonl"
Record = dict[str, Any]


class Records:
    """The records of a folder. `old` are the files that earlier runs may have written, by their names."""

    def __init__(self, folder: Path, *, resume: bool) -> None:
        """Take over what is there: whole for a run that goes on, else only which files there may be."""
        self._journal = folder / JOURNAL
        self._results = folder / RESULTS
        self._places: dict[str, tuple[int, int]] = {}
        self.old: set[str] = set()
        with whole_file(self._journal) as fresh:
            for record in chain(_lines(self._results), _lines(self._journal)):
                self.old.update(record["files"])
                kept = record if resume else _bare(record)
                line = _line(kept)
                self._places[record["name"]] = fresh.tell(), len(line)
                fresh.write(line)
        self._file = self._journal.open("r+b")

    def add(self, record: Record) -> None:
        """Put a record down; it is on its way to the disk when this returns."""
        self.add_all([record])

    def add_all(self, records: Iterable[Record]) -> None:
        """Put several records down; they are on their way to the disk when this returns."""
        place = self._file.seek(0, 2)
        for record in records:
            line = _line(record)
            self._file.write(line)
            self._places[record["name"]] = place, len(line)
            place += len(line)
        self._file.flush()

    def get(self, name: str) -> Record | None:
        """The last record of a name."""
        if name not in self._places:
            return None
        place, length = self._places[name]
        self._file.seek(place)
        found: Record = json.loads(self._file.read(length))
        return found

    def each(self, names: Iterable[str]) -> Iterator[Record]:
        """The records of these names."""
        return (found for name in names if (found := self.get(name)) is not None)

    def finish(self, names: Iterable[str]) -> None:
        """Put the records of these names in order, and the journal away."""
        with whole_file(self._results) as file:
            for record in self.each(names):
                file.write(_line(record))
        self.close()
        self._journal.unlink()

    def close(self) -> None:
        """Close the journal; it stays where it is."""
        self._file.close()


def _bare(record: Record) -> Record:
    return {"name": record["name"], "files": record["files"], "status": "planned"}


def _line(record: Record) -> bytes:
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
