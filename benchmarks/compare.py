"""How fast the engines are beside plain Python, a hand-written NumPy kernel and the rivals, on equal work.

Totals are checked equal before any time counts. A rate is the best of three runs, in scenarios a second; ratios are to
plain closures. A rival that is not installed (`pip install '.[bench]'`) is named and left out.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from importlib import import_module, metadata
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from rivals import RIVALS, Total, closures, numpy_kernel
from work import Pair, Work, rulebook, scenario, scenarios, work

from policyengine.api import evaluate_many
from policyengine.engines.interface import ENGINES, make_engine
from policyengine.firing import MILLION
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rulebook

SECONDS = 1.0
"""How long each engine is measured, about."""


Run = Callable[[Sequence[Sequence[Pair]]], Sequence[int]]
"""The points of each scenario."""


class Row(NamedTuple):
    """One engine: scenarios a second, and what it is."""

    name: str
    version: str
    rate: float


def rate(run: Run, data: Sequence[Sequence[Pair]], want: list[int]) -> float:
    """Scenarios a second, the best of three, over as many scenarios as fit the time; raises if a total is wrong."""
    start = time.perf_counter()
    first = list(run(data[:20]))
    if first != want[:20]:
        raise AssertionError("totals differ")
    once = (time.perf_counter() - start) / 20
    count = max(20, min(len(data), int(SECONDS / 3 / once)))
    best = 0.0
    for _ in range(3):
        start = time.perf_counter()
        found = list(run(data[:count]))
        best = max(best, count / (time.perf_counter() - start))
        if found != want[:count]:
            raise AssertionError("totals differ")
    return best


def each(total: Total) -> Run:
    """A function of one scenario, called for each."""
    return lambda data: [total(pairs) for pairs in data]


def _each_of(make: Callable[[Sequence[Work]], Total], rules: Sequence[Work]) -> Run:
    return each(make(rules))


def ours(book: Rulebook, name: str) -> Run:
    """One of our engines, scenario by scenario, from facts that are ready."""
    engine = make_engine(name, book).engine
    ready: dict[int, Any] = {}

    def run(data: Sequence[Sequence[Pair]]) -> list[int]:
        found = []
        for pairs in data:
            if id(pairs) not in ready:
                ready[id(pairs)] = facts_of(scenario(pairs), book.vocabulary)
            found.append(sum(firing.strength for firing in engine.run(ready[id(pairs)]).fired) // MILLION)
        return found

    return run


def at_once(book: Rulebook) -> Run:
    """The columnar engine on all scenarios together, from scenarios that are ready to scores."""
    ready: dict[int, Any] = {}

    def run(data: Sequence[Sequence[Pair]]) -> list[int]:
        if len(data) not in ready:
            ready[len(data)] = [scenario(pairs) for pairs in data]
        found = evaluate_many(ready[len(data)], book, wide=True).read_all()
        scores = found.column("score").to_numpy().reshape(len(data), -1)
        return [int(total) // MILLION for total in scores.sum(axis=1)]

    return run


def kernel(rules: Sequence[Work]) -> Run:
    """The NumPy kernel, from columns that are ready."""
    ready: dict[int, dict[str, np.ndarray]] = {}

    def run(data: Sequence[Sequence[Pair]]) -> list[int]:
        if len(data) not in ready:
            fields = data[0][0]
            ready[len(data)] = {
                field: np.array([[pair[field] for pair in pairs] for pairs in data]) for field in fields
            }
        return [int(points) for points in numpy_kernel(rules, ready[len(data)])]

    return run


def workbench(rules: Sequence[Work]) -> Run:
    """EMA Workbench's sequential evaluator over the closures: what one call a case costs there."""
    ema = import_module("ema_workbench")
    ema.ema_logging.log_to_stderr(level=50)
    total = closures(rules)

    def run(data: Sequence[Sequence[Pair]]) -> list[int]:
        model = ema.Model("work", function=lambda place: {"points": total(data[int(place)])})
        model.uncertainties = [ema.IntegerParameter("place", 0, len(data) - 1)]
        model.outcomes = [ema.ScalarOutcome("points")]
        cases = [ema.Scenario(str(place), place=place) for place in range(len(data))]
        with ema.SequentialEvaluator(model) as evaluator:
            _, outcomes = evaluator.perform_experiments(cases, log_progress=True)  # else it draws a bar of its own
        return [int(points) for points in outcomes["points"]]

    return run


def measure(rules: int, count: int) -> list[Row]:
    """All engines on the same rules and scenarios."""
    made, data = work(rules), scenarios(count)
    plain = closures(made)
    want = [plain(pairs) for pairs in data]
    rows = [Row("plain closures", platform.python_version(), rate(each(plain), data, want))]
    rows.append(Row("NumPy kernel by hand, columns ready", np.__version__, rate(kernel(made), data, want)))
    with tempfile.TemporaryDirectory() as folder:
        book = rulebook(made, Path(folder))
        rows += [Row(f"policyengine, {name}", "", rate(ours(book, name), data, want)) for name in ENGINES]
        rows.append(Row("policyengine, columnar, all at once, from objects", "", rate(at_once(book), data, want)))
    for name, (distribution, make) in RIVALS.items():
        rows += _rival(name, distribution, partial(_each_of, make, made), data, want)
    return rows + _rival("EMA Workbench over closures", "ema_workbench", lambda: workbench(made), data, want)


def _rival(
    name: str,
    distribution: str,
    make: Callable[[], Run],
    data: Sequence[Sequence[Pair]],
    want: list[int],
) -> list[Row]:
    try:
        version = metadata.version(distribution) if distribution else platform.python_version()
    except metadata.PackageNotFoundError:
        sys.stderr.write(f"{name} is not installed\n")
        return []
    try:
        return [Row(name, version, rate(make(), data, want))]
    except Exception as error:  # noqa: BLE001 - a rival that fails is told, and the others go on
        sys.stderr.write(f"{name} fails: {type(error).__name__}: {str(error)[:200]}\n")
        return [Row(f"{name} (fails)", version, 0.0)]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, nargs="+", default=[40, 400], help="how many rules")
    parser.add_argument("--scenarios", type=int, default=5000, help="how many scenarios at most")
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    chosen = parser.parse_args()
    found = {rules: measure(rules, chosen.scenarios) for rules in chosen.rules}
    about = f"Python {platform.python_version()}, {platform.machine()}, one core"
    if chosen.json:
        print(json.dumps({"about": about, "rules": {n: [row._asdict() for row in rows] for n, rows in found.items()}}))
        return
    print(about)
    for rules, rows in found.items():
        print(f"\n{rules} rules, 24 pairs a scenario\n")
        print("| engine | version | scenarios/s | ratio to closures |\n|---|---|---:|---:|")
        for row in sorted(rows, key=lambda row: -row.rate):
            print(f"| {row.name} | {row.version} | {row.rate:,.0f} | {row.rate / rows[0].rate:.3g} |")


if __name__ == "__main__":
    main()
