"""What is found in rules is told in the words of their author, at the very place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

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
    assert [each.span and each.span.column for each in problems] == [24, 46]
