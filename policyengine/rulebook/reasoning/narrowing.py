"""What a limit on a sum, difference, product or extreme says of its parts.

Sums and products of doubles are rounded to the nearest: where the rounded value is at least some double, the exact one
is at least the double below. All limits are taken one double further out, so that they hold for doubles as well.
Ref.: F. Benhamou et al., Revising hull and box consistency, ICLP 1999.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf, isfinite, nextafter

from policyengine.lang.bounds import Bounds
from policyengine.lang.nodes import Node

BoundsOf = Callable[[Node], Bounds]


def parts_of(node: Node, kept: Bounds, bounds_of: BoundsOf) -> Iterator[tuple[Node, Bounds]]:
    """The bounds that the parts of a value must keep for it to lie between `kept`."""
    match node.op:
        case "+":
            a, b = node.args
            yield a, _minus(kept, bounds_of(b))
            yield b, _minus(kept, bounds_of(a))
        case "-":
            a, b = node.args
            yield a, _minus(kept, _turned(bounds_of(b)))
            yield b, _turned(_minus(kept, bounds_of(a)))
        case "negative":
            yield node.args[0], _turned(kept)
        case "*" | "/":
            yield from _factor(node, kept)
        case "max":
            yield from ((arg, Bounds(-inf, kept.high)) for arg in node.args)
        case "min":
            yield from ((arg, Bounds(kept.low, inf)) for arg in node.args)
        case "abs" if isfinite(kept.high):
            yield node.args[0], Bounds(-kept.high, kept.high)


def _turned(a: Bounds) -> Bounds:
    return Bounds(-a.high, -a.low)


def _minus(whole: Bounds, other: Bounds) -> Bounds:
    """What is left of a rounded sum without one of its parts."""
    return Bounds(_out(_out(whole.low, -inf) - other.high, -inf), _out(_out(whole.high, inf) - other.low, inf))


def _factor(node: Node, kept: Bounds) -> Iterator[tuple[Node, Bounds]]:
    """The part of a product with a number, or of a quotient by one."""
    part, number = node.args
    if node.op == "*" and part.op == "literal":
        part, number = number, part
    if number.op == "literal" and number.value != 0:
        ends = _out(kept.low, -inf), _out(kept.high, inf)
        low, high = sorted(end / number.value if node.op == "*" else end * number.value for end in ends)
        yield part, Bounds(_out(low, -inf), _out(high, inf))


def _out(value: float, way: float) -> float:
    """The next double outwards; what is not finite bounds nothing."""
    return nextafter(value, way) if isfinite(value) else way
