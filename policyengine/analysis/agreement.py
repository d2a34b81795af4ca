"""Whether everything that evaluates many rows at once gives exactly what evaluating each alone gives.

What is compared: firings and undecided effects of every engine; leads, modes, ranks, scores, shares (bit by bit),
open effects and fired rules of every row of a table; the same of many scenarios at once. A row alone is its scenario,
read again, under the reference engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from policyengine.analysis.random_scenarios import Plain
from policyengine.assess.allocation import pooled_shares, positive, side_shares
from policyengine.assess.case import Case
from policyengine.assess.tally import tally
from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar import Columnar
from policyengine.engines.interface import ENGINES, Choice, Engine
from policyengine.engines.reference import Reference
from policyengine.errors import Problems
from policyengine.evaluation import evaluate_scenario
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rulebook
from policyengine.tables import arrow, many
from policyengine.tables.evaluate import Evaluation
from policyengine.tables.paths import resolve
from policyengine.tables.rows import rulebook_of, scenario_of

MEMORY = 1 << 30


def engines_there(rulebook: Rulebook) -> tuple[list[Engine], dict[str, str]]:
    """The engines that can be made, the reference first, and why the others cannot; whoever asks closes them."""
    made: list[Engine] = []
    missing: dict[str, str] = {}
    for name in sorted(ENGINES, key=lambda name: name != Reference.name):
        try:
            made.append(ENGINES[name](rulebook))
        except ImportError as error:
            missing[name] = str(error)
    return made, missing


def engine_differences(rulebook: Rulebook, scenarios: Sequence[Plain]) -> list[str]:
    """Which engine differs from the reference, on which scenario."""
    facts_of_each = [facts_of(Scenario.model_validate(data), rulebook.vocabulary) for data in scenarios]
    engines, _ = engines_there(rulebook)
    reference, *others = engines
    found = [
        f"engine {engine.name}, scenario {place}"
        for engine in others
        for place, facts in enumerate(facts_of_each)
        if engine.run(facts) != reference.run(facts)
    ]
    for engine in engines:
        engine.close()
    return found


def table_of(base: Scenario, rulebook: Rulebook, columns: Mapping[str, Sequence[Any]]) -> Any:
    """Plain columns as an Arrow table."""
    paths = resolve(list(columns), base, rulebook, Problems())
    return arrow.table_of(columns, {path.name: path.type for path in paths})


def table_differences(base: Scenario, rulebook: Rulebook, columns: Mapping[str, Sequence[Any]]) -> list[str]:
    """Which column of which row of the result differs from evaluating the row alone."""
    table = table_of(base, rulebook, columns)
    evaluation = Evaluation(base, rulebook, table, {"wide": True, "fired": True}, MEMORY)
    rows = evaluation.reader().read_all().to_pylist()
    paths = resolve(list(columns), base, rulebook, Problems())
    found = []
    for place, row in enumerate(rows):
        values = {name: _plain(column[place]) for name, column in columns.items()}
        wanted = expected(scenario_of(base, paths, values), rulebook_of(rulebook, paths, values))
        found += different(row, wanted, f"row {place}")
    return found


def many_differences(rulebook: Rulebook, scenarios: Sequence[Plain]) -> list[str]:
    """Which scenario gives other firings or results among many than alone."""
    models = [Scenario.model_validate(data) for data in scenarios]
    facts = [facts_of(scenario, rulebook.vocabulary) for scenario in models]
    reference = Reference(rulebook)
    tables = Columnar(rulebook).run_many(facts)
    found = ["firings without facts"] if Columnar(rulebook).run_scenarios(models) != tables else []
    found += [
        f"firings of scenario {place}"
        for place, (table, each) in enumerate(zip(tables, facts, strict=True))
        if table != reference.run(each)
    ]
    alone = [expected(scenario, rulebook) for scenario in models]
    named = [scenario.model_copy(update={"scenario": f"s{place}"}) for place, scenario in enumerate(models)]
    for row in many.reader_of(named, rulebook, wide=False).read_all().to_pylist():
        place, cell = int(row["scenario"][1:]), f"{row['threat']}.{row['layer']}"
        wanted = {name: alone[place][f"{cell}.{name}"] for name in ("leads", "mode", "undecided")}
        found += different({name: row[name] for name in wanted}, wanted, f"scenario {place}, {cell}")
    for row in many.reader_of(named, rulebook, wide=True).read_all().to_pylist():
        place, cell = int(row["scenario"][1:]), f"{row['threat']}.{row['layer']}.{row['jurisdiction']}"
        wanted = {name: alone[place][f"{cell}.{name}"] for name in ("score", "share", "share_of_side")}
        found += different({name: row[name] for name in wanted}, wanted, f"scenario {place}, {cell}")
    return found


def different(row: Mapping[str, Any], wanted: Mapping[str, Any], where: str) -> list[str]:
    """Which columns of a row are not what is wanted, to the last bit."""
    names = sorted(row.keys() | wanted.keys())
    return [
        f"{where}: {name} is {row.get(name)!r}, alone {wanted.get(name)!r}"
        for name in names
        if not _same(row.get(name), wanted.get(name))
    ]


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other) and repr(one) == repr(other)


def _plain(value: Any) -> Any:
    return frozenset(value) if isinstance(value, list) else value


def expected(scenario: Scenario, rulebook: Rulebook) -> dict[str, Any]:
    """The wide result of one scenario, evaluated alone by the reference engine."""
    engine = Reference(rulebook)
    result = evaluate_scenario(scenario, "", rulebook, Choice(engine))
    facts = facts_of(scenario, rulebook.vocabulary)
    table = engine.run(facts)
    case = Case(scenario, rulebook, facts, table, {})
    sums = tally(rulebook, table, case.shape, case.views["all"])
    counted = positive(sums.scores, sums.barred)
    pooled, own = pooled_shares(counted), side_shares(counted, case.side)
    layers = {layer: place for place, layer in enumerate(case.shape.layers)}
    places = {threat.id: place for place, threat in enumerate(scenario.threats)}
    found: dict[str, Any] = {}
    for cell in result.views[0].cells:
        name, at = f"{cell.threat}.{cell.layer}", (places[cell.threat], layers[cell.layer])
        found |= {f"{name}.leads": " ".join(cell.leads), f"{name}.mode": cell.mode, f"{name}.undecided": 0}
        for place, actor in enumerate(scenario.jurisdictions):
            found[f"{name}.{actor.id}.score"] = int(sums.scores[*at, place])
            found[f"{name}.{actor.id}.share"] = float(pooled[*at, place])
            found[f"{name}.{actor.id}.share_of_side"] = float(own[*at, place])
    for row in table.undecided:
        effect = rulebook.rules[row.rule].effects[row.effect]
        if effect.kind in ("score", "bar"):
            found[f"{scenario.threats[row.subject.threat].id}.{effect.target}.undecided"] += 1
    for rank in result.views[0].models:
        found |= {f"model.{rank.model}.rank": rank.rank, f"model.{rank.model}.score": rank.score}
    fired = {firing.rule for firing in table.fired}
    return found | ({"fired": _bits(fired, len(rulebook.rules))} if rulebook.rules else {})


def _bits(fired: set[int], rules: int) -> bytes:
    flags = np.array([place in fired for place in range(rules)])
    return np.packbits(flags, bitorder="little").tobytes()
