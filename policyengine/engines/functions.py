"""Plain Python functions for the parts of expressions that the C core cannot compute.

Each operator of the table has one line here. A function takes bindings and gives the value, or
None for unknown; equal parts share one function.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from math import isfinite
from typing import Any

from policyengine.lang.nodes import Node
from policyengine.rulebook.facts import Bindings

Function = Callable[[Bindings], Any]


class Functions:
    """Makes functions from checked trees, one for each distinct node."""

    def __init__(self) -> None:
        self._made: dict[Node, Function] = {}

    def of(self, node: Node) -> Function:
        """The function of a node."""
        made = self._made.get(node)
        if made is None:
            made = self._made[node] = self._make(node)
        return made

    def _make(self, node: Node) -> Function:
        if node.op == "literal":
            constant = node.value
            return lambda _: constant
        if node.op == "name":
            return _path(node.value)
        if node.op.endswith(" of"):
            return self._quantifier(node)
        args = [self.of(arg) for arg in node.args]
        if node.op == "in":
            listed, value_of = frozenset(node.value), args[0]
            return lambda bindings: None if (value := value_of(bindings)) is None else value in listed
        return _COMBINE[node.op](args)

    def _quantifier(self, node: Node) -> Function:
        collection, test, body = map(self.of, node.args)
        variable, gather = node.value, _GATHER[node.op]

        def quantified(bindings: Bindings) -> Any:
            records = collection(bindings)
            if records is None:
                return None
            inner = dict(bindings)
            pairs = []
            for record in records:
                inner[variable] = record
                pairs.append((test(inner), body(inner)))
            return gather(pairs)

        return quantified


def _path(path: tuple[str, ...]) -> Function:
    if len(path) == 1:
        (root,) = path
        return lambda bindings: bindings.get(root)
    if len(path) == 2:
        root, leaf = path
        return lambda bindings: bindings[root].get(leaf)
    root, *hops, leaf = path

    def value(bindings: Bindings) -> Any:
        record = bindings[root]
        for hop in hops:
            record = record.get(hop)
            if record is None:
                return None
        return record.get(leaf)

    return value


def _both(compute: Callable[[Any, Any], Any]) -> Callable[[list[Function]], Function]:
    """An operator of two known values."""

    def combine(args: list[Function]) -> Function:
        first, second = args
        return lambda bindings: (
            None if (a := first(bindings)) is None or (b := second(bindings)) is None else compute(a, b)
        )

    return combine


def _each(compute: Callable[..., Any]) -> Callable[[list[Function]], Function]:
    """An operator of any number of known values."""

    def combine(args: list[Function]) -> Function:
        def value(bindings: Bindings) -> Any:
            values = [arg(bindings) for arg in args]
            return None if None in values else compute(*values)

        return value

    return combine


def _conjunction(args: list[Function]) -> Function:
    def value(bindings: Bindings) -> bool | None:
        result: bool | None = True
        for arg in args:
            part = arg(bindings)
            if part is False:
                return False
            if part is None:
                result = None
        return result

    return value


def _disjunction(args: list[Function]) -> Function:
    def value(bindings: Bindings) -> bool | None:
        result: bool | None = False
        for arg in args:
            part = arg(bindings)
            if part is True:
                return True
            if part is None:
                result = None
        return result

    return value


def _negation(args: list[Function]) -> Function:
    (arg,) = args
    return lambda bindings: None if (value := arg(bindings)) is None else not value


def _known(args: list[Function]) -> Function:
    (arg,) = args
    return lambda bindings: arg(bindings) is not None


def _bounded(value: float) -> float | None:
    return value if isfinite(value) else None


def _quotient(a: float, b: float) -> float | None:
    return _bounded(a / b) if b else None


_COMBINE: dict[str, Callable[[list[Function]], Function]] = {
    "and": _conjunction,
    "or": _disjunction,
    "not": _negation,
    "known": _known,
    "==": _both(operator.eq),
    "!=": _both(operator.ne),
    "<": _both(operator.lt),
    "<=": _both(operator.le),
    ">": _both(operator.gt),
    ">=": _both(operator.ge),
    "contains": _both(operator.contains),
    "+": _both(lambda a, b: _bounded(a + b)),
    "-": _both(lambda a, b: _bounded(a - b)),
    "*": _both(lambda a, b: _bounded(a * b)),
    "/": _both(_quotient),
    "negative": _each(operator.neg),
    "min": _each(min),
    "max": _each(max),
    "abs": _each(abs),
    "clip": _each(lambda a, low, high: min(max(a, low), high)),
}

Pairs = list[tuple[Any, Any]]
"""For each element, whether the filter keeps it and the value of the body."""


def _any(pairs: Pairs) -> bool | None:
    if any(kept is True and value is True for kept, value in pairs):
        return True
    return None if any(kept is not False and value is not False for kept, value in pairs) else False


def _all(pairs: Pairs) -> bool | None:
    if any(kept is True and value is False for kept, value in pairs):
        return False
    return None if any(kept is not False and value is not True for kept, value in pairs) else True


def _count(pairs: Pairs) -> float | None:
    if any(kept is not False and value is not False and (kept is None or value is None) for kept, value in pairs):
        return None
    return float(sum(kept is True and value is True for kept, value in pairs))


def _numbers(compute: Callable[[list[float]], float | None]) -> Callable[[Pairs], float | None]:
    """A quantifier over the numbers of the kept elements, if all are known."""

    def gather(pairs: Pairs) -> float | None:
        values = [value for kept, value in pairs if kept is not False]
        unknown = any(value is None for value in values) or any(kept is None for kept, _ in pairs)
        return None if unknown else compute(values)

    return gather


def _total(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


_GATHER: dict[str, Callable[[Pairs], Any]] = {
    "any of": _any,
    "all of": _all,
    "count of": _count,
    "sum of": _numbers(lambda values: _bounded(_total(values))),
    "min of": _numbers(lambda values: min(values, default=None)),
    "max of": _numbers(lambda values: max(values, default=None)),
    "mean of": _numbers(lambda values: _bounded(_total(values) / len(values)) if values else None),
}
