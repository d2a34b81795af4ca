"""The folder that a batch of tables writes to, wherever it is: every file whole, nothing of other people touched.

A **place** says where; it is plain data that pickles, and whoever evaluates a part writes to it. A **hold** is the run
that has the place, one at a time: it knows what earlier runs left there, and puts everything in order. `Folder` is a
folder of this machine; `batch/remote` has the one of a store. Nothing else knows the two apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from policyengine.batch.folder import TIDY, clear, held, holds, sweep
from policyengine.batch.hashes import hash_of
from policyengine.batch.records import Record, Records
from policyengine.source import whole_file
from policyengine.source.addresses import Address


@dataclass(slots=True)
class Written:
    """A file that is being written; when it is in place, its SHA-256 is here, and what a store calls its content."""

    file: BinaryIO
    sha256: str = ""
    tag: str = ""


class Place(Protocol):
    """Where a batch writes to. Everything raises OSError where something cannot be written or read."""

    def writing(self, name: str) -> AbstractContextManager[Written]:
        """A file to write to, which is at its name when all of it is written, else not at all."""

    def journalled(self, record: Record, tag: str) -> Record:
        """The record of a result that is in place, noted where it has to be before the run hears of it."""

    def held(self, say: Callable[[str], None]) -> AbstractContextManager[Hold]:
        """Keep other runs out; raises FolderInUseError or ForeignFolderError. What takes time is told to `say`."""


def put(place: Place, name: str, data: bytes) -> None:
    """Write a whole file."""
    with place.writing(name) as written:
        written.file.write(data)


class Hold(Protocol):
    """The run that has a place. Everything raises OSError where something cannot be written or read."""

    def records(self, *, resume: bool) -> Records:
        """What earlier runs left; whole for a run that goes on."""

    def holds(self, files: dict[str, str]) -> bool:
        """Whether these files are there with these hashes."""

    def check(self, records: Iterable[Record] = ()) -> None:
        """Raise FolderLostError if another run has the place, or wrote over the files of these records."""

    def sweep(self, old: Iterable[str]) -> None:
        """Take away what earlier runs wrote and this one does not, and what is half written."""

    def clear(self) -> None:
        """Take away what is half written."""


class FolderLostError(Exception):
    """Another run has the place, or wrote to it, while this one thought to have it."""


def place_at(out: Path | Address) -> Place:
    """The place at a path, or at an address. What makes the second is imported only where there is one."""
    if isinstance(out, Path):
        return Folder(out)
    from policyengine.batch.remote.place import StorePlace

    return StorePlace(out)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, or one that several machines share."""

    path: Path

    def __str__(self) -> str:
        """Its path."""
        return str(self.path)

    @contextmanager
    def writing(self, name: str) -> Iterator[Written]:
        """A file to write to."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(path) as file:
            written = Written(file)
            yield written
        written.sha256 = hash_of(path)

    def journalled(self, record: Record, tag: str) -> Record:
        """The run that has the folder keeps the journal."""
        del tag
        return record

    @contextmanager
    def held(self, say: Callable[[str], None]) -> Iterator[Hold]:
        """Keep other runs out; the hold ends with the process, however it ends."""
        del say
        with held(self.path):
            yield _FolderHold(self.path)


@dataclass(frozen=True, slots=True)
class _FolderHold:
    path: Path

    def records(self, *, resume: bool) -> Records:
        return Records(self.path, resume=resume)

    def holds(self, files: dict[str, str]) -> bool:
        return holds(self.path, files)

    def check(self, records: Iterable[Record] = ()) -> None:
        """The system sees to it that nobody else has the folder."""

    def sweep(self, old: Iterable[str]) -> None:
        sweep(self.path, old)
        if (self.path / TIDY).is_dir():  # a batch of scenario files was here before
            from policyengine.batch.tidy.writing import sweep_tables

            sweep_tables(self.path, ())

    def clear(self) -> None:
        clear(self.path)
