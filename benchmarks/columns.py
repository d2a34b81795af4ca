"""Tables of variations and many scenarios, as ratios to plain closures and to a NumPy kernel by hand, in one run.

Everything is measured in processor time of this process, so that a busy machine changes little. Scores are checked
equal to the kernel's before any time counts.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from rivals import closures, numpy_kernel
from run import closures as shipped_closures
from run import forty_rules
from work import Pair, rulebook, scenario, scenarios, work

from policyengine.api import evaluate_many, evaluate_table, load_packs, load_scenario
from policyengine.domain.scenario import Scenario
from policyengine.firing import MILLION
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rulebook
from policyengine.shipped import folder

MOST = 16 << 30


def seconds(run: Callable[[], object]) -> float:
    """Processor time of one run."""
    start = time.process_time()
    run()
    return time.process_time() - start


def least(run: Callable[[], object]) -> float:
    """Processor time of the best of three runs, so that none pays for what the first loads."""
    return min(seconds(run) for _ in range(3))


def varied(base: Scenario, book: Rulebook, fields: int, rows: int) -> pa.Table:
    """A table that varies so many values: numbers of threats and jurisdictions first, then weights of rules."""
    random = np.random.default_rng(1)
    names = [f"threats.{threat.id}.severity" for threat in base.threats]
    names += [f"jurisdictions.{actor.id}.capacities.staff" for actor in base.jurisdictions]
    names += [f"threats.{threat.id}.{field}" for threat in base.threats for field in ("reach", "exposure")]
    actors = [actor.id for actor in base.jurisdictions]
    names += [f"jurisdictions.{actor}.capacities.{field}" for actor in actors for field in ("boats", "funds")]
    names += [f"weight.{rule.name}" for rule in book.rules]
    return pa.table({name: random.integers(0, 21, rows) / 20 for name in names[:fields]})


def columns_of(pairs: Sequence[Pair], base: Scenario, table: pa.Table) -> dict[str, np.ndarray]:
    """The columns that the kernel takes: (row, pair) for each field, six varied."""
    rows = table.num_rows
    found = {field: np.array([[pair[field] for pair in pairs]] * rows) for field in pairs[0]}
    for place, threat in enumerate(base.threats):
        values = table.column(f"threats.{threat.id}.severity").to_numpy()
        found["severity"][:, 6 * place : 6 * place + 6] = values[:, np.newaxis]
    for place, actor in enumerate(base.jurisdictions[:2]):
        values = table.column(f"jurisdictions.{actor.id}.capacities.staff").to_numpy()
        found["staff"][:, place::6] = values[:, np.newaxis]
    return found


def _exhaust(reader: pa.RecordBatchReader) -> None:
    for _ in reader:
        pass


def total(result: pa.Table) -> Any:
    """The points of all cells of each row."""
    names = [name for name in result.schema.names if name.endswith(".score") and not name.startswith("model.")]
    return sum(result.column(name).to_numpy() for name in names)


def variations(rules: int, rows: int) -> list[dict[str, Any]]:
    """Rows of figures for one number of rules."""
    made = work(rules)
    with tempfile.TemporaryDirectory() as folder:
        book = rulebook(made, Path(folder))
    pairs = scenarios(1)[0]
    base, plain = scenario(pairs), closures(made)
    closure = 50 / seconds(lambda: [plain(pairs) for _ in range(50)])
    few = varied(base, book, 6, min(rows, 20_000))
    full = columns_of(pairs, base, few)
    want = numpy_kernel(made, full)
    if not (total(evaluate_table(base, few, book, wide=True, max_memory=MOST).read_all()) // MILLION == want).all():
        raise AssertionError("totals differ")
    kernel = few.num_rows / seconds(lambda: numpy_kernel(made, full))
    found = []
    for fields in (6, 60):
        table = varied(base, book, fields, rows)
        for wide in (False, True):
            start = time.process_time()
            reader = evaluate_table(base, table, book, wide=wide, max_memory=MOST)
            checked = time.process_time() - start
            rate = rows / seconds(partial(_exhaust, reader))
            about = {"rules": rules, "fields": fields, "wide": wide, "check_s": round(checked, 3)}
            ratios = {"to_closures": round(rate / closure), "to_kernel": round(rate / kernel, 2)}
            found.append({**about, "rows_per_s": round(rate), **ratios})
    return found


def many(rules: int, count: int) -> dict[str, Any]:
    """Different scenarios from objects."""
    made, data = work(rules), scenarios(count)
    with tempfile.TemporaryDirectory() as folder:
        book = rulebook(made, Path(folder))
    objects, plain = [scenario(pairs) for pairs in data], closures(made)
    closure = 200 / least(lambda: [plain(pairs) for pairs in data[:200]])
    rate = count / least(lambda: evaluate_many(objects, book).read_all())
    return {"rules": rules, "shipped": False, "scenarios_per_s": round(rate), "to_closures": round(rate / closure, 2)}


def shipped_many(count: int) -> dict[str, Any]:
    """Copies of the shipped scenarios under forty shipped rules, which read many more values and ask about ties.

    No two scenarios share an object. The closures give firings only; they start from objects, as the engine does, or
    from facts made before.
    """
    book = forty_rules()
    every = load_packs()
    shipped = [load_scenario(path, every).scenario for path in sorted(folder("scenarios").glob("*.yaml"))]
    copied = (shipped[place % len(shipped)].model_copy(deep=True) for place in range(count))
    objects = [each.model_copy(update={"scenario": f"s{place}"}) for place, each in enumerate(copied)]
    run, some = shipped_closures(book), objects[: 10 * len(shipped)]
    facts = [facts_of(each, book.vocabulary) for each in some]
    closure = len(some) / least(lambda: [run(facts_of(each, book.vocabulary)) for each in some])
    ready = len(some) / least(lambda: [run(each) for each in facts])
    rate = count / least(lambda: evaluate_many(objects, book).read_all())
    ratios = {"to_closures": round(rate / closure, 2), "to_closures_from_facts": round(rate / ready, 2)}
    return {"rules": 40, "shipped": True, "scenarios_per_s": round(rate), **ratios}


def main() -> None:
    """Measure and print JSON, one line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000, help="rows of a table")
    parser.add_argument("--scenarios", type=int, default=4_000, help="different scenarios")
    parser.add_argument("--rules", type=int, nargs="+", default=[40, 400], help="how many rules")
    chosen = parser.parse_args()
    for rules in chosen.rules:
        for figures in (*variations(rules, chosen.rows), many(rules, chosen.scenarios)):
            sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.write(json.dumps(shipped_many(chosen.scenarios)) + "\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    about = {"peak_mib": round(peak), "python": sys.version.split()[0], "numpy": np.__version__}
    sys.stdout.write(json.dumps(about) + "\n")


if __name__ == "__main__":
    main()
