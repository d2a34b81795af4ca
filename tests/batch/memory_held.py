"""Prints the bytes that Python and Arrow hold for a batch, or for its tables, of few files and of many.

A process of its own, since in another one tables that all share may grow at any moment, such as that of all names.
"""

from __future__ import annotations

import pathlib
import sys
import tracemalloc
from collections.abc import Callable
from pathlib import Path

from batch.conftest import HARBOUR, a_fire

from policyengine.batch.folder import HOME
from policyengine.batch.plan import Job
from policyengine.batch.records import Record
from policyengine.batch.run import run_batch
from policyengine.batch.settings import Settings
from policyengine.batch.tally import Tally
from policyengine.batch.tidy import parquet_files
from policyengine.batch.tidy.writing import write_tables
from policyengine.batch.work import Desk
from policyengine.batch.writers import ROWS, WRITERS
from policyengine.tables.arrow import pa


def by_batch(top: Path) -> Callable[[int], int]:
    """What is held when the last of so many files is done."""
    settings = Settings((str(HARBOUR),), "columnar", ("json",), workers=2)
    names = [tracemalloc.Filter(inclusive=False, filename_pattern=pathlib.__file__)]

    def held(count: int) -> int:
        files, sizes = top / f"in{count}", []
        files.mkdir()
        for number in range(count):
            (files / f"a-fire-of-many-{number}.yaml").write_text(a_fire(f"fire-{number}", number / count), "utf-8")

        def watch(tally: Tally) -> None:
            if tally.done == tally.total:
                found = tracemalloc.take_snapshot().filter_traces(names)
                sizes.append(sum(each.size for each in found.statistics("filename")))

        tracemalloc.start()
        run_batch([str(files)], settings, top / f"out{count}", lambda _: [], watch)
        tracemalloc.stop()
        return sizes[-1]

    return held


def by_tables(top: Path, form: str) -> Callable[[int], int]:
    """The most that is held while tables of so many files are written."""
    (top / "fire.yaml").write_text(a_fire("fire"), "utf-8")
    done = Desk(Settings((str(HARBOUR),), "rete", (ROWS,))).carry_out(Job(str(top / "fire.yaml"), "fire"))
    place = f"{HOME}/fire{WRITERS[ROWS].ending}"
    (top / HOME).mkdir()
    (top / place).write_bytes(done.files[ROWS])
    parquet_files.MOST_WAITING = 200_000  # type: ignore[misc]  # so little waits even for few files
    before = pa.default_memory_pool()

    def record(number: int) -> Record:
        return {"name": f"fire-{number}", "status": "good", "files": {place: ""}, "summary": done.summary}

    def held(count: int) -> int:
        columns = pa.proxy_memory_pool(before)
        pa.set_memory_pool(columns)
        tracemalloc.start()
        write_tables(top, (form,), map(record, range(count)), lambda: None)
        rows = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return rows + int(columns.max_memory())

    return held


def main() -> None:
    """Measure what is asked for; the first time only loads what is loaded once."""
    what, folder, few, many = sys.argv[1:]
    held = by_batch(Path(folder)) if what == "batch" else by_tables(Path(folder), what)
    held(2)
    sys.stdout.write(f"{held(int(few))} {held(int(many))}\n")


if __name__ == "__main__":
    main()
