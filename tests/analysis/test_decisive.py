"""Which rules decide a lead."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from report.build import a_cell, a_result, a_standing

from policyengine.analysis.decisive import Change, thresholds_of, weighed_rules
from policyengine.api import evaluate, load_scenario
from policyengine.assess.allocation import Thresholds
from policyengine.assess.result import Fired, Result
from policyengine.rulebook.rule import Rulebook


def fired(rule: str, points: int, kind: str = "score") -> Fired:
    return Fired(rule=rule, effect=0, kind=kind, target="first_layer", subject={}, strength=points)  # type: ignore[arg-type]


def two(first: int, second: int, *firings: Fired) -> Result:
    """`A` with the first firing and `B` with the others, both on one side."""
    standings = (
        a_standing("A", score=first, firings=(0,)),
        a_standing("B", "none", score=second, firings=tuple(range(1, len(firings)))),
    )
    return a_result([a_cell(standings=standings)], firings=firings)


def test_a_rule_decides_if_another_leads_without_it() -> None:
    result = two(3_000_000, 1_000_000, fired("p/great", 3_000_000), fired("p/small", 1_000_000))
    great, small = weighed_rules(result)
    assert (great.rule, great.changes) == ("p/great", (Change("t", "first_layer", ("B",)),))
    assert (small.rule, small.changes, small.points) == ("p/small", (), 1_000_000)


def test_a_rule_that_takes_points_from_another_decides_as_well() -> None:
    against = two(2_000_000, 1_000_000, fired("p/a", 2_000_000), fired("p/b", 2_000_000), fired("p/less", -1_000_000))
    found = {each.rule: each.changes for each in weighed_rules(against)}
    assert found["p/less"] == (Change("t", "first_layer", ("A", "B")),)


def test_a_bar_decides_when_it_is_the_only_one() -> None:
    standings = (
        a_standing("A", "support", score=3_000_000, firings=(0, 1), barred="from lead"),
        a_standing("B", score=1_000_000, firings=(2,)),
    )
    firings = (fired("p/a", 3_000_000), fired("p/bar", 0, "bar"), fired("p/b", 1_000_000))
    result = a_result([a_cell(leads=("B",), standings=standings)], firings=firings)
    assert {each.rule for each in weighed_rules(result) if each.changes} == {"p/bar", "p/b"}
    twice = (replace(standings[0], firings=(0, 1, 3)), standings[1])
    double = a_result([a_cell(leads=("B",), standings=twice)], firings=(*firings, fired("p/other-bar", 0, "bar")))
    assert {each.rule for each in weighed_rules(double) if each.changes} == {"p/b"}


def test_roles_are_decided_by_the_thresholds_of_the_result(scenario_path: Path, rulebook: Rulebook) -> None:
    result = evaluate(load_scenario(scenario_path, rulebook), rulebook, engine="reference")
    assert thresholds_of(result) == Thresholds(
        *(round(rulebook.parameter(name, 0)) for name in ("co_lead_margin", "side_lead_margin", "support_threshold"))
    )


def test_leaving_a_rule_out_of_the_packs_gives_the_leads_that_were_told(
    scenario_path: Path, rulebook: Rulebook
) -> None:
    """The same by another way: the rule is taken out of the rulebook, and the scenario evaluated again."""
    scenario = load_scenario(scenario_path, rulebook)
    result = evaluate(scenario, rulebook, engine="reference")
    told = {each.rule: {(c.threat, c.layer): c.leads for c in each.changes} for each in weighed_rules(result)}
    plain = [rule for rule in rulebook.rules if rule.name in told and not rule.sets]
    bars = {name: sum(f.kind == "bar" for f in result.firings if f.rule == name) for name in told}
    for rule in [rule for rule in plain if not bars[rule.name]][:6]:
        less = replace(rulebook, rules=tuple(each for each in rulebook.rules if each.name != rule.name))
        again = evaluate(scenario, less, engine="reference").views[0].cells
        for before, after in zip(result.views[0].cells, again, strict=True):
            expected = told[rule.name].get((before.threat, before.layer), before.leads)
            assert set(after.leads) == set(expected), (rule.name, before.layer)
