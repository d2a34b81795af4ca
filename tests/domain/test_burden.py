"""Shares and ratios at the edge of what numbers can say."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from policyengine.domain.burden import MOST_RATIO, Burden, burdens_of, shares
from policyengine.domain.jurisdiction import Jurisdiction

AMOUNTS = st.floats(0, 1e12)


def a_burden(cost: float | None, benefit: float | None) -> Burden:
    return Burden(0, "all", "people", cost, benefit, weaker=None)


@given(st.lists(AMOUNTS, min_size=1, max_size=5))
def test_shares_lie_between_0_and_1_and_do_not_depend_on_order(amounts: list[float]) -> None:
    found = shares(amounts)
    assert all(share is None or 0 <= share <= 1 for share in found)
    for order in list(permutations(range(len(amounts))))[:12]:
        assert shares([amounts[i] for i in order]) == [found[i] for i in order]


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_a_ratio_is_a_number_within_the_range_that_conditions_know(a: float, b: float, c: float, d: float) -> None:
    actors = [
        Jurisdiction(id=name, name=name, level="x", side="y", costs={"all": cost}, benefits={"people": gain})
        for name, cost, gain in (("A", a, b), ("B", c, d))
    ]
    for burden in burdens_of(actors, {"all": ["all"]}, ["people"]):
        assert burden.ratio is None or 0 <= burden.ratio <= MOST_RATIO


def test_next_to_no_gain_has_no_ratio() -> None:
    assert a_burden(1.0, 5e-324).ratio is None
    assert a_burden(1.0, 0.0).ratio is None
    assert a_burden(0.0, 5e-324).ratio == 0
    assert a_burden(0.5, 0.25).ratio == 2
