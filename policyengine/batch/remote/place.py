"""A folder of a store that a batch writes to, and what a run that has it does there.

Beside what a batch writes anywhere there are, while a run has the folder: its lock; `.journal/begun.json`, by which
the folder is known as one of a batch; and a small object for each part whose result is in place, such as
`.journal/part-00000.json`. The worker itself puts it, so that nothing is lost with the run. At the end `.tags.json`
holds what the store calls the content of each result: who resumes asks for a list, and need not read the results.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import TemporaryFile
from typing import Final

from policyengine.batch.folder import HOME, ForeignFolderError
from policyengine.batch.places import FolderLostError, Hold, Written
from policyengine.batch.records import RESULTS, Record, Records, line_of
from policyengine.batch.remote.lease import LOCKS, Lease
from policyengine.batch.remote.store_records import BEGUN, JOURNALS, StoreRecords
from policyengine.source import is_left_over
from policyengine.source.addresses import Address
from policyengine.source.stores import Entry, below, put, remove, sha256_of, write

_OURS: Final = {RESULTS, JOURNALS, LOCKS}
_A_RESULT: Final = re.compile(r"part-\d{5,}\.parquet")


@dataclass(frozen=True, slots=True)
class StorePlace:
    """A folder of a store."""

    address: Address

    def __str__(self) -> str:
        """Its address, as it may be shown."""
        return str(self.address)

    @contextmanager
    def writing(self, name: str) -> Iterator[Written]:
        """A file of this machine without a name, which is put when it is written: what is killed leaves nothing."""
        with TemporaryFile(prefix="policyengine-") as file:
            written = Written(file)
            yield written
            file.seek(0)
            written.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            written.tag = put(self.address / name, file).tag

    def journalled(self, record: Record, tag: str) -> Record:
        """The record, after it is in the journal."""
        noted = {**record, "tag": tag}
        write(self.address / JOURNALS / f"{record['name']}.json", line_of(noted))
        return noted

    @contextmanager
    def held(self, say: Callable[[str], None]) -> Iterator[Hold]:
        """Keep other runs out while this one lives, and see whether they are kept out."""
        names = {name for name in below(self.address, deep=False) if not is_left_over(PurePosixPath(name))}
        if names and not names & _OURS:
            raise ForeignFolderError
        with Lease(self.address, say) as lease:
            write(self.address / BEGUN, b"{}\n")
            hold = StoreHold(self, lease)
            hold.clear()
            yield hold


class StoreHold:
    """The run that has a folder of a store."""

    def __init__(self, place: StorePlace, lease: Lease) -> None:
        """Look at nothing yet."""
        self._place = place
        self._address = place.address
        self._lease = lease
        self._there: dict[str, Entry] = {}
        self._tags: dict[str, str] = {}

    def records(self, *, resume: bool) -> Records:
        """What earlier runs left, from their records and their journals; results without a record count as old."""
        self._there = self._results()
        records = StoreRecords(self._place, resume=resume)
        records.give_up(name for name in self._there if _A_RESULT.fullmatch(name.removeprefix(f"{HOME}/")))
        self._tags = records.tags
        return records

    def holds(self, files: dict[str, str]) -> bool:
        """Whether these are there: by their tags, and where there are none by reading them."""
        return all(self._is_right(name, sha256, self._there.get(name)) for name, sha256 in files.items())

    def check(self, records: Iterable[Record] = ()) -> None:
        """Raise FolderLostError if the lock is lost, or somebody wrote other results over those of these records.

        That can happen where a worker of a run that is over slept in the midst of writing.
        """
        self._lease.check()
        good = [record for record in records if record["status"] == "good"]
        there = self._results() if good else {}
        for record in good:
            for name, sha256 in record["files"].items():
                entry = there.get(name)
                # What has no tag was put by a worker that heard that it is there.
                if entry is None or (entry.tag and not self._is_right(name, sha256, entry)):
                    raise FolderLostError(f"somebody else wrote to {self._address / name}")

    def sweep(self, old: Iterable[str]) -> None:
        """Take away what earlier runs wrote and this one does not; names from records count where they are results."""
        self._lease.check()
        remove(self._address / name for name in sorted(self._results().keys() & set(old)))
        self.clear()

    def clear(self) -> None:
        """Take away what was half written, and the marks of runs that are over."""
        self._lease.check()
        names = [*below(self._address, deep=False), *self._results()]
        remove(self._address / name for name in names if is_left_over(PurePosixPath(name)))

    def _results(self) -> dict[str, Entry]:
        return {f"{HOME}/{name}": entry for name, entry in below(self._address / HOME).items()}

    def _is_right(self, name: str, sha256: str, entry: Entry | None) -> bool:
        if entry is None:
            return False
        tag = self._tags.get(name)
        return bool(tag and tag == entry.tag) or sha256_of(self._address / name) == sha256
