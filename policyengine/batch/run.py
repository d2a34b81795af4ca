"""One batch from the plan to the index: what is still right is kept, the rest is evaluated and written down."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

from policyengine.batch.folder import held, store, sweep
from policyengine.batch.inputs import Job, planned
from policyengine.batch.kept import Kept, result_names
from policyengine.batch.lists import write_lists
from policyengine.batch.records import Record, Records
from policyengine.batch.settings import Settings
from policyengine.batch.work import Desk, Done, problem_data
from policyengine.batch.workers import Workers
from policyengine.errors import InputError, Problem
from policyengine.report.data import render_json
from policyengine.report.page.index import index_of, rows_of
from policyengine.source import whole_file

_WRITERS: Final = 8
MOST_TOLD: Final = 10
"""Of so many bad files the first problem is told at the end; all stand in errors.json."""
Lines = Callable[[str], Iterable[str]]


@dataclass(slots=True)
class Tally:
    """How far a batch is."""

    total: int = 0
    kept: int = 0
    good: int = 0
    bad: int = 0
    problems: list[tuple[str, Problem]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many files are done, whether well or not."""
        return self.kept + self.good + self.bad

    def count(self, done: Done) -> None:
        """Take in what became of one file."""
        if not done.problems:
            self.good += 1
            return
        self.bad += 1
        if len(self.problems) < MOST_TOLD:
            self.problems.append((done.job.source, done.problems[0]))


Watch = Callable[[Tally], None]


def run_batch(arguments: Sequence[str], settings: Settings, out: Path, lines: Lines, watch: Watch) -> Tally:
    """Evaluate all files and write results, records, errors, manifest and index to the folder `out`.

    `watch` is told after each file. Raises InputError if there is nothing to do, OSError if something
    cannot be written, FolderInUseError or ForeignFolderError if the folder cannot be used; whatever is
    raised, files that are there are whole, and a run with `resume` carries on from them.
    """
    started = monotonic()
    jobs = planned(arguments, lines, out)
    if not jobs:
        raise InputError([Problem("S001", "There is no scenario file here", "Name files that end in .yaml or .json")])
    if settings.packs:
        # What is wrong with packs named for all files is told once, and not for each file.
        Desk(settings).ready(settings.packs)
    with held(out):
        records = Records(out, resume=settings.resume)
        try:
            tally = _carry_out(jobs, settings, out, records, watch)
            _finish(jobs, settings, out, records)
        finally:
            records.close()
        store(out, "timing.json", render_json({"seconds": round(monotonic() - started, 3)}).encode())
    return tally


def _carry_out(jobs: Sequence[Job], settings: Settings, out: Path, records: Records, watch: Watch) -> Tally:
    tally = Tally(total=len(jobs))
    kept = Kept(settings, out, records)
    todo: list[Job] = []
    for job in jobs:
        if settings.resume and (right := kept.record_of(job)) is not None:
            records.add(right)
            tally.kept += 1
            continue
        todo.append(job)
        files = dict.fromkeys(result_names(job, settings), "")
        records.add({"name": job.name, "source": job.source, "files": files, "status": "planned"})
    watch(tally)
    workers = Workers(partial(Desk, settings), min(settings.workers, max(len(todo), 1)), settings.timeout)
    with closing(workers.carry_out(todo)) as carried_out, ThreadPoolExecutor(_WRITERS) as writers:
        for done, record in _in_turn(carried_out, writers, partial(_written, settings=settings, out=out)):
            records.add(record)
            tally.count(done)
            watch(tally)
            if done.problems and settings.fail_fast:
                break
    return tally


def _in_turn(
    carried_out: Iterable[Done], writers: ThreadPoolExecutor, write: Callable[[Done], Record]
) -> Iterator[tuple[Done, Record]]:
    """Each file when its results are on the disk. Several are on their way at once, since disks are slow to confirm."""
    on_the_way: deque[tuple[Done, Future[Record]]] = deque()
    for done in carried_out:
        on_the_way.append((done, writers.submit(write, done)))
        while on_the_way and (len(on_the_way) > 2 * _WRITERS or on_the_way[0][1].done()):
            first, record = on_the_way.popleft()
            yield first, record.result()
    for first, record in on_the_way:
        yield first, record.result()


def _written(done: Done, settings: Settings, out: Path) -> Record:
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


def _finish(jobs: Sequence[Job], settings: Settings, out: Path, records: Records) -> None:
    """Put everything in order: the records, the errors, the manifest, and nothing that is not of this batch."""
    names = [job.name for job in jobs]
    sweep(out, _stale(jobs, settings, records))
    write_lists(out, settings, lambda: records.each(names))
    _write_index(out, lambda: records.each(names))
    records.finish(names)


def _stale(jobs: Sequence[Job], settings: Settings, records: Records) -> set[str]:
    """What earlier runs, or this one, may have written and nobody wants: of files that are gone, bad or not begun."""
    stale = records.old
    for job in jobs:
        record = records.get(job.name)
        names = result_names(job, settings)
        if record is not None and record["status"] == "good":
            stale.difference_update(names)
        else:
            stale.update(names)
    return stale


def _write_index(out: Path, records: Callable[[], Iterable[Record]]) -> None:
    from policyengine.report.html import render_index

    with whole_file(out / "index.html") as file:
        for piece in render_index(index_of(records()), partial(rows_of, records)):
            file.write(piece.encode())
