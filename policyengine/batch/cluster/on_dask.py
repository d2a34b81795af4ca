"""Tasks on Dask: workers of this machine, or those of a scheduler elsewhere. The only importer of the library."""

from __future__ import annotations

import logging
import socket
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any, Final

import dask
import distributed
from distributed import Client, Future, KilledWorker, LocalCluster, wait
from distributed.client import CancelledError

from policyengine.batch.cluster.deaf import deaf
from policyengine.batch.cluster.ground import Ground, LackingError, RunIsOverError, lacking, on_worker, other_version
from policyengine.batch.cluster.interface import (
    Check,
    ClusterError,
    ClusterLostError,
    Outcome,
    Task,
    known_trouble,
    lacks,
    unchecked,
)

_SECONDS_TO_ANSWER: Final = 5
_SECONDS_TO_LOOK: Final = 10
_MOST_LOOKS: Final = 6
_TRIES_AFTER_THE_FIRST: Final = 1
_MEMORY: Final = (("MALLOC_TRIM_THRESHOLD_", 256 << 20), ("MALLOC_MMAP_THRESHOLD_", 32 << 20))
"""Workers of Dask give memory back whenever 64 kB are free; to get it anew for each column takes twice the time."""
_GREETING: Final = b"pickle-protocol"
_MOST_OF_A_GREETING: Final = 10_000
_AHEAD: Final = 2
"""So many tasks for each thread are under way, so that no worker waits for its next one."""


class DaskCluster:
    """Carries out tasks with a client of Dask."""

    def __init__(self, client: Client, where: str, seconds_to_look: float = _SECONDS_TO_LOOK) -> None:
        """Take a client that is connected; `where` says in errors which cluster it is."""
        self._client = client
        self._where = where
        self._seconds_to_look = seconds_to_look

    @property
    def kind(self) -> str:
        """The library, and its version."""
        return f"dask {distributed.__version__}"

    @property
    def workers(self) -> int:
        """How many threads the workers have."""
        return sum(each["nthreads"] for each in self._known_workers().values())

    def _known_workers(self) -> dict[str, Any]:
        found: dict[str, Any] = self._client.scheduler_info(n_workers=-1)["workers"]
        return found

    def check(self, ground: Ground) -> None:
        """Raise ClusterError unless there are workers, and each stands on this ground; the scheduler needs less."""
        try:
            self._client.wait_for_workers(1, timeout=_SECONDS_TO_ANSWER)
        except TimeoutError:
            hint = f"start some, on machines that share the folders: dask worker {self._where} --nthreads 1"
            raise ClusterError(f"there is no worker at {self._where}", hint) from None
        found = {"scheduler": self._of_scheduler(ground), **self._client.run(lacking, ground, on_error="return")}
        for who, said in found.items():
            if said:
                name = "scheduler" if who == "scheduler" else f"worker {who}"
                raise lacks(f"the {name} {_said(said)}")

    def _of_scheduler(self, ground: Ground) -> str | Exception:
        try:
            said: str = self._client.run_on_scheduler(other_version, ground)
        except ImportError as error:
            return error
        return said

    def carry_out(
        self, tasks: Iterable[Task], ground: Ground, check: Check = unchecked
    ) -> Generator[Outcome, None, None]:
        """What came of each task, as they are done."""
        left = iter(tasks)
        under_way: dict[Future, Task] = {}
        try:
            while True:
                for task in islice(left, max(_AHEAD * max(self.workers, 1) - len(under_way), 0)):
                    key = f"{task.name}-{ground.token}"
                    under_way[self._client.submit(on_worker, ground, task.work, key=key, pure=False)] = task
                if not under_way:
                    return
                for future in self._first_done(list(under_way), check):
                    yield _outcome(under_way.pop(future), future)
        except CancelledError:
            raise self._lost("the connection to its scheduler was lost") from None
        finally:
            if under_way and self._client.status == "running":
                self._client.cancel(list(under_way), force=True)

    def _first_done(self, under_way: list[Future], check: Check) -> set[Future]:
        """Those that are done; raises ClusterLostError where nobody is left who could do any."""
        for _ in range(_MOST_LOOKS):
            while True:
                try:
                    with self._client.as_current():
                        done: set[Future] = wait(under_way, self._seconds_to_look, return_when="FIRST_COMPLETED").done
                except TimeoutError:
                    check()
                    if not self._known_workers():
                        break
                else:
                    return done
        raise self._lost("none of its workers is left")

    def _lost(self, what: str) -> ClusterLostError:
        return ClusterLostError(f"the cluster at {self._where} is lost: {what}", "see that it runs")


def _outcome(task: Task, future: Future) -> Outcome:
    try:
        return Outcome(task, future.result())
    except KilledWorker:
        return Outcome(task, lost=True)
    except (LackingError, RunIsOverError, ImportError) as error:
        raise known_trouble(error) from None


def _said(said: object) -> str:
    """What a worker answered; an error on the way there comes back as another one that quotes it."""
    told = str(said)
    if "No module named 'policyengine'" in told:
        return "has no policyengine"
    return f"cannot run this policyengine: {told}" if isinstance(said, Exception) else told


@contextmanager
def local(workers: int) -> Iterator[DaskCluster]:
    """A cluster of so many processes on this machine, for as long as it is needed."""
    _quiet()
    with _started(workers) as cluster, Client(cluster, set_as_default=False) as client:
        yield DaskCluster(client, "this machine")


def _started(workers: int) -> LocalCluster:
    with deaf(), dask.config.set({f"distributed.nanny.pre-spawn-environ.{name}": value for name, value in _MEMORY}):
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            dashboard_address="127.0.0.1:0",  # another run on this machine may have the usual port
            silence_logs=logging.CRITICAL,
            scheduler_kwargs={"allowed_failures": _TRIES_AFTER_THE_FIRST},
            preload=deaf.__module__,
        )


@contextmanager
def connected(address: str) -> Iterator[DaskCluster]:
    """The cluster of a scheduler that runs; raises ClusterError where none answers."""
    _quiet()
    hint = "start one with: dask scheduler --host HOST --port PORT"
    # A client waits without an end for the greeting of somebody who is no scheduler.
    if "tls://" not in address and not _greets(address.removeprefix("tcp://")):
        raise ClusterError(f"no scheduler of Dask answers at {address}", hint)
    try:
        client = Client(address, timeout=_SECONDS_TO_ANSWER, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(f"no scheduler of Dask answers at {address}", hint) from error
    except TypeError as error:
        hint = "name the certificates in Dask's configuration: distributed.comm.tls"
        raise ClusterError(f"Dask has no certificates for {address}", hint) from error
    with client:
        yield DaskCluster(client, address)


def _greets(address: str) -> bool:
    """Whether whoever listens there speaks first, and as Dask does."""
    host, _, port = address.rpartition(":")
    heard = b""
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _SECONDS_TO_ANSWER) as line:
            while _GREETING not in heard and len(heard) < _MOST_OF_A_GREETING:
                if not (more := line.recv(_MOST_OF_A_GREETING)):
                    return False
                heard += more
    except (OSError, ValueError):
        return False
    return _GREETING in heard


def _quiet() -> None:
    """What Dask logs is told in our own words, or of no use to who runs a batch."""
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("distributed"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
