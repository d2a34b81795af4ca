"""What a cluster costs and brings: the same table of variations in one process, on Dask and on Ray, on this machine.

Every way has to give files of the same hashes before its time counts. Rates are in rows for each second of processor
time of the processes that evaluate, so that a busy machine changes little; `clock` is by the clock. To start a
cluster is measured apart from the work.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from policyengine import shipped
from policyengine.api import load_packs, load_scenario
from policyengine.batch.cluster.ground import common_ground
from policyengine.batch.cluster.interface import Cluster, Task
from policyengine.batch.cluster.opening import opened
from policyengine.batch.table_parts import TableForm, TablePart, TableTask, carry_out_table_part
from policyengine.batch.table_plan import parts_of, task_of

SCENARIO = "trafficking-quebec-vermont.yaml"
KINDS = ("ray", "local")
NOTHINGS = 500


def varied(rows: int) -> pa.Table:
    """Variations of six values of the scenario, drawn with a fixed seed."""
    random = np.random.default_rng(1)
    names = ("severity", "likelihood", "reach", "exposure")
    columns = {f"threats.trafficking.{name}": random.integers(0, 21, rows) / 20 for name in names}
    return pa.table(
        {
            **columns,
            "param.co_lead_margin": random.integers(0, 21, rows).astype(float),
            "conditions.sovereignty_sensitivity": random.integers(0, 21, rows) / 20,
        }
    )


def prepared(folder: Path, rows: int, part_rows: int, wide: bool) -> tuple[TableTask, list[TablePart]]:
    """The table in a file, cut into parts of so many rows, and what they have in common."""
    source = folder / f"in-{part_rows}.parquet"
    parquet.write_table(varied(rows), source, row_group_size=part_rows)
    rulebook = load_packs()
    base = load_scenario(shipped.folder("scenarios") / SCENARIO, rulebook)
    parts = parts_of([source], part_rows)
    return task_of(base, rulebook, parts, TableForm(wide=wide), folder / f"out-{part_rows}"), parts


def nothing(alive: Callable[[], None]) -> tuple[int, int]:
    """No work: which process it is, and its peak memory in bytes."""
    alive()
    return os.getpid(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def timed(task: TableTask, part: TablePart, alive: Callable[[], None]) -> tuple[Any, float]:
    """The files of a part, and the processor time of this process for it."""
    start = time.process_time()
    record = carry_out_table_part(task, part, alive)
    return record["files"], time.process_time() - start


def alone(task: TableTask, parts: Sequence[TablePart]) -> tuple[float, float, list[Any]]:
    """Seconds by the clock and of the processor in this process, and the hashes of the files."""
    start = time.perf_counter()
    found = [timed(task, part, lambda: None) for part in parts]
    return time.perf_counter() - start, sum(cpu for _, cpu in found), [files for files, _ in found]


def on_cluster(cluster: Cluster, task: TableTask, parts: Sequence[TablePart]) -> tuple[float, float, list[Any]]:
    """The same on a cluster that is there."""
    out = Path(str(task.out))
    out.mkdir(exist_ok=True)
    with common_ground(out, [], 0) as ground:
        tasks = [Task(part.name, partial(timed, task, part)) for part in parts]
        start = time.perf_counter()
        found = {each.task.name: each.value for each in cluster.carry_out(tasks, ground)}
        clock = time.perf_counter() - start
    return clock, sum(cpu for _, cpu in found.values()), [found[part.name][0] for part in parts]


def idle(cluster: Cluster, out: Path) -> tuple[float, int]:
    """Seconds for a task without work, and the largest peak memory of a worker so far."""
    with common_ground(out, [], 0) as ground:
        start = time.perf_counter()
        found = [each.value for each in cluster.carry_out((Task(f"n{n}", nothing) for n in range(NOTHINGS)), ground)]
        return (time.perf_counter() - start) / NOTHINGS, max(peak for _, peak in found)


def measured(
    folder: Path, rows: int, sizes: Sequence[int], workers: Sequence[int], *, wide: bool
) -> Iterator[dict[str, Any]]:
    """One row for each way and each size of a part, and one for parts without work."""
    work = {size: prepared(folder, rows, size, wide) for size in sizes}
    expected = {}
    for size, (task, parts) in work.items():
        alone(task, parts[:1])  # what the first part prepares, is not measured anywhere
        clock, cpu, expected[size] = alone(task, parts)
        yield {"way": "one process", "workers": 1, "part": size, "clock": clock, "rate": rows / cpu}
    for kind, count in product(KINDS, workers):
        start = time.perf_counter()
        with opened(kind, count) as cluster:
            assert cluster is not None
            about = {"way": cluster.kind, "workers": count, "start": time.perf_counter() - start}
            for size, (task, parts) in work.items():
                on_cluster(cluster, task, parts[: 2 * count])
                clock, cpu, files = on_cluster(cluster, task, parts)
                if files != expected[size]:
                    raise AssertionError(f"{kind} gives other files")
                yield {**about, "part": size, "clock": clock, "rate": rows / cpu}
            each, peak = idle(cluster, Path(str(work[sizes[0]][0].out)))
            yield {**about, "part": 0, "clock": each, "peak": peak}


def main() -> None:
    """Measure, and write JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--part-rows", type=int, nargs="+", default=[250_000, 50_000])
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--wide", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        # Ray keeps the standard output for itself while it runs.
        rows = list(measured(Path(folder), given.rows, given.part_rows, given.workers, wide=given.wide))
    for row in rows:
        print(json.dumps(row))
    print(json.dumps({"python": platform.python_version(), "processors": os.cpu_count(), "load": os.getloadavg()[0]}))


if __name__ == "__main__":
    main()
