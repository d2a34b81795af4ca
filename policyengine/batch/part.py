"""Some files of a batch from their paths to results on the disk: what one task of a cluster does.

Local workers take the same way in two processes: they evaluate, and the process that started them writes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

from policyengine.batch.folder import store
from policyengine.batch.kept import result_names
from policyengine.batch.plan import Job
from policyengine.batch.records import Record
from policyengine.batch.settings import Settings
from policyengine.batch.work import Desk, Done, carried_out, problem_data

_WRITERS: Final = 8


Written = tuple[Done, Record]


def carry_out_part(
    jobs: Sequence[Job], settings: Settings, out: Path, run: str, alive: Callable[[], None] = lambda: None
) -> list[Written]:
    """Evaluate these files, write their results whole below `out`, and give what is to be said of each, in order.

    It can be sent to another process, and carried out twice it writes the same bytes. Rulebooks and engines are
    kept for further parts of the same `run`, a name that no other run has: packs may change between runs.
    `alive` is called before each file is written. Raises OSError where something cannot be written.
    """
    done = _calling(alive, carried_out(_desk(settings, run), jobs))
    # The results are on the disk, and need not travel.
    return [(replace(each, files={}), record) for each, record in written_in_turn(done, settings, out)]


def _calling(alive: Callable[[], None], done: Iterable[Done]) -> Iterator[Done]:
    for each in done:
        alive()
        yield each


@lru_cache(maxsize=1)
def _desk(settings: Settings, run: str) -> Desk:
    assert run  # noqa: S101 - part of the key of the cache
    return Desk(settings)


def written_in_turn(done: Iterable[Done], settings: Settings, out: Path) -> Generator[Written, None, None]:
    """Each file with its record, when its results are on the disk."""
    with ThreadPoolExecutor(_WRITERS) as writers:
        yield from _in_turn(done, writers, partial(written, settings=settings, out=out))


def _in_turn(
    carried_out: Iterable[Done], writers: ThreadPoolExecutor, write: Callable[[Done], Record]
) -> Iterator[Written]:
    """Each file when its results are on the disk. Several are on their way at once, since disks are slow to confirm."""
    on_the_way: deque[tuple[Done, Future[Record]]] = deque()
    for done in carried_out:
        on_the_way.append((done, writers.submit(write, done)))
        while on_the_way and (len(on_the_way) > 2 * _WRITERS or on_the_way[0][1].done()):
            first, record = on_the_way.popleft()
            yield first, record.result()
    for first, record in on_the_way:
        yield first, record.result()


def written(done: Done, settings: Settings, out: Path) -> Record:
    """Write the results of one file; gives what is to be said of it."""
    common: Record = {"name": done.job.name, "source": done.job.source, "sha256": done.sha256}
    if done.problems:
        problems = [problem_data(problem) for problem in done.problems]
        return {**common, "status": "bad", "files": {}, "problems": problems}
    names = zip(settings.formats, result_names(done.job, settings), strict=True)
    files = {name: store(out, name, done.files[form]) for form, name in names}
    return {
        **common,
        "status": "good",
        "key": done.key,
        "packs_named": list(done.packs),
        "packs": list(done.used),
        "files": files,
        "summary": done.summary,
    }
