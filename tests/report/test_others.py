"""Why the others do not lead: each reason once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import SCENARIOS
from report.build import a_cell, a_result, a_standing

from policyengine.api import evaluate, load_scenario
from policyengine.assess.result import Actor, Result
from policyengine.explanation import NEAREST, Contribution, Explainer, Explanation, Failed, NotFired, Why
from policyengine.report.blocks import Heading, Item, Items, Paragraph, Phrase
from policyengine.report.facts import Facts
from policyengine.report.others import others
from policyengine.report.page.evaluation import EvaluationPage, evaluation_page
from policyengine.rulebook.rule import Rulebook


def told(phrase: Phrase) -> str:
    return "".join(piece.text for piece in phrase)


def with_inner(item: Item) -> list[str]:
    return [told(item.phrase), *(f"- {told(inner.phrase)}" for inner in item.inner)]


def shown(explanation: Explanation) -> list[str]:
    found: list[str] = []
    for block in others(explanation.whys, Facts(explanation.result)):
        if isinstance(block, Paragraph):
            found.append(told(block.phrase))
        else:
            assert isinstance(block, Items)
            found += [line for item in block.items for line in with_inner(item)]
    return found


def actors(names: Sequence[str]) -> Result:
    result = a_result([a_cell()])
    return replace(result, jurisdictions=tuple(Actor(id=name, name=name, level="l", side="s") for name in names))


def a_why(who: str, *not_fired: NotFired, score: int = 0, by: tuple[Contribution, ...] = ()) -> Why:
    standing = replace(a_standing(who, "support" if score else "none"), score=score * 1_000_000)
    return Why(threat="t", layer="l", standing=standing, behind=None, not_fired=not_fired, contributions=by)


def a_lead(who: str, score: int) -> Why:
    return replace(a_why(who), standing=replace(a_standing(who), score=score * 1_000_000))


def unknown(who: str, rule: str = "p/r") -> NotFired:
    part = Failed(
        text="jurisdiction.power > 1", seen=(("jurisdiction.power", "unknown"),), distance=None,
        missing=(f"jurisdictions.{who}.power",),
    )  # fmt: skip
    return NotFired(rule=rule, undecided=True, elsewhere=False, failed=(part,))


def misses(value: str, rule: str = "p/r") -> NotFired:
    part = Failed(text="x > 1", seen=(("x", value),), distance=1 - float(value), missing=())
    return NotFired(rule=rule, undecided=False, elsewhere=False, failed=(part,))


def a_bar(*, lead_only: bool) -> Contribution:
    return Contribution(
        rule="p/bar", strength=0, times=1, bar=True, lead_only=lead_only, nature="normative", why="So.", claims=()
    )


def an_explanation(*whys: Why) -> Explanation:
    return Explanation(result=actors([why.standing.jurisdiction for why in whys]), whys=whys)


def test_a_reason_that_holds_for_several_stands_once_with_what_each_lacks() -> None:
    whys = [a_lead("A", 4), a_why("B", unknown("B"), score=2), a_why("C", unknown("C"))]
    both = "power of B and C"
    assert shown(an_explanation(*whys)) == [
        "The best lead has 4 points. Support: B with 2 points. No part: C.",
        f"B and C: p/r undecided: jurisdiction.power > 1 is not known; missing: {both}",
    ]


def test_other_values_are_other_reasons() -> None:
    whys = [a_lead("A", 4), a_why("B", misses("0.5"), score=2), a_why("C", misses("0.25"))]
    assert shown(an_explanation(*whys))[1:] == [
        "B: p/r did not fire: x > 1 does not hold: x is 0.5, so it misses by 0.5",
        "C: p/r did not fire: x > 1 does not hold: x is 0.25, so it misses by 0.75",
    ]


def test_rules_that_failed_for_the_same_reason_stand_together_after_those_that_are_undecided() -> None:
    near = [misses("0.5", "p/one"), misses("0.5", "p/two")]
    whys = [a_lead("A", 4), a_why("B", *near, unknown("B", "p/open"), score=2)]
    assert shown(an_explanation(*whys))[1:] == [
        "B: p/open undecided: jurisdiction.power > 1 is not known; missing: power of B",
        "B: p/one and p/two did not fire: x > 1 does not hold: x is 0.5, so it misses by 0.5",
    ]


def test_a_reason_of_all_of_many_does_not_list_them() -> None:
    whys = [a_why(name, misses("0.5")) for name in "ABCD"]
    assert shown(an_explanation(*whys)) == [
        "All of them: p/r did not fire: x > 1 does not hold: x is 0.5, so it misses by 0.5"
    ]


@pytest.mark.parametrize(("lead_only", "said"), [(True, "may not lead"), (False, "may have no part")])
def test_a_bar_says_from_what_it_keeps(lead_only: bool, said: str) -> None:
    whys = [a_lead("A", 4), *(a_why(name, by=(a_bar(lead_only=lead_only),)) for name in "BC")]
    assert shown(an_explanation(*whys))[1] == f"B and C: {said} by p/bar (normative): So."


def test_where_all_lead_nobody_else_is_told_of() -> None:
    assert shown(an_explanation(a_lead("A", 4))) == []


def page_of(path: Path, rulebook: Rulebook) -> tuple[Explanation, EvaluationPage]:
    file = load_scenario(path, rulebook)
    short = Explainer(rulebook).explain_in_short(evaluate(file, rulebook, "reference"), file.scenario)
    return short, evaluation_page(short, file.scenario, [file.name])


def test_the_page_names_every_near_rule_and_every_bar_of_all_who_do_not_lead(
    scenario_path: Path, rulebook: Rulebook
) -> None:
    explanation, page = page_of(scenario_path, rulebook)
    text = "\n".join(
        line for block in page.why_not if isinstance(block, Items) for item in block.items for line in with_inner(item)
    )
    for why in explanation.whys:
        if why.standing.role in ("support", "none"):
            assert len(why.not_fired) <= NEAREST
            against = [each.rule for each in why.contributions if each.bar or each.strength < 0]
            assert [rule for rule in (*against, *(each.rule for each in why.not_fired)) if rule not in text] == []


def test_what_is_the_same_for_several_threats_stands_once(rulebook: Rulebook) -> None:
    explanation, page = page_of(next(path for path in SCENARIOS if path.stem == "sparse-new-threat"), rulebook)
    names = [threat.name for threat in explanation.result.threats]
    headings = [block.text for block in page.why_not if isinstance(block, Heading)]
    assert f"Frontier ({'; '.join(names)})" in headings
    assert len(headings) == len(set(headings))
