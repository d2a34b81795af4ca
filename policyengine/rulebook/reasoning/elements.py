"""What quantifiers say of the elements of a collection: that there is one like this, or that each is like that."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import isfinite
from typing import NamedTuple

from policyengine.lang.bounds import Bounds
from policyengine.lang.nodes import TRUE, Node, apply, literal

Demand = tuple[Node, bool]
"""A condition, and whether it must be true or false."""
NUMBERS_OF_ELEMENTS = ("count of", "max of", "min of")
_ENDS = {"max of": (">=", "<="), "min of": ("<=", ">=")}
"""What the greatest or least itself is beside a limit, and what each element is beside the other."""


class Said(NamedTuple):
    """Something said of a collection: that `some` element, or each one, meets all demands; `by` is the quantifier."""

    collection: Node
    some: bool
    demands: tuple[Demand, ...]
    by: Node


def said_of_elements(truths: Iterable[Demand], numbers: Iterable[tuple[Node, Bounds]]) -> Iterator[Said]:
    """What conditions with `any` and `all`, and known values with `count`, `min` and `max` say of elements.

    An element that the `if` of a quantifier leaves out need not meet anything; so `each` is joined to it by "or".
    """
    for node, wanted in truths:
        if node.op in ("any of", "all of"):
            yield _said(node, some=(node.op == "any of") == wanted, body=(node.args[2], wanted))
    for node, limits in numbers:
        body = node.args[2]
        if node.op == "count of" and limits.low > 0:
            yield _said(node, some=True, body=(body, True))
        elif node.op == "count of" and limits.high < 1:
            yield _said(node, some=False, body=(body, False))
        elif node.op in _ENDS:
            ends = limits if node.op == "max of" else limits[::-1]
            for end, order, some in zip(ends, _ENDS[node.op], (True, False), strict=True):
                if isfinite(end):
                    yield _said(node, some=some, body=(apply(order, (body, literal(end))), True))


def _said(node: Node, *, some: bool, body: Demand) -> Said:
    collection, kept = node.args[:2]
    if some or kept is TRUE:
        return Said(collection, some, ((kept, True), body), node)
    return Said(collection, some, ((apply("or", (apply("not", (kept,)), positive(body))), True),), node)


def joined(demand: Demand, op: str) -> Iterator[Demand]:
    """The demands that one comes down to if they are joined by `and`, or by `or`; a negation swaps the two."""
    node, wanted = demand
    if node.op == "not":
        yield from joined((node.args[0], not wanted), op)
    elif node.op in ("and", "or") and (node.op == op) == wanted:
        for arg in node.args:
            yield from joined((arg, wanted), op)
    else:
        yield demand


def positive(demand: Demand) -> Node:
    """A demand as a condition that must be true."""
    return demand[0] if demand[1] else apply("not", (demand[0],))


def beside(said: Said, truths: Iterable[Demand]) -> list[Demand]:
    """What must hold outside at the same time, if the element is compared with anything out there."""
    own = said.by.value
    outside = {name for node, _ in said.demands for name in _names(node) if name.value[0] not in (own, "param")}
    return [(node, wanted) for node, wanted in truths if outside and not has_elements(node) and _meets(node, outside)]


def has_elements(node: Node) -> bool:
    """Whether a condition goes through a collection."""
    return any(part.op.endswith(" of") for part in node.walk())


def _names(node: Node) -> Iterator[Node]:
    return (part for part in node.walk() if part.op == "name")


def _meets(node: Node, names: Collection[Node]) -> bool:
    return any(name in names for name in _names(node))
