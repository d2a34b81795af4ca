"""Tables of variations from Parquet to Parquet: growth with rows, rules, varied fields and processes, and peak memory.

Each figure is a run of `policyengine batch TABLE --base SCENARIO` as a process of its own, from its start to its end,
on the rules of `work.py`. Before any time counts, totals are checked: points of rows against the NumPy kernel that
is written by hand, all columns of rows against the reference engine, and files of one process against those of two.
Beside each stands the physical limit: reading the same columns and writing as many results of the same kind,
in the same run, without evaluating anything. Linux only: memory is read from /proc.
"""

from __future__ import annotations

import argparse
import compileall
import cProfile
import hashlib
import json
import os
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from columns import columns_of, many, shipped_many, total, variations
from machine import about
from pyarrow import parquet
from rivals import numpy_kernel
from watching import Figure, watched
from work import rulebook, scenario, scenarios, work

import policyengine
from policyengine.api import evaluate, evaluate_table
from policyengine.batch.table_parts import TableForm, carry_out_table_part
from policyengine.batch.table_plan import parts_of, task_of
from policyengine.domain.scenario import Scenario
from policyengine.firing import MILLION
from policyengine.lang.types import Number, Type
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import unsaved
from policyengine.tables.contributions import row_of
from policyengine.tables.evaluate import Ground as Folded
from policyengine.tables.files import TableFile, write_table

STEP = 10_000
"""Rows are made so many at a time, so that a small table is the beginning of a large one."""
GROUP = 250_000
CHECKED = 2_000
COMPARED = 10
"""So many rows are evaluated one by one by the reference engine."""


@dataclass(frozen=True)
class Case:
    """What one figure is about."""

    rows: int
    rules: int = 40
    fields: int = 6
    workers: int = 1


@dataclass(frozen=True)
class Ground:
    """A pack of so many rules, and a scenario to vary, in memory and on the disk."""

    folder: Path
    rules: int
    base: Scenario
    book: Rulebook

    @classmethod
    def of(cls, folder: Path, rules: int) -> Ground:
        """Write both below a folder."""
        own = folder / f"rules-{rules}"
        base, book = scenario(scenarios(1)[0]), rulebook(work(rules), own / "pack")
        (own / "base.json").write_text(base.model_dump_json(exclude_none=True), "utf-8")
        return cls(own, rules, base, book)

    def table(self, rows: int, fields: int) -> Path:
        """A table of variations, made if it is not there."""
        path = self.folder / f"table-{rows}-{fields}.parquet"
        if not path.exists():
            names = self.names(fields)
            with parquet.ParquetWriter(path, pa.schema([(name, pa.float64()) for name in names])) as writer:
                for group in _groups(names, rows):
                    writer.write_table(group, row_group_size=GROUP)
        return path

    def names(self, fields: int) -> list[str]:
        """What varies: numbers of threats and jurisdictions first, then weights of rules."""
        actors = [actor.id for actor in self.base.jurisdictions]
        found = [f"threats.{threat.id}.severity" for threat in self.base.threats]
        found += [f"jurisdictions.{actor}.capacities.staff" for actor in actors]
        found += [f"threats.{threat.id}.{field}" for threat in self.base.threats for field in ("reach", "exposure")]
        found += [f"jurisdictions.{actor}.capacities.{field}" for actor in actors for field in ("boats", "funds")]
        found += [f"weight.{rule.name}" for rule in self.book.rules]
        return found[:fields]

    def run(self, case: Case, out: Path, *, memory: bool = True) -> Figure:
        """One run, as a user starts it."""
        command = [
            str(Path(sys.executable).with_name("policyengine")),
            "batch",
            str(self.table(case.rows, case.fields)),
        ]
        command += ["--base", str(self.folder / "base.json"), "--pack", str(self.folder / "pack")]
        return watched([*command, "--out", str(out), "--workers", str(case.workers)], memory=memory)


def _groups(names: list[str], rows: int) -> Iterator[pa.Table]:
    for start in range(0, rows, GROUP):
        steps = [_step(names, step) for step in range(start, min(start + GROUP, rows), STEP)]
        yield pa.concat_tables(steps).combine_chunks()


def _step(names: list[str], first: int) -> pa.Table:
    random = np.random.default_rng((1, first))
    return pa.table({name: random.random(STEP) for name in names})


def limit(table: Path, out: Path, scratch: Path) -> float:
    """Processor time for reading the table and writing results like those in `out` beside it, in one process."""
    parts = json.loads((out / "manifest.json").read_text())["files"]
    start, group = time.process_time(), 0
    for part in parts:
        results = TableFile(out / next(iter(part["files"])))
        sample = next(iter(results.reader()))
        stop = group + -(-part["rows"] // GROUP)
        batches = TableFile(table, range(group, stop)).reader()
        write_table(scratch / f"{part['name']}.parquet", _alike(batches, sample))
        group = stop
    return round(time.process_time() - start, 3)


def _alike(batches: Iterator[Any], sample: Any) -> Iterator[Any]:
    names = set(sample.schema.names)
    for batch in batches:
        results = [
            column
            for name, column in zip(sample.schema.names, sample.columns, strict=True)
            if name not in batch.schema.names
        ]
        assert names >= set(batch.schema.names)
        for start in range(0, batch.num_rows, sample.num_rows):
            own = batch.slice(start, sample.num_rows)
            columns = [*own.columns, *(column.slice(0, own.num_rows) for column in results)]
            yield pa.RecordBatch.from_arrays(columns, names=sample.schema.names)


def check(ground: Ground, folder: Path) -> None:
    """Raise AssertionError unless totals are equal, whoever computes them."""
    small = parquet.read_table(ground.table(STEP, 6)).slice(0, CHECKED)
    found = total(evaluate_table(ground.base, small, ground.book, wide=True, max_memory=16 << 30).read_all())
    pairs = scenarios(1)[0]
    assert (found // MILLION == numpy_kernel(work(ground.rules), columns_of(pairs, ground.base, small))).all()
    for fields in (6, 60):
        case = Case(STEP, ground.rules, fields)
        one, two = folder / f"one-{ground.rules}-{fields}", folder / f"two-{ground.rules}-{fields}"
        ground.run(case, one)
        ground.run(replace(case, workers=2), two)
        assert digest(one) == digest(two)
        _compare(ground, parquet.read_table(ground.table(STEP, fields)), parquet.read_table(one / "results"))


def _compare(ground: Ground, table: pa.Table, results: pa.Table) -> None:
    """Some rows, each evaluated alone by the reference engine."""
    for row in range(0, STEP, STEP // COMPARED):
        alone = evaluate(*row_of(ground.base, ground.book, table, row), engine="reference")
        found = results.slice(row, 1).to_pylist()[0]
        for cell in alone.views[0].cells:
            name = f"{cell.threat}.{cell.layer}"
            assert (found[f"{name}.leads"].split(), found[f"{name}.mode"]) == (list(cell.leads), cell.mode)


def digest(out: Path) -> str:
    """A hash of all results of a run."""
    found = hashlib.sha256()
    for path in sorted((out / "results").iterdir()):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def measured(ground: Ground, case: Case, folder: Path) -> dict[str, Any]:
    """One figure with the physical limit beside it."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        out, scratch = Path(place) / "out", Path(place) / "scratch"
        figure = ground.run(case, out)
        scratch.mkdir()
        physical = limit(ground.table(case.rows, case.fields), out, scratch)
    return {**asdict(case), **asdict(figure), "limit_cpu_s": physical}


def workers(ground: Ground, rows: int, times: int, folder: Path) -> dict[str, Any]:
    """One process against two, in turn, so that both see the same machine."""
    taken: dict[int, list[Figure]] = {1: [], 2: []}
    for _ in range(times):
        for count, figures in taken.items():
            with tempfile.TemporaryDirectory(dir=folder) as place:
                case = Case(rows, ground.rules, workers=count)
                figures.append(ground.run(case, Path(place) / "out", memory=False))
    seconds = {count: [each.seconds for each in figures] for count, figures in taken.items()}
    chains = {count: [each.chain_s for each in figures] for count, figures in taken.items()}
    spent = [statistics.median(each.cpu_s for each in figures) for figures in taken.values()]
    return {
        "rows": rows, "one_s": seconds[1], "two_s": seconds[2], "best": round(min(seconds[1]) / min(seconds[2]), 2),
        "median": round(statistics.median(one / two for one, two in zip(seconds[1], seconds[2], strict=True)), 2),
        "cpu_s": spent, "chain_one_s": chains[1], "chain_two_s": chains[2],
        "chain_best": round(min(chains[1]) / min(chains[2]), 2),
        "chain_median": round(statistics.median(chains[1]) / statistics.median(chains[2]), 2),
        "load": round(os.getloadavg()[1], 1),
    }  # fmt: skip


def fold(ground: Ground, fields: int) -> dict[str, Any]:
    """Processor time of partial evaluation: the rules folded for this base and what varies, ready to run."""
    names = ground.names(fields)
    start = time.process_time()
    run = Folded(ground.base, ground.book, names).variations(dict.fromkeys(names, 0.5), {})
    assert run.program is not None
    return {"rules": ground.rules, "fields": fields, "cpu_s": round(time.process_time() - start, 3)}


def profile(ground: Ground, rows: int, folder: Path) -> dict[str, Any]:
    """Where the processor time of one part goes: the functions that take most of it themselves, in per cent."""
    parts = parts_of([ground.table(rows, 6)])
    task = task_of(unsaved(ground.base), ground.book, parts, TableForm(), folder / "profiled")
    carry_out_table_part(task, parts[0])
    watch = cProfile.Profile(time.process_time)
    watch.runcall(carry_out_table_part, task, parts[0])
    own = {key: each[2] for key, each in pstats.Stats(watch).stats.items()}  # type: ignore[attr-defined]
    most = sorted(own, key=lambda key: -own[key])[:10]
    return {
        "rows": rows, "cpu_s": round(sum(own.values()), 3),
        "parts": [[_called(*key), round(100 * own[key] / sum(own.values()))] for key in most],
    }  # fmt: skip


def _called(file: str, _: int, name: str) -> str:
    return f"{Path(file).parent.name}/{Path(file).name} {name}" if file != "~" else name.strip("{}<>")


def shipped(name: str, rows: int, folder: Path) -> dict[str, Any]:
    """A table of so many variations of a shipped scenario under the shipped packs."""
    from policyengine import shipped as files
    from policyengine.api import load_packs, load_scenario
    from policyengine.tables.paths import every_path

    book = load_packs()
    base = load_scenario(files.folder("scenarios") / f"{name}.yaml", book).scenario
    shares = [path.name for path in every_path(base, book) if path.section == "threats" and _is_share(path.type)]
    names = [*shares[:5], "param.co_lead_margin"]
    table = folder / "shipped.parquet"
    with parquet.ParquetWriter(table, pa.schema([(each, pa.float64()) for each in names])) as writer:
        for group in _groups(names, rows):
            margins = pa.array(20 * group.column(names[-1]).to_numpy())
            writer.write_table(group.set_column(len(names) - 1, names[-1], margins), row_group_size=GROUP)
    command = [str(Path(sys.executable).with_name("policyengine")), "batch", str(table), "--base", name]
    with tempfile.TemporaryDirectory(dir=folder) as place:
        figure = watched([*command, "--out", str(Path(place) / "out"), "--workers", "2"])
    table.unlink()
    return {
        "scenario": name,
        "rows": rows,
        "fields": len(names),
        "rules": len(book.rules),
        "workers": 2,
        **asdict(figure),
    }


SMALL = [Case(10_000), Case(20_000)]
FULL = [
    *(Case(10**power) for power in (4, 5, 6, 7)), Case(100_000, fields=60), Case(100_000, rules=400),
    Case(100_000, rules=400, fields=60), Case(10**7, workers=2),
]  # fmt: skip


TABLES = ("fold", "columns", "many", "growth", "workers", "profile", "shipped")


def main() -> None:
    """Measure, and write JSON: what is there after each figure, so that a long run may be ended."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="only see whether it works")
    parser.add_argument("--out", type=Path, help="a JSON file; without it, figures go to standard output")
    parser.add_argument("--only", choices=TABLES, nargs="+", help="measure these anew, and keep the others of --out")
    parser.add_argument("--times", type=int, default=5, help="how often one process runs against two")
    parser.add_argument("--folder", type=Path, help="where tables and results are put; they take some gigabytes")
    chosen = parser.parse_args()
    wanted = chosen.only or TABLES
    compileall.compile_dir(Path(policyengine.__file__).parent, quiet=1)  # as installing a wheel does
    kept = chosen.only and chosen.out and chosen.out.exists()
    found: dict[str, Any] = json.loads(chosen.out.read_text("utf-8")) if kept else {}
    found = {"about": about()} | {name: figures for name, figures in found.items() if name not in {"about", *wanted}}
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        for name, figure in figures(Path(place), wanted, chosen.times, small=chosen.small):
            sys.stderr.write(f"{name}: {json.dumps(figure)}\n")
            found.setdefault(name, []).append(figure)
            if chosen.out:
                chosen.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    if not chosen.out:
        sys.stdout.write(json.dumps(found, indent=1) + "\n")


def _is_share(kind: Type) -> bool:
    return isinstance(kind, Number) and (kind.low, kind.high) == (0, 1)


def figures(folder: Path, wanted: Sequence[str], times: int, *, small: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    """All figures that are wanted, each with the name of its table."""
    cases = SMALL if small else FULL
    grounds = {rules: Ground.of(folder, rules) for rules in sorted({case.rules for case in cases})}
    for ground in grounds.values():
        check(ground, folder)
        if "fold" in wanted:
            yield from (("fold", fold(ground, fields)) for fields in (6, 60))
        if "columns" in wanted:
            rows = 10_000 if small else 200_000 if ground.rules < 100 else 40_000
            yield from (("columns", figure) for figure in variations(ground.rules, rows))
    if "many" in wanted:
        count = 400 if small else 4_000
        yield from (("many", figure) for figure in (*(many(rules, count) for rules in grounds), shipped_many(count)))
    if "growth" in wanted:
        yield from (("growth", measured(grounds[case.rules], case, folder)) for case in cases)
    if "workers" in wanted:
        yield "workers", workers(grounds[40], 20_000 if small else 4_000_000, 1 if small else times, folder)
    if "profile" in wanted:
        yield "profile", profile(grounds[40], 20_000 if small else 250_000, folder)
    if "shipped" in wanted:
        yield "shipped", shipped("trafficking-quebec-vermont", 20_000 if small else 10_000_000, folder)


if __name__ == "__main__":
    main()
