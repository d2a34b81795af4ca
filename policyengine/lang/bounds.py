"""Between which values a number can lie: interval arithmetic over the checked tree.

Every operator rounds monotonically, so the bounds hold for the rounded results too; only a sum of
many elements gathers rounding errors, and its bounds are wider by them.
Refs.: R. E. Moore, Interval Analysis, 1966; N. J. Higham, Accuracy and Stability of Numerical
Algorithms, 2002, section 4.2 (error of a sum taken one by one).
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isnan
from typing import NamedTuple

from policyengine.lang.nodes import Node
from policyengine.lang.types import Number

MOST_ELEMENTS = 100_000
"""No collection of a scenario holds more elements: a file holds at most as many values."""
_KEEP_WHOLE = ("+", "-", "*", "negative", "abs", "min", "max", "clip")
_GATHERED = 2 * MOST_ELEMENTS * 2.0**-53


class Bounds(NamedTuple):
    """All values from `low` to `high`, infinite where nothing bounds them."""

    low: float
    high: float


RangeOf = Callable[[Node], Bounds]


def type_range(node: Node) -> Bounds:
    """The bounds of a named number by its type alone."""
    return Bounds(node.type.low, node.type.high) if isinstance(node.type, Number) else Bounds(-inf, inf)


def bounds(node: Node, range_of: RangeOf = type_range) -> Bounds:
    """Bounds of a numeric tree, given those of its names."""
    if node.op == "literal":
        return Bounds(node.value, node.value)
    if node.op == "name":
        return range_of(node)
    if node.op.endswith(" of"):
        return _quantified(node, range_of)
    if node.op == "-" and node.args[0] is node.args[1]:
        return Bounds(0.0, 0.0)
    return _RULES[node.op](*(bounds(arg, range_of) for arg in node.args))


def _hull(*values: float) -> Bounds:
    # inf - inf and 0 * inf say nothing about the value: give up the bound rather than guess one.
    if any(isnan(value) for value in values):
        return Bounds(-inf, inf)
    return Bounds(min(values), max(values))


def _times(a: Bounds, b: Bounds) -> Bounds:
    return _hull(*(0.0 if 0.0 in (x, y) else x * y for x in a for y in b))


def _over(a: Bounds, b: Bounds) -> Bounds:
    if b.low < 0 < b.high or b.low == b.high == 0:
        return Bounds(-inf, inf)
    if b.low == 0 or b.high == 0:  # a quotient by zero is unknown: only values near it on one side count
        end = b.high if b.low == 0 else b.low
        far = [0.0 if x == 0 else inf if (x > 0) == (end > 0) else -inf for x in a]
        return _hull(*far, *(x / end for x in a))
    return _hull(*(x / y for x in a for y in b))


def is_whole(node: Node) -> bool:
    """Whether a numeric tree can only have whole values: sums, differences and products of doubles keep that."""
    if node.op == "literal":
        return bool(node.value == int(node.value))
    if node.op == "name":
        return isinstance(node.type, Number) and node.type.whole
    if node.op in ("sum of", "min of", "max of"):
        return is_whole(node.args[2])
    return node.op == "count of" or (node.op in _KEEP_WHOLE and all(map(is_whole, node.args)))


def _abs(a: Bounds) -> Bounds:
    least = 0.0 if a.low <= 0 <= a.high else min(abs(a.low), abs(a.high))
    return Bounds(least, max(abs(a.low), abs(a.high)))


def _least(*args: Bounds) -> Bounds:
    return Bounds(min(arg.low for arg in args), min(arg.high for arg in args))


def _greatest(*args: Bounds) -> Bounds:
    return Bounds(max(arg.low for arg in args), max(arg.high for arg in args))


_RULES: dict[str, Callable[..., Bounds]] = {
    "+": lambda a, b: _hull(a.low + b.low, a.high + b.high),
    "-": lambda a, b: _hull(a.low - b.high, a.high - b.low),
    "*": _times,
    "/": _over,
    "negative": lambda a: Bounds(-a.high, -a.low),
    "abs": _abs,
    "min": _least,
    "max": _greatest,
    "clip": lambda a, low, high: _least(_greatest(a, low), high),
}


def _quantified(node: Node, range_of: RangeOf) -> Bounds:
    if node.op == "count of":
        return Bounds(0.0, float(MOST_ELEMENTS))
    # Inside, a variable stands for any element: only its type bounds it.
    body = bounds(node.args[2], lambda part: type_range(part) if part.value[0].startswith("$") else range_of(part))
    if node.op == "sum of":
        return _rounded(Bounds(min(0.0, body.low * MOST_ELEMENTS), max(0.0, body.high * MOST_ELEMENTS)))
    return _rounded(body) if node.op == "mean of" else body


def _rounded(exact: Bounds) -> Bounds:
    """Bounds wider by the rounding errors that a sum can gather; what is never negative stays so."""
    error = _GATHERED * max(abs(exact.low), abs(exact.high))
    low, high = exact.low - error, exact.high + error
    return Bounds(max(low, 0.0) if exact.low >= 0 else low, min(high, 0.0) if exact.high <= 0 else high)
