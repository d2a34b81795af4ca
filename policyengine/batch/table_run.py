"""One table of variations from its files to the report: parts that are still right are kept, the others made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any, Final, NamedTuple

from policyengine.batch.cluster.opening import opened
from policyengine.batch.hashes import hash_of
from policyengine.batch.inputs import Lines
from policyengine.batch.lists import ERRORS, MANIFEST, base_data, packs_data, versions, write_errors, write_manifest
from policyengine.batch.places import Hold, Place, place_at, put
from policyengine.batch.records import Record, Records
from policyengine.batch.table_crews import TableCrew, table_crew
from policyengine.batch.table_inputs import tables_of
from policyengine.batch.table_parts import TableDesk, TableForm, TablePart, TableTask
from policyengine.batch.table_plan import parts_of, task_of
from policyengine.batch.tally import Tally
from policyengine.batch.work import problem_of
from policyengine.report.data import render_json
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile
from policyengine.source.addresses import Address

FORMAT: Final = "policyengine-table-batch/1"
_OF_A_PART: Final = ("name", "source", "sha256", "first", "rows", "status", "files")


class TableWanted(NamedTuple):
    """What is asked for: the base under which rules, the form of the results, and how the work is done.

    The first three are tables, base and packs as they stand on the command line.
    """

    arguments: tuple[str, ...]
    base_argument: str
    packs: tuple[str, ...]
    base: ScenarioFile
    rulebook: Rulebook
    form: TableForm
    workers: int = 1
    timeout: float = 0
    resume: bool = False
    fail_fast: bool = False
    cluster: str = ""
    hashes: Callable[[Path], str] = hash_of


@dataclass(slots=True)
class TableTally(Tally):
    """How far a table is; the rows of parts that are done, well or not, and of all, unless only reading can tell."""

    rows: int = 0
    good_rows: int = 0
    all_rows: int | None = None

    def add(self, record: Record) -> None:
        """Take in what became of a part."""
        self.count(record["source"], [problem_of(each) for each in record.get("problems", ())])
        self.add_rows(record)

    def add_rows(self, record: Record) -> None:
        """Take in the rows of a part that is done."""
        self.rows += record["rows"] or 0
        self.good_rows += (record["rows"] or 0) if record["status"] == "good" else 0


TableWatch = Callable[[TableTally], None]


def run_table(
    wanted: TableWanted, out: Path | Address, lines: Lines, watch: TableWatch, say: Callable[[str], None]
) -> TableTally:
    """Evaluate all rows of all tables; results, records, errors, manifest and report are written to `out`.

    What keeps the run waiting is told to `say`.

    Raises InputError if there is nothing to do or no part can be done, OSError if something cannot be written,
    FolderInUseError, ForeignFolderError or FolderLostError if the folder cannot be used, ClusterError if the cluster
    cannot; whatever is raised, files that are there are whole, and a run with `resume` carries on from them.
    """
    started = monotonic()
    parts = parts_of(tables_of(wanted.arguments, lines, out), hashes=wanted.hashes)
    place = place_at(out)
    task = task_of(wanted.base, wanted.rulebook, parts, wanted.form, out)
    TableDesk(task)  # what is wrong with all parts is told before any is begun
    with (
        opened(wanted.cluster, wanted.workers) as cluster,
        place.held(say) as hold,
        table_crew(cluster, wanted.workers, wanted.timeout, parts, out) as crew,
    ):
        records = hold.records(resume=wanted.resume)
        run = _Run(parts, task, wanted, place, hold, records, crew)
        try:
            tally = run.carry_out(watch)
            run.finish()
        finally:
            records.close()
            hold.clear()  # workers were ended in the midst of their parts
        put(place, "timing.json", render_json({"seconds": round(monotonic() - started, 3)}).encode())
    return tally


def _make_ready() -> None:
    """Import what is wanted at the end only."""
    from policyengine.batch.table_summary import make_ready

    make_ready()


@dataclass(frozen=True, slots=True)
class _Run:
    """A run that has its place."""

    parts: Sequence[TablePart]
    task: TableTask
    wanted: TableWanted
    place: Place
    hold: Hold
    records: Records
    crew: TableCrew

    def carry_out(self, watch: TableWatch) -> TableTally:
        """Keep the parts that are right, and make the others."""
        rows = [part.rows for part in self.parts]
        tally = TableTally(total=len(rows), all_rows=None if None in rows else sum(each or 0 for each in rows))
        todo: list[TablePart] = []
        for part in self.parts:
            right = self._kept(part) if self.wanted.resume else None
            if right is not None:
                self.records.add(right)
                tally.kept += 1
                tally.add_rows(right)
                continue
            todo.append(part)
            planned = {"name": part.name, "source": part.source, "files": {part.file: ""}, "status": "planned"}
            self.records.add(planned)
        watch(tally)
        Thread(target=_make_ready).start()  # while others work, this process would only wait
        with closing(self.crew.carry_out(self.task, todo, self.hold.check)) as carried_out:
            for record in carried_out:
                self.hold.check()
                self.records.add(record)
                tally.add(record)
                watch(tally)
                if record["status"] == "bad" and self.wanted.fail_fast:
                    break
        return tally

    def _kept(self, part: TablePart) -> Record | None:
        """What is to be said of a part if nothing it hangs on has changed and its file is whole, else None.

        The record comes from a file that anybody may have changed: what it says is not needed to find the part.
        """
        record = self.records.get(part.name)
        if record is None or record.get("status") != "good" or record.get("key") != self.task.part_key(part):
            return None
        summary, rows = record.get("summary"), record.get("rows")
        if not isinstance(summary, dict) or not isinstance(summary.get("leads"), list) or not isinstance(rows, int):
            return None
        return record if set(record["files"]) == {part.file} and self.hold.holds(record["files"]) else None

    def finish(self) -> None:
        """Put everything in order: the records, the errors, the manifest, and nothing that is not of this batch."""
        from policyengine.batch.table_summary import store_summary

        names = [part.name for part in self.parts]

        def each() -> Iterable[Record]:
            return self.records.each(names)

        self.hold.check(each())
        self.records.give_up(part.file for part in self.parts)
        self.records.want(name for record in each() if record["status"] == "good" for name in record["files"])
        self.hold.sweep(self.records.stale())
        with self.place.writing(ERRORS) as errors:
            write_errors(errors.file, each())
        counts = Counter(record["status"] for record in each())
        head = [*_head(self.parts, self.task, self.wanted, counts), ("cluster", self.crew.about)]
        with self.place.writing(MANIFEST) as manifest:
            write_manifest(manifest.file, head, each(), _OF_A_PART)
        store_summary(self.place, self.wanted, each)
        self.records.finish(names)


def _head(
    parts: Sequence[TablePart], task: TableTask, wanted: TableWanted, counts: Counter[str]
) -> Iterator[tuple[str, Any]]:
    """What is common to all parts. Nothing is drawn at random, so there is no seed; times stand in `timing.json`."""
    yield "format", FORMAT
    yield "versions", versions()
    yield "engine", "columnar"
    yield "base", base_data(wanted.base_argument, wanted.base)
    yield "packs", packs_data(wanted.rulebook)
    yield "inputs", dict(sorted({part.source: part.sha256 for part in parts}.items()))
    yield "columns", list(task.columns)
    yield "form", {"wide": wanted.form.wide, "fired": wanted.form.fired, "inputs": wanted.form.inputs}
    yield "seed", None
    yield "counts", {status: counts[status] for status in ("good", "bad", "planned")}
