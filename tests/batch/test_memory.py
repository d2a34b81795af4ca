"""What a batch holds in memory does not grow with the number of its files."""

from __future__ import annotations

import gc
import pathlib
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from batch.conftest import HARBOUR, a_fire

from policyengine.batch.folder import HOME
from policyengine.batch.plan import Job
from policyengine.batch.records import Record
from policyengine.batch.run import Tally, run_batch
from policyengine.batch.settings import Settings
from policyengine.batch.tidy import parquet_files
from policyengine.batch.tidy.writing import write_tables
from policyengine.batch.work import Desk
from policyengine.batch.writers import ROWS, WRITERS
from policyengine.tables.arrow import pa

FEW, MANY = 100, 1_000


def peak(work: Callable[[], object]) -> int:
    """The most bytes that objects of Python took at a time."""
    gc.collect()
    gc.freeze()  # what other tests left behind is not looked through, so that garbage goes as soon as it would alone
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        gc.unfreeze()


def some_fires(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"a-fire-of-many-{number}.yaml").write_text(a_fire(f"fire-{number}", number / count), "utf-8")
    return folder


def test_a_batch_of_many_files_holds_no_more_than_one_of_few(tmp_path: Path) -> None:
    settings = Settings((str(HARBOUR),), "columnar", ("json",), workers=2)
    # The table of all interned texts of the process grows at some moment, by much.
    left_out = [tracemalloc.Filter(inclusive=False, filename_pattern=pathlib.__file__)]

    def held(count: int) -> int:
        sizes = []

        def watch(tally: Tally) -> None:
            if tally.done == tally.total:
                found = tracemalloc.take_snapshot().filter_traces(left_out)
                sizes.append(sum(each.size for each in found.statistics("filename")))

        files, out = str(some_fires(tmp_path / f"in{count}", count)), tmp_path / f"out{count}"
        peak(lambda: run_batch([files], settings, out, lambda _: [], watch))
        return sizes[-1]

    held(2)  # whatever is loaded once
    few = held(FEW)
    # Lines of a plan and of records held in memory took about a thousand bytes for each file.
    assert held(MANY) - few < 250 * (MANY - FEW)


@pytest.mark.parametrize(("form", "most"), [("csv", 4_000), ("parquet", 4_000), ("xlsx", 800)])
def test_tables_of_many_files_hold_little_more_than_those_of_few(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, most: int
) -> None:
    monkeypatch.setattr(parquet_files, "MOST_WAITING", 200_000)  # what waits is soon as much as it ever is
    (tmp_path / "fire.yaml").write_text(a_fire("fire"), "utf-8")
    job = Job(str(tmp_path / "fire.yaml"), "fire")
    done = Desk(Settings((str(HARBOUR),), "rete", (ROWS,))).carry_out(job)
    place = f"{HOME}/fire{WRITERS[ROWS].ending}"
    (tmp_path / HOME).mkdir()
    (tmp_path / place).write_bytes(done.files[ROWS])

    def record(number: int) -> Record:
        return {"name": f"fire-{number}", "status": "good", "files": {place: ""}, "summary": done.summary}

    def held(count: int) -> int:
        columns = pa.proxy_memory_pool(before)
        pa.set_memory_pool(columns)
        rows = peak(lambda: write_tables(tmp_path, (form,), map(record, range(count)), lambda: None))
        return rows + int(columns.max_memory())

    before = pa.default_memory_pool()
    try:
        held(2)
        few = held(most // 4)
        assert held(most) - few < 100 * (most - most // 4) + 200_000
    finally:
        pa.set_memory_pool(before)
