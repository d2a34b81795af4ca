"""Tasks on Ray: a cluster that RAY_ADDRESS names, or one of this machine. The only importer of ray."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, redirect_stdout
from itertools import islice
from typing import Any, Final

# Ray reads these when it is imported or started. It must not report its use to anybody, nor try a task for ever.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_task_oom_retries", "1")

import ray
from ray.exceptions import (
    LocalRayletDiedError,
    NodeDiedError,
    OutOfMemoryError,
    RayError,
    RayTaskError,
    WorkerCrashedError,
)
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from policyengine.batch.cluster.deaf import deaf
from policyengine.batch.cluster.ground import Ground, give_up, lacking, on_worker
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
from policyengine.batch.cluster.opening import RAY_ADDRESS

_SECONDS_TO_ANSWER: Final = 5
_SECONDS_TO_LOOK: Final = 1
_SECONDS_FOR_A_HEAD: Final = 15
_TRIES_AFTER_THE_FIRST: Final = 1
_AHEAD: Final = 2


class RayCluster:
    """Carries out tasks with the connection to Ray that this process has."""

    def __init__(self, where: str) -> None:
        """Say which cluster it is, for errors."""
        self._where = where
        self._workers = int(ray.cluster_resources().get("CPU", 0))
        self._head = ray.get_runtime_context().gcs_address
        self._remote: Any = ray.remote(num_cpus=1, max_retries=_TRIES_AFTER_THE_FIRST)(on_worker)

    @property
    def kind(self) -> str:
        """The library, and its version."""
        return f"ray {ray.__version__}"

    @property
    def workers(self) -> int:
        """How many processors the cluster had at first; to ask again would take a minute when its head is gone."""
        return self._workers

    def check(self, ground: Ground) -> None:
        """Raise ClusterError unless there are processors, and each machine stands on this ground."""
        nodes = [node for node in ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]
        if not nodes:
            hint = "add machines that share the folders: ray start --address=HOST:PORT"
            raise ClusterError(f"there is no processor at {self._where}", hint)
        asked = ray.remote(num_cpus=0, max_retries=_TRIES_AFTER_THE_FIRST)(lacking)
        for node in nodes:
            there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
            name = f"{node['NodeManagerHostname']} ({node['NodeManagerAddress']})"
            try:
                said = ray.get(asked.options(scheduling_strategy=there).remote(ground))
            except RayError as error:
                said = f"cannot run policyengine: {_cause(error)}"
            if said:
                raise lacks(f"the worker on {name} {said}")

    def carry_out(
        self, tasks: Iterable[Task], ground: Ground, check: Check = unchecked
    ) -> Generator[Outcome, None, None]:
        """What came of each task, as they are done."""
        left = iter(tasks)
        under_way: dict[Any, Task] = {}
        try:
            while True:
                self._look()
                check()
                for task in islice(left, max(_AHEAD * max(self.workers, 1) - len(under_way), 0)):
                    under_way[self._remote.options(name=task.name).remote(ground, task.work)] = task
                if not under_way:
                    return
                done, _ = ray.wait(list(under_way), num_returns=1, timeout=_SECONDS_TO_LOOK)
                for each in done:
                    yield self._outcome(under_way.pop(each), each)
        finally:
            # Ray itself takes tasks back when this process leaves it. To cancel them ends this process, if one of them
            # is done in the same moment (2.60).
            if under_way:
                give_up(ground)

    def _look(self) -> None:
        """Ray ends this process a minute after its head is gone; so look before that, and say what happened."""
        if not answers(self._head):
            raise self._lost("its head does not answer any more")

    def _outcome(self, task: Task, reference: Any) -> Outcome:
        try:
            return Outcome(task, ray.get(reference))
        except (WorkerCrashedError, OutOfMemoryError, NodeDiedError):
            return Outcome(task, lost=True)
        except RayTaskError as error:
            raise known_trouble(_cause(error)) from None
        except LocalRayletDiedError:
            raise self._lost("Ray on this machine has ended") from None

    def _lost(self, what: str) -> ClusterLostError:
        return ClusterLostError(f"the cluster at {self._where} is lost: {what}", "see that it runs")


def _cause(error: RayError) -> Exception:
    cause = getattr(error, "cause", None)
    return cause if isinstance(cause, Exception) else error


def answers(address: str) -> bool:
    """Whether somebody listens at HOST:PORT."""
    host, _, port = address.rpartition(":")
    try:
        with socket.create_connection((host.strip("[]"), int(port)), _SECONDS_TO_ANSWER):
            return True
    except (OSError, ValueError):
        return False


def _is_head(address: str) -> bool:
    """Whether a head of Ray listens there: Ray itself would try for minutes, and end this process."""
    asked = [sys.executable, "-m", "ray.scripts.scripts", "health-check", "--address", address]
    try:
        done = subprocess.run(asked, capture_output=True, timeout=_SECONDS_FOR_A_HEAD, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


@contextmanager
def started(workers: int) -> Iterator[RayCluster]:
    """The cluster that the environment names, else one of this machine for as long as it is needed."""
    address = os.environ.get(RAY_ADDRESS, "")
    quiet = {"log_to_driver": False, "logging_level": "CRITICAL"}
    if address and address not in {"auto", "local"} and not (answers(address) and _is_head(address)):
        hint = f"start one with: ray start --head; or unset {RAY_ADDRESS}"
        raise ClusterError(f"no head of Ray answers at {address}, which {RAY_ADDRESS} names", hint)
    # Ray tells of workers that end on the standard output, which belongs to the results.
    with open(os.devnull, "w", encoding="utf-8") as nowhere, redirect_stdout(nowhere):  # noqa: PTH123
        try:
            if address and address != "local":
                ray.init(address=address, **quiet)
            else:
                with deaf():
                    ray.init(address="local", num_cpus=workers, include_dashboard=False, **quiet)
        except (ConnectionError, RuntimeError, ValueError) as error:
            told = " ".join(str(error).split())[:300]
            raise ClusterError(f"Ray does not start: {told}", f"see whether {RAY_ADDRESS} is right") from error
        try:
            yield RayCluster(f"{RAY_ADDRESS}={address}" if address else "this machine")
        except ClusterLostError:
            _end_without_head()
            raise
        finally:
            ray.shutdown()


def _end_without_head() -> None:
    """End what this process started of Ray: asked in an orderly way, it would wait a minute for its head."""
    node = ray._private.worker._global_node  # noqa: SLF001 - nothing public ends a node without its head
    if node is not None:
        node.kill_all_processes(check_alive=False, allow_graceful=False)
