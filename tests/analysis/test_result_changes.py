"""What changes between two results of random packs and scenarios leads back to rules, and the parts add up."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_packs import NUMBERS, Plain, a_pack, a_scenario, write_pack

from policyengine.analysis.attribution import StandingChange
from policyengine.analysis.result_changes import ModelChange, ResultChange, compare_results
from policyengine.analysis.rule_changes import RulebookChange, compare_rulebooks
from policyengine.api import evaluate
from policyengine.assess.consistency import contradictions
from policyengine.assess.result import ModelRank, Result, Standing, plain, read_result
from policyengine.domain.scenario import Scenario
from policyengine.report.data import render_json
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rulebook

SCENARIOS_PER_PACK = 3


def altered(random: Random, made: Plain) -> Plain:
    """The pack with other parameters and weights, and perhaps without its last rule, whose marks nobody reads."""
    other = deepcopy(made)
    for parameter in other["pack"]["parameters"].values():
        parameter["value"] = random.choice(NUMBERS)
    for rule in other["rules"]:
        rule["weight"] = random.choice([1, 1, 0.5, 3])
    if len(other["rules"]) > 1 and random.random() < 0.5:
        other["rules"].pop()
    return other


def score(side: Standing | ModelRank | None) -> int:
    return side.score if side else 0


def assert_adds_up(change: ResultChange) -> None:
    changes: list[StandingChange | ModelChange] = [each for cell in change.cells for each in cell.standings]
    for each in [*changes, *change.models]:
        assert sum(part.difference for part in each.parts) == score(each.after) - score(each.before)


def two_rulebooks(random: Random, folder: Path) -> tuple[Plain, Rulebook, Rulebook]:
    made = a_pack(random)
    before = load_rulebook([write_pack(made, folder / "before")])
    return made, before, load_rulebook([write_pack(altered(random, made), folder / "after")])


@given(st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_parts_add_up_on_random_packs(tmp_path_factory: pytest.TempPathFactory, random: Random) -> None:
    made, old, new = two_rulebooks(random, tmp_path_factory.getbasetemp() / "two-versions")
    for _ in range(SCENARIOS_PER_PACK):
        scenario = Scenario.model_validate(a_scenario(random, made["pack"]["vocabulary"]))
        before, after = (evaluate(scenario, book, "reference") for book in (old, new))
        assert not compare_results(before, before, "same").anything
        there, back = compare_results(before, after, "x"), compare_results(after, before, "x")
        assert_adds_up(there)
        assert_adds_up(back)
        assert (there.leads, there.size, there.anything) == (back.leads, back.size, back.anything)
        assert [(each.rule, each.appear) for each in there.firings] == [
            (each.rule, each.vanish) for each in back.firings
        ]
        assert there.leads == leads_that_differ(before, after)
        assert [(each.jurisdiction, each.label) for each in there.verdicts] == verdicts_that_differ(before, after)
        assert_turned_round(there, back)
        assert firings_of(there) == len(after.firings) - len(before.firings)


def leads_that_differ(before: Result, after: Result) -> int:
    old, new = (
        {(cell.threat, cell.layer): set(cell.leads) for cell in each.views[0].cells} for each in (before, after)
    )
    return sum(old[place] != new[place] for place in old)


def verdicts_that_differ(before: Result, after: Result) -> list[tuple[str, str]]:
    """The labels of which the two results give other numbers of bases."""
    old, new = (
        {(v.jurisdiction, v.label, v.holds, v.bases, v.undetermined) for v in each.burden_verdicts}
        for each in (before, after)
    )
    return sorted({said[:2] for said in old ^ new})


def assert_turned_round(there: ResultChange, back: ResultChange) -> None:
    """What is new one way is gone the other way, for the same reasons."""
    turned = {(a.kind, a.text, a.parties, a.after, a.before, a.rules_after, a.rules_before) for a in back.advice}
    assert turned == {
        (a.kind, a.text, a.parties, a.before, a.after, a.rules_before, a.rules_after) for a in there.advice
    }


def firings_of(change: ResultChange) -> int:
    """How many firings more there are after than before."""
    return sum(each.appear - each.vanish for each in change.firings)


@given(st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_a_result_that_was_written_and_read_does_not_contradict_itself(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    made = a_pack(random)
    rulebook = load_rulebook([write_pack(made, tmp_path_factory.getbasetemp() / "read-back")])
    result = evaluate(Scenario.model_validate(a_scenario(random, made["pack"]["vocabulary"])), rulebook)
    again = read_result(render_json(plain(result)))
    assert list(contradictions(again)) == []
    assert not compare_results(result, again, "same").anything


@given(st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_rules_that_are_told_are_those_that_were_altered(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    made = a_pack(random)
    other = altered(random, made)
    folder = tmp_path_factory.getbasetemp() / "altered"
    old = load_rulebook([write_pack(made, folder / "before")])
    assert compare_rulebooks(old, load_rulebook([write_pack(made, folder / "after")])) == RulebookChange((), (), (), ())
    found = compare_rulebooks(old, load_rulebook([write_pack(other, folder / "after")]))
    kept = [rule["rule"] for rule in other["rules"]]
    assert list(found.removed) == sorted(f"random/{rule['rule']}" for rule in made["rules"] if rule["rule"] not in kept)
    weights = {rule["rule"]: rule.get("weight", 1) for rule in made["rules"]}
    reweighted = [f"random/{rule['rule']}" for rule in other["rules"] if rule["weight"] != weights[rule["rule"]]]
    assert [change.rule for change in found.changed] == sorted(reweighted)
    assert {aspect.aspect for change in found.changed for aspect in change.aspects} <= {"weight"}


@given(st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_measures_and_cautions_that_are_told_are_those_that_differ(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    made, old, new = two_rulebooks(random, tmp_path_factory.getbasetemp() / "two-advices")
    scenario = Scenario.model_validate(a_scenario(random, made["pack"]["vocabulary"]))
    before, after = (evaluate(scenario, book, "reference") for book in (old, new))
    told = {(each.kind, each.text, each.parties) for each in compare_results(before, after, "x").advice}
    assert told == {said[:3] for said in advice_of(before) ^ advice_of(after)}


def advice_of(result: Result) -> set[tuple[str, str, tuple[str, ...], frozenset[str], frozenset[str]]]:
    """Each measure and caution with what it is about and the rules behind it."""
    measures = {
        ("measure", m.text, m.parties, frozenset(m.threats), frozenset(result.firings[f].rule for f in m.firings))
        for m in result.measures
    }
    nobody: tuple[str, ...] = ()
    return measures | {("caution", c.text, nobody, frozenset(c.about), frozenset(c.rules)) for c in result.cautions}
