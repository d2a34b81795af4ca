"""Shares and roles, by hand and against a slow version that says the same in other words."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.assess.allocation import Role, Thresholds, pooled_shares, positive, roles, side_shares, whole_per_cent

POINT = 1_000_000
NOBODY = np.zeros(4, dtype=np.bool_)


def the_roles(scores: list[int], sides: list[int], barred_from_lead: list[int] = [], **thresholds: int) -> list[Role]:  # noqa: B006
    counted = np.array(scores, dtype=np.int64)
    lead_barred = np.array([index in barred_from_lead for index in range(len(scores))])
    found = roles(counted, lead_barred, np.array(sides), Thresholds(**thresholds))
    return [Role(role) for role in found]


def test_the_best_of_a_side_leads_and_the_rest_support() -> None:
    assert the_roles([5 * POINT, 2 * POINT, 4 * POINT], [0, 0, 1]) == [Role.LEAD, Role.SUPPORT, Role.LEAD]


def test_equal_bests_are_co_leads_whatever_their_order() -> None:
    assert the_roles([3 * POINT, 3 * POINT], [0, 0]) == [Role.CO_LEAD, Role.CO_LEAD]


@pytest.mark.parametrize(("score", "role"), [(900_000, Role.CO_LEAD), (899_999, Role.SUPPORT)])
def test_the_co_lead_margin_is_decided_to_the_millionth(score: int, role: Role) -> None:
    assert the_roles([POINT, score], [0, 0])[1] == role


@pytest.mark.parametrize(("score", "role"), [(500_000, Role.LEAD), (499_999, Role.SUPPORT)])
def test_a_side_far_behind_only_supports(score: int, role: Role) -> None:
    assert the_roles([POINT, score], [0, 1])[1] == role


@pytest.mark.parametrize(("score", "role"), [(100_000, Role.SUPPORT), (99_999, Role.NONE)])
def test_support_needs_its_share_of_all_points(score: int, role: Role) -> None:
    assert the_roles([POINT - score, score], [0, 0])[1] == role


def test_whoever_is_barred_from_leading_supports_and_the_next_one_leads() -> None:
    assert the_roles([5 * POINT, 2 * POINT], [0, 0], barred_from_lead=[0]) == [Role.SUPPORT, Role.LEAD]


def test_nobody_leads_where_nobody_has_points() -> None:
    assert the_roles([0, 0], [0, 1]) == [Role.NONE, Role.NONE]
    assert pooled_shares(np.array([0, 0], dtype=np.int64)).tolist() == [0.0, 0.0]


def test_negative_and_barred_scores_do_not_count() -> None:
    counted = positive(np.array([3 * POINT, -POINT, 5 * POINT]), np.array([False, False, True]))
    assert counted.tolist() == [3 * POINT, 0, 0]


def test_shares_are_parts_of_all_points_and_of_the_side() -> None:
    counted = np.array([3 * POINT, POINT, 4 * POINT], dtype=np.int64)
    assert pooled_shares(counted).tolist() == [0.375, 0.125, 0.5]
    assert side_shares(counted, np.array([0, 0, 1])).tolist() == [0.75, 0.25, 1.0]


def test_whole_per_cents_round_halves_to_even() -> None:
    assert [whole_per_cent(share) for share in (0.125, 0.375, 0.004, 0.996)] == [12, 38, 0, 100]


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), min_size=1, max_size=6),
    st.integers(0, 30),
    st.integers(0, 100),
    st.integers(0, 50),
)
def test_roles_are_what_their_definition_says(
    rows: list[tuple[int, int, bool]], margin: int, side_margin: int, support: int
) -> None:
    """The same rules, said again with exact fractions and without arrays."""
    scores = [Fraction(score) for score, _, _ in rows]
    sides = [side for _, side, _ in rows]
    able = [Fraction(0) if barred else score for score, (_, _, barred) in zip(scores, rows, strict=True)]
    best = {side: max(score for score, other in zip(able, sides, strict=True) if other == side) for side in sides}
    expected = []
    for score, can, side in zip(scores, able, sides, strict=True):
        near_home = can > 0 and can >= best[side] * Fraction(100 - margin, 100)
        near_all = best[side] >= max(able) * Fraction(100 - side_margin, 100)
        if near_home and near_all:
            alone = [other for other, its in zip(able, sides, strict=True) if its == side].count(best[side]) == 1
            expected.append(Role.LEAD if can == best[side] and alone else Role.CO_LEAD)
        else:
            enough = score > 0 and score * 100 >= support * sum(scores)
            expected.append(Role.SUPPORT if enough else Role.NONE)
    barred = [index for index, (_, _, out) in enumerate(rows) if out]
    found = the_roles(
        [int(score) for score in scores],
        sides,
        barred,
        co_lead_margin=margin,
        side_lead_margin=side_margin,
        support_threshold=support,
    )
    assert found == expected


def test_arrays_of_many_cells_give_what_each_cell_gives() -> None:
    random = np.random.default_rng(7)
    scores = random.integers(0, 5, size=(4, 3, 5)) * POINT
    barred = random.random((4, 3, 5)) < 0.2
    side = np.array([0, 0, 1, 1, 2])
    together = roles(scores, barred, side, Thresholds())
    for cell in np.ndindex(4, 3):
        assert together[cell].tolist() == roles(scores[cell], barred[cell], side, Thresholds()).tolist()
