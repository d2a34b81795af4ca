"""Who evaluates the files of a batch: processes of this machine, or a cluster."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final, Protocol

from policyengine.batch.cluster.ground import Ground
from policyengine.batch.cluster.interface import (
    MOST_LOOKED_FOR,
    Cluster,
    Task,
    carried_out,
    described,
    joined,
    lost_problem,
)
from policyengine.batch.part import Written, carry_out_part, recorded, written_in_turn
from policyengine.batch.plan import Job
from policyengine.batch.records import Record
from policyengine.batch.settings import Settings, together
from policyengine.batch.work import Desk, Done
from policyengine.batch.workers import Workers

_MOST_OF_A_PART: Final = 32
"""An engine that gains nothing by many at once still gets some, so that sending them costs little."""
_PARTS_FOR_EACH: Final = 4
Note = Callable[[Record], None]


class Crew(Protocol):
    """Evaluates files.

    The record of a file is told to `note` before it is said to be done, and where this process writes, before its
    results are: a kill then loses none that is on the disk.
    """

    @property
    def about(self) -> dict[str, Any] | None:
        """What the manifest says of it."""

    def carry_out(self, jobs: Sequence[Job], note: Note) -> Generator[Done, None, None]:
        """Each file, when its results are on the disk."""


@contextmanager
def crew_of(cluster: Cluster | None, settings: Settings, jobs: Sequence[Job], out: Path) -> Iterator[Crew]:
    """Who evaluates, on this cluster if there is one; raises ClusterError if its workers cannot."""
    if cluster is None:
        yield Processes(settings, out)
        return
    with joined(cluster, out, _looked_for(settings, jobs), settings.timeout) as ground:
        yield OnCluster(settings, out, cluster, ground)


def _looked_for(settings: Settings, jobs: Sequence[Job]) -> list[str]:
    """What each worker must see: the packs named for all files, and a file of each folder, up to some."""
    first = {Path(job.source).parent: job.source for job in reversed(jobs)}
    return [*settings.packs, *islice(first.values(), MOST_LOOKED_FOR)]


@dataclass(frozen=True, slots=True)
class Processes:
    """Processes of this machine evaluate, and this one writes."""

    settings: Settings
    out: Path

    @property
    def about(self) -> dict[str, Any] | None:
        """Nothing: how many processes there are shows nowhere."""
        return None

    def carry_out(self, jobs: Sequence[Job], note: Note) -> Generator[Done, None, None]:
        """Each file, when its results are on the disk."""
        settings = self.settings
        count = min(settings.workers, max(len(jobs), 1))
        workers = Workers(partial(Desk, settings), count, settings.timeout, together(settings, len(jobs), count))
        with (
            closing(workers.carry_out(jobs)) as carried_out,
            closing(written_in_turn(_noted(carried_out, settings, note), self.out)) as in_turn,
        ):
            for done, _ in in_turn:
                yield done


def _noted(carried_out: Iterable[Done], settings: Settings, note: Note) -> Iterator[Written]:
    for each in carried_out:
        done, record = recorded(each, settings)
        note(record)
        yield done, record


@dataclass(frozen=True, slots=True)
class OnCluster:
    """Workers of a cluster evaluate and write; some of the files are one task."""

    settings: Settings
    out: Path
    cluster: Cluster
    ground: Ground

    @property
    def about(self) -> dict[str, Any] | None:
        """The library, how many workers there are, and the versions that all have."""
        return described(self.cluster, self.ground)

    def carry_out(self, jobs: Sequence[Job], note: Note) -> Generator[Done, None, None]:
        """Each file, when its results are on the disk."""
        parts: dict[str, Sequence[Job]] = {}
        with closing(carried_out(self.cluster, self._tasks(jobs, parts), self.ground, partial(self._alone, parts))) as (
            outcomes
        ):
            for outcome in outcomes:
                part = parts.pop(outcome.task.name)
                for done, record in map(self._lost, part) if outcome.lost else outcome.value:
                    note(record)
                    yield done

    def _tasks(self, jobs: Sequence[Job], parts: dict[str, Sequence[Job]]) -> Iterator[Task]:
        """The files in parts, each put down in `parts` when it is handed out."""
        workers = max(self.cluster.workers, 1)
        least = min(_MOST_OF_A_PART, len(jobs) // (_PARTS_FOR_EACH * workers))
        size = max(together(self.settings, len(jobs), workers), least, 1)
        for start in range(0, len(jobs), size):
            yield self._task(f"files-{start + 1}", jobs[start : start + size], parts)

    def _alone(self, parts: dict[str, Sequence[Job]], task: Task) -> Iterable[Task]:
        jobs = parts.pop(task.name)
        return [self._task(f"{task.name}-{place + 1}-alone", [job], parts) for place, job in enumerate(jobs)]

    def _task(self, name: str, jobs: Sequence[Job], parts: dict[str, Sequence[Job]]) -> Task:
        parts[name] = jobs
        return Task(name, partial(carry_out_part, jobs, self.settings, self.out, self.ground.token))

    def _lost(self, job: Job) -> Written:
        hint = f"try it alone with: {job.again}"
        done = Done(job, problems=(lost_problem(job.noun, job.source, self.ground, hint),))
        return recorded(done, self.settings)
