"""Some files of a batch from their paths to results on the disk: what one task of a cluster does.

Local workers take the same way in two processes: they evaluate, and the process that started them writes.

What is to be said of a file is known before its results are written, with their hashes.
"""

from __future__ import annotations

import hashlib
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
    each = written_in_turn((recorded(each, settings) for each in done), out)
    return [(replace(done, files={}), record) for done, record in each]


def _calling(alive: Callable[[], None], done: Iterable[Done]) -> Iterator[Done]:
    for each in done:
        alive()
        yield each


@lru_cache(maxsize=1)
def _desk(settings: Settings, run: str) -> Desk:
    assert run  # noqa: S101 - part of the key of the cache
    return Desk(settings)


def written_in_turn(recorded: Iterable[Written], out: Path) -> Generator[Written, None, None]:
    """Each file with its record, when its results are on the disk."""
    with ThreadPoolExecutor(_WRITERS) as writers:
        yield from _in_turn(recorded, writers, partial(_write, out=out))


def _in_turn(
    recorded: Iterable[Written], writers: ThreadPoolExecutor, write: Callable[[Written], Written]
) -> Iterator[Written]:
    """Each file when its results are on the disk. Several are on their way at once, since disks are slow to confirm."""
    on_the_way: deque[Future[Written]] = deque()
    for each in recorded:
        on_the_way.append(writers.submit(write, each))
        while on_the_way and (len(on_the_way) > 2 * _WRITERS or on_the_way[0].done()):
            yield on_the_way.popleft().result()
    for first in on_the_way:
        yield first.result()


def _write(recorded: Written, out: Path) -> Written:
    done, record = recorded
    for name, data in zip(record["files"], done.files.values(), strict=True):
        store(out, name, data)
    return recorded


def recorded(done: Done, settings: Settings) -> Written:
    """A file with what is to be said of it once its results are on the disk."""
    common: Record = {"name": done.job.name, "source": done.job.source, "sha256": done.sha256}
    if done.problems:
        problems = [problem_data(problem) for problem in done.problems]
        return done, {**common, "status": "bad", "files": {}, "problems": problems}
    names = zip(settings.formats, result_names(done.job, settings), strict=True)
    return done, {
        **common,
        "status": "good",
        "key": done.key,
        "packs_named": list(done.packs),
        "packs": list(done.used),
        "files": {name: hashlib.sha256(done.files[form]).hexdigest() for form, name in names},
        "summary": done.summary,
    }
