"""One batch from the plan to the index: what is still right is kept, the rest is evaluated and written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from time import monotonic

from policyengine.batch.cluster.opening import opened
from policyengine.batch.crews import Crew, crew_of
from policyengine.batch.folder import held, store, sweep, sweep_table_report
from policyengine.batch.inputs import Lines, planned
from policyengine.batch.kept import Kept, result_names
from policyengine.batch.lists import write_lists
from policyengine.batch.plan import Chosen, Job
from policyengine.batch.records import Record, Records
from policyengine.batch.settings import Settings
from policyengine.batch.tally import Tally
from policyengine.batch.tidy.forms import check_forms
from policyengine.batch.tidy.writing import write_tables
from policyengine.batch.work import Desk
from policyengine.errors import InputError, Problem
from policyengine.report.data import render_json
from policyengine.report.page.index import index_of, rows_of
from policyengine.source import whole_file

Watch = Callable[[Tally], None]


def run_batch(arguments: Sequence[str], settings: Settings, out: Path, lines: Lines, watch: Watch) -> Tally:
    """Evaluate all files and write results, records, errors, manifest and index to the folder `out`.

    `watch` is told after each file. Raises InputError if there is nothing to do, OSError if something
    cannot be written, FolderInUseError or ForeignFolderError if the folder cannot be used, ClusterError if
    the cluster cannot; whatever is raised, files that are there are whole, and a run with `resume` carries on.
    """
    started = monotonic()
    jobs = planned(arguments, lines, out)
    if not jobs:
        raise InputError([Problem("S001", "There is no scenario file here", "Name files that end in .yaml or .json")])
    if settings.packs:
        # What is wrong with packs named for all files is told once, and not for each file.
        Desk(settings).ready(settings.packs)
    check_forms(settings.tables)
    with (
        opened(settings.cluster, settings.workers) as cluster,
        held(out),
        crew_of(cluster, settings, jobs, out) as crew,
    ):
        records = Records(out, resume=settings.resume)
        try:
            tally = _carry_out(jobs, settings, out, records, watch, crew)
            _finish(jobs, settings, out, records, crew, partial(_count_tabled, tally, watch))
        finally:
            records.close()
        store(out, "timing.json", render_json({"seconds": round(monotonic() - started, 3)}).encode())
    return tally


def _carry_out(jobs: Sequence[Job], settings: Settings, out: Path, records: Records, watch: Watch, crew: Crew) -> Tally:
    tally = Tally(total=len(jobs))
    kept = Kept(settings, out, records)
    todo = Chosen(jobs)
    for place, job in enumerate(jobs):
        if settings.resume and (right := kept.record_of(job)) is not None:
            records.add(right)
            tally.kept += 1
            continue
        todo.add(place)
    records.add_all(_planned(job, settings) for job in todo)
    watch(tally)
    begun: set[str] = set()

    def note(record: Record) -> None:
        begun.add(record["name"])
        records.add(record)

    with closing(crew.carry_out(todo, note)) as carried_out:
        for done in carried_out:
            begun.remove(done.job.name)
            tally.count(done.job.source, done.problems)
            watch(tally)
            if done.problems and settings.fail_fast:
                break
    if begun:  # nobody waited to see whether their results could be written
        records.add_all(_planned(job, settings) for job in todo if job.name in begun)
    return tally


def _planned(job: Job, settings: Settings) -> Record:
    files = dict.fromkeys(result_names(job, settings), "")
    return {"name": job.name, "source": job.source, "files": files, "status": "planned"}


def _count_tabled(tally: Tally, watch: Watch) -> None:
    tally.tabled += 1
    watch(tally)


def _finish(
    jobs: Sequence[Job],
    settings: Settings,
    out: Path,
    records: Records,
    crew: Crew,
    watch_tables: Callable[[], None],
) -> None:
    """Put everything in order: the records, the errors, the manifest, and nothing that is not of this batch."""

    def each() -> Iterator[Record]:
        return records.each(job.name for job in jobs)

    _sort_out(jobs, settings, records)
    sweep(out, records.stale())
    sweep_table_report(out)
    tables = write_tables(out, settings.tables, each(), watch_tables)
    write_lists(out, settings, each, tables, crew.about)
    _write_index(out, each, [name for name in tables if not name.endswith((".json", ".md"))])
    records.finish(job.name for job in jobs)


def _sort_out(jobs: Sequence[Job], settings: Settings, records: Records) -> None:
    """Of what earlier runs, or this one, may have written, that of files that are gone, bad or not begun is stale."""
    for job in jobs:
        record = records.get(job.name)
        names = result_names(job, settings)
        if record is not None and record["status"] == "good":
            records.want(names)
        else:
            records.give_up(names)


def _write_index(out: Path, records: Callable[[], Iterable[Record]], tables: Sequence[str]) -> None:
    from policyengine.report.html import render_index

    index = index_of(records())
    index.tables = tuple(tables)
    with whole_file(out / "index.html") as file:
        for piece in render_index(index, partial(rows_of, records)):
            file.write(piece.encode())
