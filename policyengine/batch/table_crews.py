"""Who evaluates the parts of a table: processes of this machine, or a cluster, on which one part is one task."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import parent_process
from pathlib import Path
from typing import Any, Final, Protocol

from policyengine.batch.cluster.ground import Ground, RunIsOverError
from policyengine.batch.cluster.interface import (
    MOST_LOOKED_FOR,
    Check,
    Cluster,
    Task,
    carried_out,
    described,
    joined,
    lost_problem,
)
from policyengine.batch.records import Record
from policyengine.batch.table_parts import TablePart, TableTask, bad_record, carry_out_table_part
from policyengine.batch.work import Done, fault, problem_of
from policyengine.batch.workers import Workers
from policyengine.source.addresses import Address
from policyengine.tables.arrow import use_memory_of_the_system

_ALONE: Final = "-alone"


class TableCrew(Protocol):
    """Evaluates parts; while it waits for them, it calls `check` every now and then, and what that raises ends it."""

    @property
    def about(self) -> dict[str, Any] | None:
        """What the manifest says of it."""

    def carry_out(self, task: TableTask, parts: Sequence[TablePart], check: Check) -> Generator[Record, None, None]:
        """The record of each part, when its result is on the disk; raises OSError where that cannot be written."""


@contextmanager
def table_crew(
    cluster: Cluster | None, workers: int, timeout: float, parts: Sequence[TablePart], out: Path | Address
) -> Iterator[TableCrew]:
    """Who evaluates, on this cluster if there is one; raises ClusterError if its workers cannot."""
    if cluster is None:
        yield TableProcesses(workers, timeout)
        return
    near = dict.fromkeys(part.source for part in parts if part.address is None)
    far = dict.fromkeys(part.address for part in parts if part.address is not None)
    with joined(cluster, out, [*islice(near, MOST_LOOKED_FOR), *far], timeout) as ground:
        yield TableOnCluster(cluster, ground)


@dataclass(frozen=True, slots=True)
class TableProcesses:
    """Up to so many processes of this machine; each may take so many seconds for a part, or any number with 0."""

    workers: int
    timeout: float

    @property
    def about(self) -> dict[str, Any] | None:
        """Nothing: how many processes there are shows nowhere."""
        return None

    def carry_out(self, task: TableTask, parts: Sequence[TablePart], check: Check) -> Generator[Record, None, None]:
        """The record of each part, when its result is on the disk."""
        workers = Workers(partial(_Worker, task), min(self.workers, max(len(parts), 1)), self.timeout, check=check)
        with closing(workers.carry_out(parts)) as carried:
            for done in carried:
                yield _record(done)


@dataclass(frozen=True, slots=True)
class TableOnCluster:
    """Workers of a cluster evaluate and write."""

    cluster: Cluster
    ground: Ground

    @property
    def about(self) -> dict[str, Any] | None:
        """The library, how many workers there are, and the versions that all have."""
        return described(self.cluster, self.ground)

    def carry_out(self, task: TableTask, parts: Sequence[TablePart], check: Check) -> Generator[Record, None, None]:
        """The record of each part, when its result is on the disk; a part that ends its workers is told of as bad."""
        named = {part.name: part for part in parts}
        tasks = (Task(part.name, partial(_carry_out, task, part)) for part in parts)
        with closing(carried_out(self.cluster, tasks, self.ground, _alone, check)) as outcomes:
            for outcome in outcomes:
                part = named[outcome.task.name.removesuffix(_ALONE)]
                yield self._lost(part) if outcome.lost else _record(outcome.value)

    def _lost(self, part: TablePart) -> Record:
        hint = "give the workers more memory, or evaluate its rows alone"
        problem = lost_problem(part.noun, part.source, self.ground, hint, " for some of its rows")
        return bad_record(part, [problem])


def _alone(lost: Task) -> Iterable[Task]:
    return [Task(lost.name + _ALONE, lost.work)]


def _record(done: Done) -> Record:
    """The record of what is done, or what is to be said of a part that no worker survived."""
    if done.failure is not None:
        raise done.failure
    assert isinstance(done.job, TablePart)  # noqa: S101 - no other job was handed out
    return done.record or bad_record(done.job, done.problems)


def _carry_out(task: TableTask, part: TablePart, beat: Callable[[], None]) -> Done:
    """What became of a part; a fault of ours is told of and costs no other part anything."""
    try:
        record = carry_out_table_part(task, part, beat)
    except OSError as error:
        return Done(part, failure=error)
    except RunIsOverError:
        raise
    except Exception as error:  # noqa: BLE001 - the last resort
        return fault(part, error)
    return Done(part, problems=tuple(problem_of(each) for each in record.get("problems", ())), record=record)


class _Worker:
    """Carries out parts for a run on this machine, and stops when that run is gone."""

    def __init__(self, task: TableTask) -> None:
        use_memory_of_the_system()
        self._task = task

    def carry_out(self, part: TablePart) -> Done:
        return _carry_out(self._task, part, _end_with_the_run)

    def carry_out_many(self, parts: Sequence[TablePart]) -> Iterator[Done]:
        return map(self.carry_out, parts)


def _end_with_the_run() -> None:
    """Whoever started this process may be gone, and another run at work in the folder."""
    parent = parent_process()
    if parent is not None and not parent.is_alive():
        raise SystemExit(1)
