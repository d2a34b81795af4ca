"""What changed between two results leads back to rules, and the parts add up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from policyengine import shipped
from policyengine.analysis.attribution import attribute
from policyengine.api import evaluate, load_scenario
from policyengine.assess.result import Result, Standing
from policyengine.rulebook.rule import Rulebook

SCENARIOS = sorted((shipped.folder("scenarios")).rglob("*.yaml"))


def without_a_rule_that_scores(rulebook: Rulebook, result: Result) -> tuple[str, Rulebook]:
    name = next(firing.rule for firing in result.firings if firing.kind == "score")
    return name, replace(rulebook, rules=tuple(rule for rule in rulebook.rules if rule.name != name))


def score(standing: Standing | None) -> int:
    return standing.score if standing else 0


@pytest.fixture(params=SCENARIOS, ids=[path.stem for path in SCENARIOS])
def results(request: pytest.FixtureRequest, rulebook: Rulebook) -> tuple[str, Result, Result]:
    path: Path = request.param
    file = load_scenario(path, rulebook)
    before = evaluate(file, rulebook)
    name, smaller = without_a_rule_that_scores(rulebook, before)
    return name, before, evaluate(file, smaller)


def test_a_result_does_not_differ_from_itself(results: tuple[str, Result, Result]) -> None:
    _, before, _ = results
    found = attribute(before, before)
    assert (found.leads, found.standings) == ((), ())


def test_the_parts_add_up_exactly_to_the_difference_of_the_scores(results: tuple[str, Result, Result]) -> None:
    _, before, after = results
    changes = attribute(before, after).standings
    assert changes
    for change in changes:
        assert change.difference == score(change.after) - score(change.before)


def test_the_rule_that_went_is_among_the_parts_and_gives_nothing_after(results: tuple[str, Result, Result]) -> None:
    name, before, after = results
    parts = [part for change in attribute(before, after).standings for part in change.parts if part.rule == name]
    assert parts
    assert all(part.after == 0 and part.before for part in parts)


def test_largest_changes_come_first(results: tuple[str, Result, Result]) -> None:
    _, before, after = results
    sizes = [abs(change.difference) for change in attribute(before, after).standings]
    assert sizes == sorted(sizes, reverse=True)


def test_leads_that_differ_are_exactly_those_reported(results: tuple[str, Result, Result]) -> None:
    _, before, after = results
    new = {(cell.threat, cell.layer): set(cell.leads) for cell in after.views[0].cells}
    differ = {
        (cell.threat, cell.layer) for cell in before.views[0].cells if set(cell.leads) != new[cell.threat, cell.layer]
    }
    assert {(change.threat, change.layer) for change in attribute(before, after).leads} == differ


def test_the_other_way_round_gives_the_opposite_differences(results: tuple[str, Result, Result]) -> None:
    _, before, after = results
    there = {change.place: change.difference for change in attribute(before, after).standings}
    back = {change.place: -change.difference for change in attribute(after, before).standings}
    assert there == back
