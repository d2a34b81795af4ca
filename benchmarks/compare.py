"""How fast the engines are beside plain Python, a hand-written NumPy kernel and the rivals, on equal work.

All are given the same variations of one scenario, six numbers varied, and their totals are checked equal before any
time counts. A rate is the best of three runs, in scenarios a second of processor time (of threads and processes that
were started as well), which others on the machine disturb little; ratios are to plain closures. A rival that is not
installed (`pip install '.[bench]'`) is named and left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from columns import MOST, columns_of, total, varied
from machine import about
from rivals import RIVALS, Total, closures, numpy_kernel
from watching import spent_by_children
from work import Pair, Work, rulebook, scenario, scenarios, work

from policyengine.api import evaluate_many, evaluate_table
from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import ENGINES, make_engine
from policyengine.firing import MILLION
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rulebook

SECONDS = 1.0
"""How long each engine is measured, about."""
FIRST = 20
FIELDS = 6

Run = Callable[[int], Sequence[int]]
"""The points of so many of the first scenarios."""


@dataclass(frozen=True)
class Row:
    """One engine: scenarios a second of processor time, and what it is; 0 and the reason where it fails."""

    name: str
    kind: str
    version: str
    rate: float
    fails: str = ""


@dataclass(frozen=True)
class Data:
    """The same variations in the form that each engine takes, and the points of each."""

    rules: Sequence[Work]
    base: Scenario
    table: pa.Table
    pairs: Sequence[Sequence[Pair]]
    want: Sequence[int]

    @classmethod
    def of(cls, rules: Sequence[Work], count: int, rows: int, folder: Path) -> tuple[Data, Rulebook]:
        """`rows` variations, of which `count` as records too; and the rules as a pack."""
        first, book = scenarios(1)[0], rulebook(rules, folder)
        base = scenario(first)
        table = varied(base, book, FIELDS, rows)
        pairs = [_varied(first, row) for row in table.slice(0, count).to_pylist()]
        plain = closures(rules)
        return cls(rules, base, table, pairs, [plain(each) for each in pairs]), book


def _varied(pairs: Sequence[Pair], row: dict[str, float]) -> list[Pair]:
    """The 24 pairs of a row: each threat with the same six jurisdictions."""
    found = [dict(pair) for pair in pairs]
    for name, value in row.items():
        section, entry, *_, field = name.split(".")
        number = int(entry[1:])
        places = range(6 * number, 6 * number + 6) if section == "threats" else range(number, 24, 6)
        for place in places:
            found[place][field] = value
    return found


def spent() -> float:
    """Processor time of this process and of those that it waited for."""
    return time.process_time() + spent_by_children()


def rate(run: Run, want: Sequence[int], *, whole: bool = False) -> float:
    """Scenarios a second, the best of three, over as many as fit the time or all; raises if a total is wrong."""
    _check(run(FIRST), want[:FIRST])
    start = spent()
    _check(run(FIRST), want[:FIRST])
    once = max(spent() - start, 0.001) / FIRST
    count = len(want) if whole else max(FIRST, min(len(want), int(SECONDS / 3 / once)))
    best = 0.0
    for _ in range(3):
        start = spent()
        found = run(count)
        best = max(best, count / max(spent() - start, 0.001))
        _check(found, want[:count])
    return best


def _check(found: Sequence[int], want: Sequence[int]) -> None:
    if list(found) != list(want):
        raise AssertionError("totals differ")


def each(one: Total, data: Data) -> Run:
    """A function of one scenario, called for each."""
    return lambda count: [one(pairs) for pairs in data.pairs[:count]]


def ours(name: str, book: Rulebook, data: Data) -> Run:
    """One of our engines, scenario by scenario, from facts that are ready."""
    engine = make_engine(name, book).engine
    facts = [facts_of(scenario(pairs), book.vocabulary) for pairs in data.pairs]

    def run(count: int) -> list[int]:
        return [sum(firing.strength for firing in engine.run(each).fired) // MILLION for each in facts[:count]]

    return run


def at_once(book: Rulebook, data: Data) -> Run:
    """Many scenarios together, from objects that are ready to scores."""
    objects = [scenario(pairs) for pairs in data.pairs]

    def run(count: int) -> list[int]:
        found = evaluate_many(objects[:count], book, wide=True).read_all()
        scores = found.column("score").to_numpy().reshape(count, -1)
        return [int(points) // MILLION for points in scores.sum(axis=1)]

    return run


def table_rate(book: Rulebook, data: Data) -> float:
    """Variations a second, leads out in memory; scores are checked first."""
    few = data.table.slice(0, len(data.want))
    scores = total(evaluate_table(data.base, few, book, wide=True, max_memory=MOST).read_all())
    _check([int(points) // MILLION for points in scores], data.want)
    best = 0.0
    for _ in range(3):
        start = spent()
        for _ in evaluate_table(data.base, data.table, book, max_memory=MOST):
            pass
        best = max(best, data.table.num_rows / (spent() - start))
    return best


def kernel(data: Data) -> Run:
    """The NumPy kernel, from columns that are ready."""
    columns = columns_of(data.pairs[0], data.base, data.table.slice(0, len(data.want)))
    found: dict[int, dict[str, np.ndarray]] = {}

    def run(count: int) -> list[int]:
        ready = found.setdefault(count, {field: column[:count] for field, column in columns.items()})
        return [int(points) for points in numpy_kernel(data.rules, ready)]

    return run


def workbench(evaluator: str, data: Data) -> Run:
    """An evaluator of EMA Workbench over the closures: what one call a case costs there."""
    ema = import_module("ema_workbench")
    ema.ema_logging.log_to_stderr(level=50)
    one, pairs = closures(data.rules), data.pairs

    def run(count: int) -> list[int]:
        model = ema.Model("work", function=lambda place: {"points": one(pairs[int(place)])})
        model.uncertainties = [ema.IntegerParameter("place", 0, len(pairs) - 1)]
        model.outcomes = [ema.ScalarOutcome("points")]
        cases = [ema.Scenario(str(place), place=place) for place in range(count)]
        with getattr(ema, evaluator)(model) as evaluate:
            _, outcomes = evaluate.perform_experiments(cases, log_progress=True)  # else it draws a bar of its own
        return [int(points) for points in outcomes["points"]]

    return run


def measure(rules: int, count: int, rows: int) -> Iterator[Row]:
    """All engines on the same rules and variations, one after the other."""
    made = work(rules)
    with tempfile.TemporaryDirectory() as folder:
        data, book = Data.of(made, count, rows, Path(folder))
    python, own = about()["python"], about()["policyengine"]
    yield Row("plain closures", "python", python, rate(each(closures(made), data), data.want))
    yield Row(
        "NumPy kernel by hand, columns ready", "python", np.__version__, rate(kernel(data), data.want, whole=True)
    )
    for name in ENGINES:
        yield Row(f"policyengine, {name}", "own", own, rate(ours(name, book, data), data.want))
    yield Row("policyengine, many scenarios from objects", "own", own, rate(at_once(book, data), data.want, whole=True))
    yield Row("policyengine, table of variations", "own", own, table_rate(book, data))
    for name, (distribution, make) in RIVALS.items():
        yield from rival(name, distribution, partial(_each_of, make, data), data.want)
    for evaluator in ("SequentialEvaluator", "MultiprocessingEvaluator"):
        name = f"EMA Workbench, {evaluator.removesuffix('Evaluator').lower()}, over closures"
        yield from rival(name, "ema_workbench", partial(workbench, evaluator, data), data.want)


def _each_of(make: Callable[[Sequence[Work]], Total], data: Data) -> Run:
    return each(make(data.rules), data)


def rival(name: str, distribution: str, make: Callable[[], Run], want: Sequence[int]) -> Iterator[Row]:
    """The figure of something that may be missing or fail; plain Python has no distribution."""
    try:
        version = metadata.version(distribution) if distribution else about()["python"]
    except metadata.PackageNotFoundError:
        sys.stderr.write(f"{name} is not installed\n")
        return
    kind = "rival" if distribution else "python"
    try:
        yield Row(name, kind, version, rate(make(), want))
    except Exception as error:  # noqa: BLE001 - a rival that fails is told, and the others go on
        reason = f"{type(error).__name__}: {str(error)[:200]}"
        sys.stderr.write(f"{name} fails: {reason}\n")
        yield Row(name, kind, version, 0.0, reason)


def main() -> None:
    """Measure, and print Markdown; with --out write JSON, what is there after each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, nargs="+", default=[40, 400], help="how many rules")
    parser.add_argument("--scenarios", type=int, default=4_000, help="how many at most one by one")
    parser.add_argument("--rows", type=int, default=200_000, help="how many as a table")
    parser.add_argument("--out", type=Path, help="a JSON file to write as well")
    chosen = parser.parse_args()
    found: dict[str, Any] = {"about": about(), "pairs": 24, "fields": FIELDS, "rows": chosen.rows, "rules": {}}
    sys.stdout.write(", ".join(f"{name} {value}" for name, value in found["about"].items()) + "\n")
    for rules in chosen.rules:
        sys.stdout.write(f"\n{rules} rules, 24 pairs a scenario\n\n")
        sys.stdout.write("| engine | version | scenarios a processor second | times closures |\n|---|---|---:|---:|\n")
        rows: list[Row] = []
        for row in measure(rules, chosen.scenarios, chosen.rows):
            rows.append(row)
            shown = f"{row.rate:,.0f} | {row.rate / rows[0].rate:,.2f}" if not row.fails else "fails | "
            sys.stdout.write(f"| {row.name} | {row.version} | {shown} |\n")
            sys.stdout.flush()
            found["rules"][str(rules)] = [asdict(each) for each in rows]
            if chosen.out:
                chosen.out.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
