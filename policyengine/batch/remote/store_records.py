"""The records of a batch at an address: in a file of this machine while a run has it, and put there at its end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from policyengine.batch.places import put
from policyengine.batch.records import JOURNAL, RESULTS, Record, Records, line_of
from policyengine.source.stores import below, read, read_all, remove

if TYPE_CHECKING:
    from policyengine.batch.remote.place import StorePlace

JOURNALS: Final = ".journal"
BEGUN: Final = f"{JOURNALS}/begun.json"
TAGS: Final = ".tags.json"


class StoreRecords(Records):
    """Records whose lines come from `results.jsonl` and the journals, and go to `results.jsonl`.

    `tags` are what the store calls the content of each result.
    """

    def __init__(self, place: StorePlace, *, resume: bool) -> None:
        """Take over what is there."""
        self._place = place
        self._folder = TemporaryDirectory(prefix="policyengine-")
        here = Path(self._folder.name)
        (here / RESULTS).write_bytes(read(place.address / RESULTS) or b"")
        self.tags = _tags(read(place.address / TAGS)) if resume else {}
        with (here / JOURNAL).open("wb") as journal:
            for noted in _journals(place) if resume else ():
                self.tags.update(dict.fromkeys(noted["files"], noted.pop("tag", "")))
                journal.write(line_of(noted))
        super().__init__(here, resume=resume)

    def add_all(self, records: Iterable[Record]) -> None:
        """Put records down; their tags stand elsewhere, so that records are the same as anywhere."""
        super().add_all(map(self._without_tag, records))

    def finish(self, names: Iterable[str]) -> None:
        """Put the records of these names in order, and the journals away."""
        tags: dict[str, str] = {}
        with self._place.writing(RESULTS) as written:
            for record in self.each(names):
                written.file.write(line_of(record))
                good = record["files"] if record["status"] == "good" else ()
                tags.update((name, self.tags[name]) for name in good if self.tags.get(name))
        put(self._place, TAGS, json.dumps(tags, indent=0, sort_keys=True).encode() + b"\n")
        journals = self._place.address / JOURNALS
        remove(journals / name for name in below(journals))

    def close(self) -> None:
        """Close what is here; what is at the address stays as it is."""
        super().close()
        self._folder.cleanup()

    def _without_tag(self, record: Record) -> Record:
        if "tag" not in record:
            return record
        self.tags.update(dict.fromkeys(record["files"], record["tag"]))
        return {key: value for key, value in record.items() if key != "tag"}


def _journals(place: StorePlace) -> Iterable[Record]:
    """What workers noted of results that are in place. Whoever may write there may have written anything."""
    journals = place.address / JOURNALS
    for data in read_all(journals / name for name in sorted(below(journals))):
        try:
            found = json.loads(data)
        except ValueError:
            continue
        if isinstance(found, dict) and isinstance(found.get("files"), dict) and isinstance(found.get("tag", ""), str):
            yield found


def _tags(data: bytes | None) -> dict[str, str]:
    try:
        found = json.loads(data or b"{}")
    except ValueError:
        return {}
    return {name: tag for name, tag in found.items() if isinstance(tag, str)} if isinstance(found, dict) else {}
