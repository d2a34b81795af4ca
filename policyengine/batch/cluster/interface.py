"""What a batch asks of a cluster, whichever library stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from policyengine.batch.cluster.ground import Ground, LackingError, RunIsOverError, Work


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

    def carry_out(self, tasks: Iterable[Task], ground: Ground) -> Generator[Outcome, None, None]:
        """What came of each task, as they are done; no more are under way than the workers need.

        What the work raises, is raised. Raises ClusterLostError. Tasks under way are taken back at the end.
        """


def carried_out(
    cluster: Cluster, tasks: Iterable[Task], ground: Ground, alone: Callable[[Task], Iterable[Task]]
) -> Generator[Outcome, None, None]:
    """What came of each task; those that were lost stand at the end.

    A library blames all tasks that a worker held for its end. So the lost ones, taken apart by `alone`, each get
    the cluster for themselves before one of them is called lost.
    """
    suspects: list[Task] = []
    for outcome in cluster.carry_out(tasks, ground):
        if outcome.lost:
            suspects.extend(alone(outcome.task))
        else:
            yield outcome
    for suspect in suspects:
        yield from cluster.carry_out([suspect], ground)
