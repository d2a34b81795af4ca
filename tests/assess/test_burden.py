"""Burden shares against published cases and against their definition."""

from __future__ import annotations

import pytest

from policyengine import shipped
from policyengine.api import evaluate, load_scenario
from policyengine.domain.burden import Burden, burdens_of, gap, shares
from policyengine.domain.jurisdiction import Jurisdiction
from policyengine.rulebook.rule import Rulebook

MEASURES = {"all": ["joint", "own"]}


def a_partner(
    name: str, power: float | None = None, costs: dict[str, float] | None = None, **benefits: float
) -> Jurisdiction:
    return Jurisdiction(id=name, name=name, level="any", side="any", power=power, costs=costs or {}, benefits=benefits)


def the_burdens(*partners: Jurisdiction, basis: str = "basin") -> list[Burden]:
    return burdens_of(partners, {"joint": ["joint"]}, [basis])


def test_the_load_split_of_missisquoi_bay_is_nearly_in_line_with_its_watershed() -> None:
    vermont = a_partner("US-VT", costs={"joint": 60.0}, basin=58.0)
    quebec = a_partner("CA-QC", costs={"joint": 40.0}, basin=42.0)
    rows = the_burdens(vermont, quebec)
    assert [round(row.ratio or 0, 2) for row in rows] == [1.03, 0.95]
    assert round(gap(rows) or 0, 2) == 0.02


def test_equal_cost_for_unequal_damage_on_the_richelieu_is_a_wide_gap() -> None:
    canada = a_partner("CA", costs={"joint": 1.0}, damage=80.0)
    united_states = a_partner("US", costs={"joint": 1.0}, damage=20.0)
    rows = the_burdens(canada, united_states, basis="damage")
    assert rows[0].ratio == pytest.approx(0.625)
    assert gap(rows) == pytest.approx(0.3)


def test_one_unknown_cost_leaves_all_cost_shares_unknown() -> None:
    rows = the_burdens(a_partner("A", costs={"joint": 1.0}, basin=1.0), a_partner("B", basin=1.0))
    assert [(row.cost_share, row.benefit_share) for row in rows] == [(None, 0.5), (None, 0.5)]
    assert gap(rows) is None


def test_a_measure_needs_every_category_that_it_counts() -> None:
    both = a_partner("A", costs={"joint": 1.0, "own": 2.0}, basin=1.0)
    one = a_partner("B", costs={"joint": 1.0}, basin=1.0)
    rows = burdens_of([both, one], MEASURES, ["basin"])
    assert [row.cost_share for row in rows] == [None, None]


def test_a_basis_needs_two_partners() -> None:
    assert the_burdens(a_partner("A", costs={"joint": 1.0}, basin=1.0), a_partner("B", costs={"joint": 1.0})) == []


def test_the_weaker_partner_is_known_only_if_all_powers_are() -> None:
    strong, weak = a_partner("A", 10.0, {"joint": 1.0}, basin=1.0), a_partner("B", 1.0, {"joint": 1.0}, basin=1.0)
    unknown = a_partner("C", None, {"joint": 1.0}, basin=1.0)
    assert [row.weaker for row in the_burdens(strong, weak)] == [False, True]
    assert [row.weaker for row in the_burdens(strong, weak, unknown)] == [None, None, None]


def test_no_benefit_gives_no_ratio() -> None:
    rows = the_burdens(a_partner("A", costs={"joint": 1.0}, basin=0.0), a_partner("B", costs={"joint": 1.0}, basin=1.0))
    assert rows[0].ratio is None


def test_shares_of_nothing_are_unknown() -> None:
    assert shares([0.0, 0.0]) == [None, None]


def test_a_verdict_on_one_basis_says_that_it_is_one_of_one(rulebook: Rulebook) -> None:
    path = shipped.folder("scenarios") / "richelieu-flood-2011.yaml"
    result = evaluate(load_scenario(path, rulebook), rulebook)
    verdicts = {(each.jurisdiction, each.label): (each.holds, each.bases) for each in result.burden_verdicts}
    assert verdicts["CA", "free rider"] == (1, 1)
    assert [row.ratio for basis in result.burdens for row in basis.rows] == [0.62, 2.5]
    assert [basis.gap for basis in result.burdens] == [30]
