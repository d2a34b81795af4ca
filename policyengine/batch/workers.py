"""Several processes that carry out jobs; one that dies or hangs costs its job a try, and nothing else.

Each worker holds one job at a time, so that it is known which file it died of. Workers are started
afresh and not forked: the C core does not survive a fork.
"""

from __future__ import annotations

import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Final, Protocol

from policyengine.batch.inputs import Job
from policyengine.batch.work import Done
from policyengine.errors import Problem, Span

MOST_TRIES: Final = 2
_MOST_FALSE_STARTS: Final = 3
_READY: Final = "ready"
_LAST_BREATH: Final = 5.0


class Desk(Protocol):
    """Carries out jobs; `Desk` of `work` is the one that evaluates."""

    def carry_out(self, job: Job) -> Done:
        """What became of one job."""


class CannotStartError(Exception):
    """Workers end before they take a job."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    ready: bool = False
    job: Job | None = None
    since: float = 0.0


def _work(pipe: Connection, make_desk: Callable[[], Desk]) -> None:
    """Take jobs until the parent wants no more. A ctrl-C is for the parent, which then ends the workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    desk = make_desk()
    pipe.send(_READY)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is gone, and nobody wants the rest
        while True:
            pipe.send(_carried_out(desk, pipe.recv()))


def _carried_out(desk: Desk, job: Job) -> Done:
    """What became of a job; a fault of ours is told of and costs no other file anything."""
    try:
        return desk.carry_out(job)
    except Exception as error:  # noqa: BLE001 - the last resort before the process ends
        what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        hint = "please report it, with what POLICYENGINE_DEBUG=1 policyengine evaluate shows for this file"
        return Done(job, problems=(Problem("E303", f"a fault of policyengine: {what}", hint, Span.whole(job.source)),))


class Workers:
    """Carries out jobs with up to `count` processes; `timeout` is how many seconds a job may take, 0 for any number."""

    def __init__(self, make_desk: Callable[[], Desk], count: int, timeout: float = 0) -> None:
        """Start nothing yet; `make_desk` is called in each process."""
        self._make_desk = make_desk
        self._count = count
        self._timeout = timeout
        self._workers: list[_Worker] = []
        self._again: deque[Job] = deque()
        self._tries: Counter[str] = Counter()
        self._false_starts = 0

    def carry_out(self, jobs: Iterable[Job]) -> Generator[Done, None, None]:
        """What became of each job, as they are done. A job that costs two workers their lives is set aside."""
        left = iter(jobs)
        try:
            while True:
                self._hand_out(left)
                if not any(worker.job for worker in self._workers) and not self._waiting(left):
                    return
                yield from self._collect()
        finally:
            self._end()

    def _waiting(self, left: Iterator[Job]) -> bool:
        """Whether there is a job that nobody has yet."""
        if not self._again:
            self._again.extend(job for job in [next(left, None)] if job is not None)
        return bool(self._again)

    def _hand_out(self, left: Iterator[Job]) -> None:
        for worker in self._workers:
            if worker.ready and worker.job is None and self._waiting(left):
                worker.job, worker.since = self._again.popleft(), monotonic()
                try:
                    worker.pipe.send(worker.job)
                except OSError:
                    continue  # it died in the meantime, which is seen when its answer is awaited
        while len(self._workers) < self._count and self._waiting(left):
            self._workers.append(self._start())

    def _start(self) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_work, args=(theirs, self._make_desk), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _collect(self) -> Iterator[Done]:
        """Wait until a worker says something, dies, or has had its time."""
        waiting = [worker for worker in self._workers if not worker.ready or worker.job is not None]
        said = wait([worker.pipe for worker in waiting], self._patience(waiting))
        for worker in waiting:
            if worker.pipe in said:
                yield from self._hear(worker)
            elif self._timeout and worker.job and monotonic() - worker.since > self._timeout:
                yield from self._lost(worker, f"took longer than {self._timeout:g} seconds", "E302")

    def _patience(self, waiting: Iterable[_Worker]) -> float | None:
        """How long to wait at most: until the first job has had its time."""
        if not self._timeout:
            return None
        ends = [worker.since + self._timeout - monotonic() for worker in waiting if worker.job]
        return max(min(ends, default=self._timeout), 0) + 0.001

    def _hear(self, worker: _Worker) -> Iterator[Done]:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._lost(worker, "ended the process that evaluated it", "E301")
            return
        if isinstance(said, Done):
            worker.job = None
            self._tries.pop(said.job.name, None)
            yield said
        else:
            worker.ready = True

    def _lost(self, worker: _Worker, what: str, code: str) -> Iterator[Done]:
        """Put an end to a worker; its job gets another try, or is set aside."""
        self._workers.remove(worker)
        if code == "E301":
            worker.process.join(_LAST_BREATH)  # it has closed its pipe, and how it ends is to be told
        worker.process.kill()
        worker.process.join()
        worker.pipe.close()
        job = worker.job
        if job is None:
            self._false_starts += 1
            if self._false_starts >= _MOST_FALSE_STARTS:
                raise CannotStartError(f"workers end with {worker.process.exitcode} before they take a file")
            return
        self._tries[job.name] += 1
        if self._tries[job.name] < MOST_TRIES:
            self._again.append(job)
            return
        how = f" ({_how_it_ended(worker.process)})" if code == "E301" else ""
        message = f"this file {what}{how}, {MOST_TRIES} times"
        hint = "the other files went on; try it alone with: policyengine evaluate"
        yield Done(job, problems=(Problem(code, message, hint, Span.whole(job.source)),))

    def _end(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()
        self._workers.clear()


def _how_it_ended(process: BaseProcess) -> str:
    code = process.exitcode or 0
    if code >= 0:
        return f"exit status {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
