"""Which rules came near, and how explanations order them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from policyengine.api import evaluate, explain, load_scenario
from policyengine.engines.reasons import Seen, facts_with_marks, marked_facts
from policyengine.engines.reference import Reference
from policyengine.explanation import NEAREST, Explainer
from policyengine.explanation.nearest import Missed
from policyengine.lang.nodes import Node, apply, literal, name
from policyengine.lang.types import NUMBER, Word
from policyengine.rulebook.facts import Record, facts_of
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile

BINDINGS: dict[str, Any] = {"threat": {"severity": 0.5}, "jurisdiction": {"level": "town"}}


@pytest.fixture
def scenario(scenario_path: Path, rulebook: Rulebook) -> ScenarioFile:
    return load_scenario(scenario_path, rulebook)


def at_least(value: float, of: str = "severity") -> Node:
    return apply(">=", (name(("threat", of), NUMBER), literal(value)))


def of_level(level: str) -> Node:
    kind = Word("level")
    return apply("==", (name(("jurisdiction", "level"), kind), literal(level, kind)))


def missed(rule: str, *conditions: Node) -> Missed:
    return Missed(rule, [part for each in conditions for part in Seen().failing(each, BINDINGS)])


def test_undecided_rules_come_first_then_those_that_came_nearest_and_last_those_about_others() -> None:
    rules = [
        missed("elsewhere", of_level("port")),
        missed("two parts", at_least(2), at_least(0.6)),
        missed("far", at_least(2)),
        missed("near", at_least(0.6)),
        missed("open", at_least(0.6, of="likelihood")),
    ]
    assert [each.rule for each in sorted(rules, key=lambda each: each.reach)] == [
        "open", "near", "far", "two parts", "elsewhere",
    ]  # fmt: skip


def test_a_rule_is_about_others_if_a_part_that_fails_says_who_and_nothing_else() -> None:
    either = apply("or", (of_level("port"), at_least(2)))
    assert missed("p/r", of_level("port"), at_least(2)).elsewhere
    assert not missed("p/r", either).elsewhere
    assert not missed("p/r", of_level("town"), at_least(2)).elsewhere
    unknown = Seen().failing(of_level("port"), {"jurisdiction": {}})
    assert not Missed("p/r", unknown).elsewhere


def test_parts_that_hold_are_not_among_what_failed() -> None:
    assert [part.distance for part in Seen().failing(apply("and", (at_least(0.4), at_least(1.5))), BINDINGS)] == [1.0]


def test_a_short_explanation_is_the_beginning_of_the_full_one(scenario: ScenarioFile, rulebook: Rulebook) -> None:
    full = explain(scenario, rulebook)
    short = Explainer(rulebook).explain_in_short(evaluate(scenario, rulebook, "reference"), scenario.scenario)
    assert short.result == full.result
    for brief, why in zip(short.whys, full.whys, strict=True):
        assert brief.not_fired == tuple(each for each in why.not_fired if not each.elsewhere)[:NEAREST]
        assert (brief.standing, brief.behind, brief.contributions) == (why.standing, why.behind, why.contributions)


def marks_on(records: Iterable[Record]) -> list[Record]:
    return [{path: value for path, value in record.items() if "marks." in path} for record in records]


def test_rules_that_set_marks_are_enough_to_know_all_marks(scenario: ScenarioFile, rulebook: Rulebook) -> None:
    facts = facts_of(scenario.scenario, rulebook.vocabulary)
    whole = marked_facts(rulebook, facts, Reference(rulebook).run(facts))
    alone = facts_with_marks(rulebook, facts)
    assert any(marks_on(alone.jurisdictions))
    assert marks_on(alone.threats) == marks_on(whole.threats)
    assert marks_on(alone.jurisdictions) == marks_on(whole.jurisdictions)
    assert marks_on(row for _, row in alone.burdens) == marks_on(row for _, row in whole.burdens)
