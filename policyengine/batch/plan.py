"""The files of a batch and what their results are called, in the order of these names; all of it is on the disk."""

from __future__ import annotations

import re
from abc import abstractmethod
from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, overload

from policyengine.batch.scratch import Scratch, octets, text_of

PATTERN: Final = re.compile(r"[*?\[]")
"""What makes a path a pattern, if there is no file of this name."""
_AT_ONCE: Final = 256
_FOUND: Final = "CREATE TABLE found (number INTEGER PRIMARY KEY, file BLOB UNIQUE, source BLOB, within BLOB)"
_NAMES: Final = "CREATE TABLE names (number INTEGER PRIMARY KEY, name BLOB, folded BLOB)"
_NAMED: Final = "SELECT source, name FROM found JOIN names USING (number) WHERE number = ?"
_ALIKE: Final = """
SELECT number FROM names WHERE folded IN (SELECT folded FROM names GROUP BY folded HAVING count(*) > 1)
"""
_JOBS: Final = """
CREATE TABLE jobs AS SELECT source, name, within FROM found JOIN names USING (number) ORDER BY name, number
"""


class Job(NamedTuple):
    """One scenario file: its path as it was found, and the name that its results have, without an ending.

    What was found in a folder must not lead out of it: `within` is that folder.
    """

    source: str
    name: str
    within: str = ""

    @property
    def noun(self) -> str:
        """What it is, in messages."""
        return "file"

    @property
    def again(self) -> str:
        """The command that tries it alone."""
        return "policyengine evaluate"


class Found(NamedTuple):
    """A file, the path that it was found by, and the folder that it must not lead out of, if any."""

    file: str
    source: str
    within: str = ""


class Draft:
    """The files that were found, each once, while names are looked for."""

    def __init__(self, found: Iterable[Found]) -> None:
        """Take the files; of those that are found again the first counts."""
        self._scratch = Scratch(_FOUND, _NAMES, "CREATE INDEX folded ON names (folded)")
        rows = (tuple(map(octets, each)) for each in found)
        self._scratch.many("INSERT OR IGNORE INTO found (file, source, within) VALUES (?, ?, ?)", rows)

    def sources(self) -> Iterator[tuple[int, str]]:
        """Each file by its number, with its path."""
        return ((number, text_of(kept)) for number, kept in self._scratch.rows("SELECT number, source FROM found"))

    def name(self, names: Iterable[tuple[int, str]]) -> None:
        """Give these names to the files of these numbers."""
        rows = ((number, octets(name), octets(name.casefold())) for number, name in names)
        self._scratch.many("INSERT OR REPLACE INTO names VALUES (?, ?, ?)", rows)

    def alike(self) -> Iterator[tuple[int, str, str]]:
        """The files whose names differ in nothing but capital letters: number, path and name of each."""
        # Names may be given meanwhile, so the numbers are looked up before.
        for number in array("Q", (found for (found,) in self._scratch.rows(_ALIKE))):
            found = self._scratch.first(_NAMED, number)
            assert found is not None  # noqa: S101 - it was among them
            yield number, text_of(found[0]), text_of(found[1])

    def plan(self) -> Plan:
        """All in the order of their names."""
        self._scratch.run(_JOBS)
        self._scratch.run("DROP TABLE names")
        self._scratch.run("DROP TABLE found")
        return Plan(self._scratch)


class _Jobs(Sequence[Job]):
    """Jobs that are looked up one by one, each when it is asked for."""

    @abstractmethod
    def _job(self, place: int) -> Job:
        """The job at a place, counted from 0."""

    @overload
    def __getitem__(self, place: int) -> Job: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Job]: ...
    def __getitem__(self, place: int | slice) -> Job | Sequence[Job]:
        """One job, or some of them."""
        places = range(len(self))[place]
        return [self._job(each) for each in places] if isinstance(places, range) else self._job(places)


class Plan(_Jobs):
    """The jobs of a batch."""

    def __init__(self, scratch: Scratch) -> None:
        """Take what a draft has put in order."""
        self._scratch = scratch
        self._count: int = (scratch.first("SELECT count(*) FROM jobs") or (0,))[0]

    def __len__(self) -> int:
        """How many there are."""
        return self._count

    def _job(self, place: int) -> Job:
        found = self._scratch.first("SELECT source, name, within FROM jobs WHERE rowid = ?", place + 1)
        assert found is not None  # noqa: S101 - nothing is ever taken away
        return Job(*map(text_of, found))

    def __iter__(self) -> Iterator[Job]:
        """All jobs."""
        for start in range(0, self._count, _AT_ONCE):
            yield from self[start : start + _AT_ONCE]


class Chosen(_Jobs):
    """Some jobs of a plan."""

    def __init__(self, plan: Sequence[Job]) -> None:
        """Choose none yet."""
        self._plan = plan
        self._places = array("Q")

    def add(self, place: int) -> None:
        """Choose one more by its place in the plan."""
        self._places.append(place)

    def __len__(self) -> int:
        """How many there are."""
        return len(self._places)

    def _job(self, place: int) -> Job:
        return self._plan[self._places[place]]
