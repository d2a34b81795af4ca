"""Between which values a number lies."""

from math import inf

import pytest

from policyengine.engines.reference import evaluate
from policyengine.lang.bounds import MOST_ELEMENTS, Bounds, bounds
from policyengine.lang.check import check
from policyengine.lang.nodes import Node
from policyengine.lang.types import Collection, Field, Number, Record, Schema

_part = Record("part", {"share": Field(Number(0, 1)), "tenth": Field(Number(0, 0.1)), "loss": Field(Number(-1, 0))})
SCHEMA: Schema = {
    "a": Record("a", {"share": Field(Number(0, 1)), "swing": Field(Number(-2, 3)), "any": Field(Number())}),
    "parts": Collection(_part),
}


def number(text: str) -> Node:
    node = check(text, SCHEMA, Number).node
    assert node is not None
    return node


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2", 2, 2),
        ("a.share", 0, 1),
        ("a.any", -inf, inf),
        ("a.share + a.swing", -2, 4),
        ("a.share - a.swing", -3, 3),
        ("a.swing * a.swing", -6, 9),
        ("a.share * a.any", -inf, inf),
        ("0 * a.any", 0, 0),
        ("1 / (1 + a.share)", 0.5, 1),
        ("1 / a.share", 1, inf),
        ("-1 / a.share", -inf, -1),
        ("1 / -a.share", -inf, -1),
        ("a.swing / a.share", -inf, inf),
        ("a.share / a.share", 0, inf),
        ("a.swing - a.swing", 0, 0),
        ("1 / (a.swing + 2)", 0.2, inf),
        ("-a.swing", -3, 2),
        ("abs(a.swing)", 0, 3),
        ("abs(-3 - a.share)", 3, 4),
        ("min(a.swing, 1)", -2, 1),
        ("max(a.swing, 1, a.share)", 1, 3),
        ("clip(a.any, 0, 5)", 0, 5),
        ("clip(a.any, 0, a.swing)", -2, 3),
        ("count(p.share > 0 for p in parts)", 0, MOST_ELEMENTS),
        ("max(p.share for p in parts)", 0, 1),
        ("min(p.share + p.loss for p in parts)", -1, 1),
        ("1e308 * (1 + a.share) * 10", inf, inf),
    ],
)
def test_bounds_follow_from_the_ranges_of_the_names(text: str, low: float, high: float) -> None:
    assert bounds(number(text)) == (low, high)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("mean(p.share for p in parts)", 0, 1),
        ("sum(p.share for p in parts)", 0, MOST_ELEMENTS),
        ("sum(p.loss for p in parts)", -MOST_ELEMENTS, 0),
        ("mean(p.loss for p in parts)", -1, 0),
    ],
)
def test_bounds_of_sums_leave_room_for_rounding_but_not_over_zero(text: str, low: float, high: float) -> None:
    found = bounds(number(text))
    assert found.low <= low <= high <= found.high
    assert found == pytest.approx((low, high), rel=1e-9)
    assert 0 in found


def test_a_mean_that_rounds_above_its_greatest_element_is_within_bounds() -> None:
    node = number("mean(p.tenth for p in parts)")
    value = evaluate(node, {"parts": [{"tenth": 0.1}] * 3})
    assert value > 0.1
    assert bounds(node).low <= value <= bounds(node).high


def test_a_name_may_be_known_better_than_its_type() -> None:
    found = bounds(number("a.share + max(p.share for p in parts)"), lambda _: Bounds(0.5, 0.5))
    assert found == (0.5, 1.5)
