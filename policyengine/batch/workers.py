"""Several processes that carry out jobs; one that dies or hangs costs its job a try, and nothing else.

A worker that holds one job died of it. Of several that are carried out together, those that are not done get a
worker each, so that it is known which file it is.
"""

from __future__ import annotations

import gc
import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Final

from policyengine.batch.processes import started
from policyengine.batch.work import Done, Piece, Worker, carried_out
from policyengine.errors import Problem, Span

MOST_TRIES: Final = 2
_MOST_FALSE_STARTS: Final = 3
_READY: Final = "ready"
_LAST_BREATH: Final = 5.0
_LOOK: Final = 1.0
_MOST_GARBAGE: Final = 64
"""After so many jobs a worker looks for garbage."""


class CannotStartError(Exception):
    """Workers end before they take a job."""


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    ready: bool = False
    jobs: list[Piece] = field(default_factory=list)
    since: float = 0.0


def _work(pipe: Connection, make_desk: Callable[[], Worker]) -> None:
    """Take jobs until the parent wants no more."""
    gc.freeze()  # What is imported stays to the end, and looking for garbage among it would copy what is shared.
    desk = make_desk()
    garbage = 0
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # the parent is gone, and nobody wants the rest
        pipe.send(_READY)
        while True:
            jobs = pipe.recv()
            for done in carried_out(desk, jobs):
                pipe.send(done)
            garbage += len(jobs)
            if garbage >= _MOST_GARBAGE:
                garbage = _collect_garbage()


def _collect_garbage() -> int:
    """Look for garbage among what came after the rules: these stay to the end.

    Looking again and again, in the midst of an evaluation, took a sixth of the time.
    """
    if gc.isenabled():
        gc.disable()
        gc.collect()
        gc.freeze()
    else:
        gc.collect()
    return 0


class Workers:
    """Carries out jobs with up to `count` processes, each with up to `together` jobs at a time.

    `timeout` is how many seconds a job may take, 0 for any number. While it waits, it calls `check` every second or so;
    what that raises ends the work.
    """

    def __init__(
        self,
        make_desk: Callable[[], Worker],
        count: int,
        timeout: float = 0,
        together: int = 1,
        check: Callable[[], None] | None = None,
    ) -> None:
        """Start nothing yet; `make_desk` is called in each process."""
        self._make_desk = make_desk
        self._count = count
        self._timeout = timeout
        self._together = together
        self._check = check
        self._workers: list[_Worker] = []
        self._next: deque[list[Piece]] = deque()
        self._tries: Counter[str] = Counter()
        self._false_starts = 0

    def carry_out(self, jobs: Iterable[Piece]) -> Generator[Done, None, None]:
        """What became of each job, as they are done. A job that costs two workers their lives is set aside."""
        left = iter(jobs)
        try:
            while True:
                self._hand_out(left)
                if not any(worker.jobs for worker in self._workers) and not self._waiting(left):
                    return
                yield from self._collect()
        finally:
            self._end()

    def _waiting(self, left: Iterator[Piece]) -> bool:
        """Whether there is a job that nobody has yet."""
        if not self._next and (together := list(islice(left, self._together))):
            self._next.append(together)
        return bool(self._next)

    def _hand_out(self, left: Iterator[Piece]) -> None:
        for worker in self._workers:
            if worker.ready and not worker.jobs and self._waiting(left):
                worker.jobs, worker.since = self._next.popleft(), monotonic()
                try:
                    worker.pipe.send(worker.jobs)
                except OSError:
                    continue  # it died in the meantime, which is seen when its answer is awaited
        while len(self._workers) < self._count and self._waiting(left):
            self._workers.append(_Worker(*started(_work, self._make_desk)))

    def _collect(self) -> Iterator[Done]:
        """Wait until a worker says something, dies, or has had its time."""
        waiting = [worker for worker in self._workers if not worker.ready or worker.jobs]
        said = wait([worker.pipe for worker in waiting], self._patience(waiting))
        if self._check and not said:
            self._check()
        for worker in waiting:
            if worker.pipe in said:
                yield from self._hear(worker)
            elif self._timeout and worker.jobs and monotonic() - worker.since > self._timeout:
                yield from self._lost(worker, f"took longer than {self._timeout:g} seconds", "E302")

    def _patience(self, waiting: Iterable[_Worker]) -> float | None:
        """How long to wait at most: until the first job has had its time, or it is time to check."""
        if not self._timeout:
            return _LOOK if self._check else None
        ends = [worker.since + self._timeout - monotonic() for worker in waiting if worker.jobs]
        longest = max(min(ends, default=self._timeout), 0) + 0.001
        return min(longest, _LOOK) if self._check else longest

    def _hear(self, worker: _Worker) -> Iterator[Done]:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            yield from self._lost(worker, "ended the process that evaluated it", "E301")
            return
        if isinstance(said, Done):
            worker.jobs.pop(0)
            worker.since = monotonic()
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
        if not worker.jobs:
            self._false_start(worker)
        elif len(worker.jobs) > 1:
            self._next.extend([job] for job in worker.jobs)  # nobody knows which of them it was
        elif self._has_another_try(worker.jobs):
            self._next.append(worker.jobs)
        else:
            how = f" ({_how_it_ended(worker.process)})" if code == "E301" else ""
            (job,) = worker.jobs
            message = f"this {job.noun} {what}{how}, {MOST_TRIES} times"
            hint = f"the other {job.noun}s went on; try it alone with: {job.again}"
            yield Done(job, problems=(Problem(code, message, hint, Span.whole(job.source)),))

    def _false_start(self, worker: _Worker) -> None:
        self._false_starts += 1
        if self._false_starts >= _MOST_FALSE_STARTS:
            raise CannotStartError(f"workers end with {worker.process.exitcode} before they take a file")

    def _has_another_try(self, jobs: Sequence[Piece]) -> bool:
        self._tries[jobs[0].name] += 1
        return self._tries[jobs[0].name] < MOST_TRIES

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
