"""Marks that several rules set, in one wave or in several."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from random_packs import a_pack, a_scenario, write_pack

from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import ENGINES
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.loading import load_rulebook


def a_rule(name: str, when: str, *effects: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": name, "claim": "memo/it-holds", "nature": "normative", "why": "A test.", "when": when,
        "then": list(effects),
    }  # fmt: skip


@pytest.mark.parametrize("name", list(ENGINES))
def test_a_mark_that_one_rule_sets_stays_true_though_a_later_rule_is_undecided(name: str, tmp_path: Path) -> None:
    made = a_pack(Random(1))
    made["rules"] = [
        a_rule("first", "known(threat.kind)", {"mark": "threat.sure"}, {"mark": "threat.other"}),
        a_rule("later", "threat.marks.other and threat.severity > 0.5", {"mark": "threat.sure"}),
        a_rule("last", "threat.marks.sure", {"caution": "It is sure."}),
    ]
    rulebook = load_rulebook([write_pack(made, tmp_path)])
    scenario = a_scenario(Random(1), made["pack"]["vocabulary"])
    scenario["threats"] = [{"id": "t", "name": "t", "kind": scenario["threats"][0]["kind"]}]
    engine = ENGINES[name](rulebook)
    table = engine.run(facts_of(Scenario.model_validate(scenario), rulebook.vocabulary))
    engine.close()
    fired = {rulebook.rules[row.rule].id for row in table.fired}
    assert fired == {"first", "last"}
    assert {rulebook.rules[row.rule].id for row in table.undecided} == {"later"}
