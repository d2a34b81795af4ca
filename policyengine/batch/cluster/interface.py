"""What a batch asks of a cluster, whichever library stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from policyengine.batch.cluster.ground import Ground, LackingError, RunIsOverError, Work, common_ground
from policyengine.errors import Problem, Span
from policyengine.source.addresses import Address

MOST_LOOKED_FOR: Final = 16
"""So many inputs, or folders with inputs, are looked for on each worker."""
Check = Callable[[], None]


def unchecked() -> None:
    """A run on a folder that the system keeps for it has nothing to look after while it waits."""


class ClusterError(Exception):
    """A cluster cannot be used as it is: the error says why, `hint` what to do."""

    def __init__(self, message: str, hint: str) -> None:
        """Take both sentences."""
        super().__init__(message)
        self.hint = hint


class ClusterLostError(ClusterError):
    """A cluster that was there is not there any more."""


def lacks(message: str) -> ClusterError:
    """The error for a worker that cannot work for this batch."""
    hint = "give all machines the same Python, the same versions of packages, and the same folders under the same paths"
    return ClusterError(message, hint)


def known_trouble(error: Exception) -> Exception:
    """What to raise for an error of a worker: of those that we know, one that says what to do."""
    if isinstance(error, RunIsOverError):
        return ClusterLostError("another run has taken the folder over", "wait for it")
    if isinstance(error, ModuleNotFoundError) and error.name == "policyengine":
        return lacks("a worker has no policyengine")
    if isinstance(error, ImportError):
        return lacks(f"a worker has another policyengine: {error}")
    return lacks(str(error)) if isinstance(error, LackingError) else error


@dataclass(frozen=True, slots=True)
class Task:
    """Work that a worker can do twice without harm. No other task of the run has its name."""

    name: str
    work: Work


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task gave; `lost` if each worker that took it up, ended."""

    task: Task
    value: Any = None
    lost: bool = False


class Cluster(Protocol):
    """Carries out tasks on workers."""

    @property
    def kind(self) -> str:
        """The library, and its version."""

    @property
    def workers(self) -> int:
        """How many tasks can be carried out at a time."""

    def check(self, ground: Ground) -> None:
        """Raise ClusterError unless there are workers, and each stands on this ground."""

    def carry_out(
        self, tasks: Iterable[Task], ground: Ground, check: Check = unchecked
    ) -> Generator[Outcome, None, None]:
        """What came of each task, as they are done; no more are under way than the workers need.

        What the work raises, is raised, and what `check` does, which is called every now and then while tasks are
        waited for. Raises ClusterLostError. Tasks under way are taken back at the end.
        """


@contextmanager
def joined(
    cluster: Cluster, out: Path | Address, looked_for: Iterable[str | Address], timeout: float
) -> Iterator[Ground]:
    """The ground that a run shares with all workers; raises ClusterError if one of them does not stand on it."""
    with common_ground(out, looked_for, timeout) as ground:
        cluster.check(ground)
        yield ground


def described(cluster: Cluster, ground: Ground) -> dict[str, Any]:
    """What a manifest says: the library, how many workers there are, and the versions that all have."""
    return {"kind": cluster.kind, "workers": cluster.workers, "versions": ground.versions}


def lost_problem(noun: str, source: str, ground: Ground, hint: str, slow_at: str = "") -> Problem:
    """What is to be said of a file, or a part of one, that no worker survived; `slow_at` says what has the limit."""
    slow = f" or took longer than {ground.timeout:g} seconds{slow_at}" if ground.timeout else ""
    message = f"this {noun} ended each process of the cluster that evaluated it{slow}"
    return Problem("E301", message, f"the other {noun}s went on; {hint}", Span.whole(source))


def carried_out(
    cluster: Cluster,
    tasks: Iterable[Task],
    ground: Ground,
    alone: Callable[[Task], Iterable[Task]],
    check: Check = unchecked,
) -> Generator[Outcome, None, None]:
    """What came of each task; those that were lost stand at the end.

    A library blames all tasks that a worker held for its end. So the lost ones, taken apart by `alone`, each get
    the cluster for themselves before one of them is called lost.
    """
    suspects: list[Task] = []
    for outcome in cluster.carry_out(tasks, ground, check):
        if outcome.lost:
            suspects.extend(alone(outcome.task))
        else:
            yield outcome
    for suspect in suspects:
        yield from cluster.carry_out([suspect], ground, check)
