"""Reasons in sentences."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policyengine.api import explain, load_scenario
from policyengine.errors.width import width
from policyengine.explanation import Explanation, Failed
from policyengine.report.explanation_report import Detail, explanation_report
from policyengine.report.not_fired import reasons
from policyengine.report.paper import Paper
from policyengine.report.text import render_text
from policyengine.report.words import points
from policyengine.rulebook.rule import Rulebook
from policyengine.shipped import folder

PAPER = Paper()


def text_of(explanation: Explanation, detail: Detail, paper: Paper = PAPER) -> str:
    return render_text(explanation_report(explanation, detail), paper)


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module")
def trafficking(rulebook: Rulebook) -> Explanation:
    return explain(load_scenario(folder("scenarios") / "trafficking-quebec-vermont.yaml", rulebook), rulebook)


@pytest.mark.parametrize("detail", ["leads", "others", "full"])
def test_no_line_is_too_wide_or_ends_in_a_space(scenario_path: Path, rulebook: Rulebook, detail: Detail) -> None:
    explanation = explain(load_scenario(scenario_path, rulebook), rulebook)
    for line in text_of(explanation, detail).splitlines():
        assert width(line) <= 80
        assert line == line.rstrip()


def test_every_lead_has_its_points_and_its_rules(trafficking: Explanation) -> None:
    text = flat(text_of(trafficking, "leads"))
    for why in trafficking.whys:
        if why.standing.role in ("lead", "co-lead"):
            assert f"{points(why.standing.score)} points" in text
            for each in why.contributions:
                assert f"{points(each.strength, sign=True)} {each.rule}" in text or each.bar


def test_every_rule_behind_a_lead_leads_to_a_claim_and_a_source_with_what_was_read(trafficking: Explanation) -> None:
    text = flat(text_of(trafficking, "leads"))
    result = trafficking.result
    for why in trafficking.whys:
        for each in why.contributions if why.standing.role in ("lead", "co-lead") else ():
            for claim in each.claims:
                assert flat(result.claims[claim].paraphrase) in text
                assert flat(result.sources[claim.partition("/")[0]].citation) in text
    assert "(the whole of it was read)" in text


def test_a_claim_stands_once(trafficking: Explanation) -> None:
    text = flat(text_of(trafficking, "leads"))
    claims = {claim for why in trafficking.whys for each in why.contributions for claim in each.claims}
    assert [claim for claim in claims if text.count(f"- {claim.partition('/')[2]}: ") > 1] == []


def test_those_who_lead_for_the_same_reasons_are_told_of_together(trafficking: Explanation) -> None:
    assert re.search(
        r"leads, with .{20,90}, and .{5,60} leads, with .{20,90}, because:", flat(text_of(trafficking, "leads"))
    )


def test_others_are_told_how_many_points_they_have_and_which_rules_came_near(trafficking: Explanation) -> None:
    text = flat(text_of(trafficking, "others"))
    assert "Why not the others" in text
    assert re.search(r"The best lead has [\d.]+ points\. Support: [^.]+ with [\d.]+ points", text)
    assert re.search(r"does not hold: \S+ is [\d.]+ and \S+ is [\d.]+, so it (just misses|misses by [\d.]+)", text)
    assert re.search(r"undecided: \S+ is not known; missing: \S+ of the threat", text)
    assert text.count("policyengine explain SCENARIO --jurisdiction ID names all") == 1


def test_the_full_account_names_every_rule_that_did_not_fire(trafficking: Explanation) -> None:
    text = flat(text_of(trafficking, "full"))
    for why in trafficking.whys:
        assert [each.rule for each in why.not_fired if each.rule not in text] == []


def a_part(text: str = "x >= y", **more: Any) -> Failed:
    plain = Failed(text=text, seen=(("x", "1"), ("y", "2")), distance=1.0, missing=())
    return replace(plain, **more)


def said(part: Failed) -> str:
    return "".join(piece.text for phrase in reasons([part]) for piece in phrase)


@pytest.mark.parametrize(
    ("part", "text"),
    [
        (a_part(), "x >= y does not hold: x is 1 and y is 2, so it misses by 1"),
        (a_part(distance=0.25), "x >= y does not hold: x is 1 and y is 2, so it misses by 0.25"),
        (a_part(distance=0.0), "x >= y does not hold: x is 1 and y is 2, so it just misses"),
        (a_part(distance=None), "x >= y does not hold: x is 1 and y is 2"),
        (a_part(distance=0.00001), "x >= y does not hold: x is 1 and y is 2, so it misses by 1e-05"),
        (a_part(missing=("ties",)), "x >= y is not known; missing: ties"),
        (
            a_part("any(t.a for t in ties)", seen=(("any(t.a for t in ties)", "false"),), distance=None),
            "any(t.a for t in ties) is false",
        ),
        (
            a_part("any(t.a for t in ties) == x", seen=(("any(t.a for t in ties)", "false"),), distance=None),
            "any(t.a for t in ties) == x does not hold: any(...) is false",
        ),
        (a_part(missing=("threats.t.marks.wide",)), "x >= y is not known"),
        (a_part(missing=tuple("abcdef")), "x >= y is not known; missing: a, b, c, d and 2 more"),
    ],
)
def test_a_part_of_a_condition_says_why_it_failed(part: Failed, text: str) -> None:
    assert said(part) == text


@pytest.mark.parametrize("detail", ["leads", "full"])
def test_a_lead_that_an_unknown_place_may_cost_is_told_so(rulebook: Rulebook, detail: Detail) -> None:
    case = load_scenario(folder("scenarios") / "cases" / "border-plan-2024.yaml", rulebook)
    text = flat(text_of(explain(case, rulebook, layer="frontier", jurisdiction="US"), detail))
    assert "might be barred by competence/each-nation-guards-its-own-line, undecided" in text
    assert "missing: threats.fentanyl.places" in text


def test_a_lead_whose_place_is_known_is_not_said_to_be_in_doubt(trafficking: Explanation) -> None:
    assert "might be barred by competence/each-nation" not in flat(text_of(trafficking, "full"))
