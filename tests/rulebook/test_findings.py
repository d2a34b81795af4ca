"""What is found in rules is told in the words of their author, at the very place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rulebook.conftest import PACK, WritePacks, a_rule, marked

from policyengine.engines.reference import evaluate
from policyengine.errors import Problem
from policyengine.rulebook.checks import claims_carried
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.examine import examine_packs
from policyengine.rulebook.loading import load_rulebook, shipped_packs


def found(write_packs: WritePacks, when: str, code: str) -> Problem:
    """The finding of this code in a pack with one rule."""
    root = write_packs({"mine/a/one.yaml": a_rule("one", when=when)})
    (problem,) = (each for each in examine_packs([root / "mine"], evaluate).problems if each.code == code)
    return problem


def test_a_parameter_is_proposed_beside_a_bare_number_that_crosses_it(write_packs: WritePacks) -> None:
    problem = found(write_packs, "0.7 <= threat.severity <= param.high", "R202")
    assert problem.hint == "it may fire with param.high at its high end, 1"
    assert "'0.7 <= threat.severity' and 'threat.severity <= param.high' are never true" in problem.message


def test_a_condition_is_named_as_it_is_written(write_packs: WritePacks) -> None:
    when = "any(j.level  == 'upper' and j.level == 'lower' for j in jurisdictions)"
    problem = found(write_packs, when, "R201")
    assert "'any(j.level == 'upper' and j.level == 'lower' for j in jurisdictions)' is never true" in problem.message
    assert marked(problem) == when


def test_a_condition_that_is_never_false_is_marked_where_it_stands(write_packs: WritePacks) -> None:
    assert marked(found(write_packs, "|\n  threat.severity >= 0", "R203")) == "threat.severity >= 0"


def test_a_hint_says_what_the_names_can_be(write_packs: WritePacks) -> None:
    assert "(threat.severity is from 0 to 1)" in found(write_packs, "threat.severity > 1", "R201").hint
    assert (
        "(threat.kind is one of: fire, flood)"
        in found(write_packs, 'threat.kind != "fire" and threat.kind != "flood"', "R201").hint
    )


def test_a_declared_fact_is_proposed_by_the_name_that_rules_use(write_packs: WritePacks) -> None:
    root = write_packs({"mine/a/one.yaml": a_rule("one")})
    hints = {each.hint for each in examine_packs([root / "mine"]).problems if each.code == "R106"}
    assert "use threat.attributes.spread in a rule, or take the word out" in hints
    assert "use scenario.conditions.drought in a rule, or take the word out" in hints


def test_claims_of_a_shipped_register_are_reported_if_all_shipped_packs_are_examined() -> None:
    packs = shipped_packs()
    rulebook = load_rulebook(packs)
    carried = next(rule.claims[0] for rule in rulebook.rules if rule.pack == "layered-border")
    left = replace(rulebook, rules=tuple(rule for rule in rulebook.rules if carried not in rule.claims))
    named = carried.partition("/")[2]
    together = [each.message for each in claims_carried.check(Study(left, frozenset(packs)))]
    assert any(f"'{named}'" in message for message in together)
    assert len(together) == len(set(together))
    assert not list(claims_carried.check(Study(left, frozenset(packs) - {"practice"})))


def test_a_register_of_a_pack_is_its_own_affair(write_packs: WritePacks) -> None:
    claim = "  - {claim: two, heading: All, position: 2, kind: claim, polarity: asserted, paraphrase: So.}\n"
    root = write_packs({"mine/a/one.yaml": a_rule("one"), "mine/pack.yaml": PACK})
    seeds: Path = root / "mine" / "seeds" / "memo.yaml"
    seeds.write_text(seeds.read_text("utf-8") + claim, "utf-8")
    (problem,) = (each for each in examine_packs([root / "mine"]).problems if each.code == "R101")
    assert "policyengine rules new NAME --claim memo/two" in problem.hint


def test_a_part_that_stands_twice_is_marked_where_it_can_be_taken_out(write_packs: WritePacks) -> None:
    when = "(threat.agent or threat.reach > 0) and threat.agent and threat.agent"
    root = write_packs({"mine/a/one.yaml": a_rule("one", when=when)})
    problems = [each for each in examine_packs([root / "mine"], evaluate).problems if each.code == "R204"]
    assert [each.span and each.span.column for each in problems] == [8, 46]


GIVES, TAKES = "[{score: field, points: 1}]", "[{score: field, points: -1}]"


def of_two(write_packs: WritePacks, one: tuple[str, str], two: tuple[str, str], code: str) -> list[Problem]:
    """The findings of this code in a pack with two rules, each with its condition and effects."""
    rules = {"one": one, "two": two}
    files = {
        f"mine/a/{name}.yaml": a_rule(name, when=f"|\n  {when}", then=then) for name, (when, then) in rules.items()
    }
    return [each for each in examine_packs([write_packs(files) / "mine"], evaluate).problems if each.code == code]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("threat.kind == 'fire'", "threat.kind in ('fire',)"),
        ("threat.kind == 'fire'", "threat.kind != 'flood'"),
        ("threat.severity >= param.high", "not threat.severity < param.high"),
        ("not (threat.agent or threat.attributes.watched)", "not threat.attributes.watched and not threat.agent"),
        ("threat.agent == True", "threat.agent"),
        ("scenario.year >= 2010", "scenario.year > 2009"),
        ("any(t.kind == 'pact' for t in ties)", "any(True for x in ties if x.kind == 'pact')"),
        (
            "threat.agent and (threat.kind == 'fire' or threat.severity > param.high)",
            "threat.agent and threat.kind == 'fire' or threat.severity > param.high and threat.agent",
        ),
    ],
)
def test_a_condition_written_differently_counts_twice_as_well(write_packs: WritePacks, one: str, two: str) -> None:
    (problem,) = of_two(write_packs, (one, GIVES), (two, GIVES), "R205")
    assert problem.message.startswith("the rule 'one' has the same condition, written differently, and the same effect")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("threat.severity >= param.high", "threat.severity > param.high"),
        ("threat.kind == 'fire' or threat.agent", "threat.kind == 'fire' and threat.agent"),
        ("threat.severity - param.high >= 0 or threat.agent", "threat.severity >= param.high or threat.agent"),
        ("threat.severity > 1", "threat.severity < 0"),
    ],
)
def test_conditions_that_differ_or_never_hold_count_once(write_packs: WritePacks, one: str, two: str) -> None:
    assert not of_two(write_packs, (one, GIVES), (two, GIVES), "R205")


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("threat.severity > param.high or threat.agent", "threat.severity > param.high"),
        ("not (threat.agent and threat.kind == 'fire')", "threat.kind == 'flood'"),
        ("any(t.kind == 'pact' for t in ties)", "any(t.kind == 'pact' and t.strength > param.high for t in ties)"),
        ("any(t.kind == 'pact' for t in ties)", "count(t.kind == 'pact' for t in ties) >= 2"),
        (
            "threat.agent or threat.kind == 'fire'",
            "threat.agent or threat.kind == 'fire' and threat.severity > param.high",
        ),
    ],
)
def test_a_rule_inside_another_of_opposite_effect_is_found(write_packs: WritePacks, wide: str, narrow: str) -> None:
    (problem,) = of_two(write_packs, (wide, GIVES), (narrow, TAKES), "R206")
    assert "two.yaml" in str(problem.span)
    assert "wherever this rule takes points on 'field', the rule 'one' of the same pack gives" in problem.message


def test_points_that_may_be_nought_are_given_as_well(write_packs: WritePacks) -> None:
    gives = "[{score: field, points: threat.severity}]"
    assert of_two(write_packs, ("threat.agent", gives), ("threat.agent and threat.kind == 'fire'", TAKES), "R206")


def test_a_rule_that_waits_for_a_mark_which_nothing_can_set_never_fires(write_packs: WritePacks) -> None:
    never, reads = ("threat.severity > 1", "[{mark: threat.wide}]"), ("threat.marks.wide", GIVES)
    problem = of_two(write_packs, never, reads, "R201")[1]
    assert problem.message == "this rule can never fire: 'threat.marks.wide' is never true"
    assert problem.hint == ("the mark is set by the rule 'one', which can never fire itself: correct that one first")


def test_a_mark_that_another_rule_sets_too_is_left_alone(write_packs: WritePacks) -> None:
    sets = "[{mark: threat.wide}]"
    root = write_packs({"mine/a/three.yaml": a_rule("three", when="threat.agent", then=sets)})
    never, reads = ("threat.severity > 1", sets), ("threat.marks.wide", GIVES)
    (problem,) = of_two(write_packs, never, reads, "R201")
    assert str(root / "mine/a/one.yaml") in str(problem.span)


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("threat.severity == 0.7", "0.7 for threat.severity"),
        ("threat.severity in (0.2, 1)", "0.2 for threat.severity"),
        ("threat.severity > 1 - 0.25", "0.75 for threat.severity"),
    ],
)
def test_a_bare_number_is_found_in_whatever_way_it_is_compared(write_packs: WritePacks, when: str, told: str) -> None:
    assert found(write_packs, when, "R103").message == f"the threshold {told} is a bare number"


@pytest.mark.parametrize(
    ("when", "points", "reached"),
    [
        ("threat.agent", "threat.severity", True),
        ("threat.agent", "0", False),
        ("threat.agent", "-1", False),
        ("threat.agent", "0 * threat.severity", False),
        ("threat.severity > 1", "1", False),
    ],
)
def test_a_layer_without_points_for_anybody_is_not_reached(
    write_packs: WritePacks, when: str, points: str, reached: bool
) -> None:
    desk = f"[{{score: desk, points: {points}}}]"
    told = [each.message for each in of_two(write_packs, ("threat.agent", GIVES), (when, desk), "R207")]
    assert ("no rule can give points for the layer 'desk'" in told) is not reached
