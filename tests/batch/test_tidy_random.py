"""The rows of random packs and scenarios are those of their results, and of the firing table of the reference."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_packs import a_pack, a_scenario, write_pack

from policyengine.api import evaluate
from policyengine.batch.tidy.every import TABLES
from policyengine.batch.tidy.pieces import piece_of, rows_of
from policyengine.batch.writers import Evaluated
from policyengine.domain.scenario import Scenario
from policyengine.engines.reference import Reference
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.loading import load_rulebook

Rows = list[dict[str, object]]


@given(st.randoms(use_true_random=False))
@settings(max_examples=150)
def test_rows_of_random_scenarios_are_those_of_their_results(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    folder = tmp_path_factory.getbasetemp() / "tidy-random"
    made = a_pack(random)
    rulebook = load_rulebook([write_pack(made, folder)])
    scenario = Scenario.model_validate(a_scenario(random, made["pack"]["vocabulary"]))
    evaluated = Evaluated(evaluate(scenario, rulebook, "reference"), scenario, rulebook, ["x.yaml"], [])
    tables = read_back(evaluated, tmp_path_factory.getbasetemp())

    table = Reference(rulebook).run(facts_of(scenario, rulebook.vocabulary))
    undecided: Counter[tuple[object, ...]] = Counter()
    for row in table.undecided:
        effect = rulebook.rules[row.rule].effects[row.effect]
        if effect.kind in ("score", "bar"):
            actor = scenario.jurisdictions[row.subject.jurisdiction].id
            undecided[scenario.threats[row.subject.threat].id, effect.target, actor] += 1
    cells = {(each["threat"], each["layer"], each["jurisdiction"]): each for each in tables["allocation"]}
    assert len(cells) == len(tables["allocation"])
    assert {place: each["undecided"] for place, each in cells.items() if each["undecided"]} == undecided

    points: Counter[tuple[object, ...]] = Counter()
    for each in tables["contributions"]:
        points[each["threat"], each["layer"], each["jurisdiction"]] += int(str(each["strength"]))
    assert all(each["score"] == points[place] for place, each in cells.items())


def read_back(evaluated: Evaluated, folder: Path) -> dict[str, Rows]:
    """The tables of one scenario, from the bytes that a batch would have kept."""
    (folder / "x.rows.gz").write_bytes(piece_of(evaluated))
    record = {
        "name": "x", "status": "good", "files": {"x.rows.gz": ""},
        "summary": {"scenario": evaluated.scenario.scenario},
    }  # fmt: skip
    found: dict[str, Rows] = {table.name: [] for table in TABLES}
    for table, rows in rows_of(folder, record):
        found[table.name] = [dict(zip((c.name for c in table.columns), row, strict=True)) for row in rows]
    return found
