"""Partial evaluation: what is fixed is computed once, what varies is left as an expression over columns.

Facts hold a `Residual` wherever a value varies. Folding walks a checked tree with the meaning of the
reference engine and gives a plain value (None for unknown) or what is left; equal parts that are left
are one object, so that each is computed once for all rules and subjects.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import reduce
from math import isfinite
from typing import Any

from policyengine.lang.nodes import Node
from policyengine.rulebook.facts import Bindings

_ABSENT = object()


class Residual:
    """What is left of an expression: an operator with arguments that are left as well, or plain.

    `column` stands for a column (its name in `value`), `strength` for points times weight. Quantifiers
    over numbers hold filter and value of each element in turn; `count of` adds `value` to its truths.
    """

    __slots__ = ("args", "op", "place", "value")

    def __init__(self, op: str, args: tuple[Any, ...], value: Any, place: int) -> None:
        self.op, self.args, self.value, self.place = op, args, value, place


class Residue:
    """Everything that is left, each part once and after its arguments."""

    def __init__(self) -> None:
        self.parts: list[Residual] = []
        self._made: dict[tuple[Any, ...], Residual] = {}

    def make(self, op: str, args: tuple[Any, ...], value: Any = None) -> Residual:
        """The one part with this operator and these arguments."""
        key = (op, value, *((arg.place, None) if type(arg) is Residual else (type(arg), repr(arg)) for arg in args))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = Residual(op, args, value, len(self.parts))
            self.parts.append(made)
        return made

    def column(self, name: str) -> Residual:
        """What stands for a column."""
        return self.make("column", (), name)


def conjunction(residue: Residue, values: Sequence[Any]) -> Any:
    """False if one is false, else what is left, else unknown if one is unknown."""
    return _join(residue, "and", values, dull=True)


def disjunction(residue: Residue, values: Sequence[Any]) -> Any:
    """True if one is true, else what is left, else unknown if one is unknown."""
    return _join(residue, "or", values, dull=False)


def _join(residue: Residue, op: str, values: Sequence[Any], *, dull: bool) -> Any:
    left: dict[int, Any] = {}
    unknown = False
    for value in values:
        if type(value) is Residual:
            left[value.place] = value
        elif value is None:
            unknown = True
        elif value is not dull:
            return value
    if not left:
        return None if unknown else dull
    parts = (*left.values(), *((None,) if unknown else ()))
    return parts[0] if len(parts) == 1 else residue.make(op, parts)


def negation(residue: Residue, value: Any) -> Any:
    """The other truth; unknown stays unknown."""
    if type(value) is Residual:
        return value.args[0] if value.op == "not" else residue.make("not", (value,))
    return None if value is None else not value


class Fold:
    """Folds expressions over facts in which some values vary."""

    def __init__(self, residue: Residue) -> None:
        self.residue = residue
        self._names: dict[Node, tuple[str, ...]] = {}
        self._done: dict[tuple[Any, ...], Any] = {}

    def fold(self, node: Node, bindings: Bindings) -> Any:
        """A plain value, None for unknown, or what is left. The records of the bindings must outlive this object."""
        if node.op == "literal":
            return node.value
        key = (node, *[id(bindings.get(name)) for name in self._names_of(node)])
        found = self._done.get(key, _ABSENT)
        if found is _ABSENT:
            found = self._done[key] = self._fold(node, bindings)
        return found

    def _names_of(self, node: Node) -> tuple[str, ...]:
        """The roots and variables on which a value depends and that change from subject to subject."""
        found = self._names.get(node)
        if found is None:
            if node.op == "name":
                found = (node.value[0],)
            else:
                parts = dict.fromkeys(name for arg in node.args for name in self._names_of(arg))
                bound = node.value if node.op.endswith(" of") else None
                found = tuple(name for name in parts if name != bound)
            self._names[node] = found
        return found

    def _fold(self, node: Node, bindings: Bindings) -> Any:
        op = node.op
        if op == "name":
            value: Any = bindings
            for step in node.value:
                value = None if value is None else value.get(step)
            return value
        if op.endswith(" of"):
            return self._quantify(node, bindings)
        if op in ("and", "or"):
            return self._logic(node, bindings)
        args = tuple([self.fold(arg, bindings) for arg in node.args])
        if op == "not":
            return negation(self.residue, args[0])
        if op == "known":
            return self.residue.make("known", args) if type(args[0]) is Residual else args[0] is not None
        return self._strict(node, args)

    def _logic(self, node: Node, bindings: Bindings) -> Any:
        dull = node.op == "and"
        values = []
        for arg in node.args:
            value = self.fold(arg, bindings)
            if value is (not dull):
                return value
            values.append(value)
        return _join(self.residue, node.op, values, dull=dull)

    def _strict(self, node: Node, args: tuple[Any, ...]) -> Any:
        if None in args:
            return None
        if any(type(arg) is Residual for arg in args):
            return self.residue.make(node.op, args, node.value)
        return args[0] in node.value if node.op == "in" else _finite(SCALARS[node.op](*args))

    def _quantify(self, node: Node, bindings: Bindings) -> Any:
        collection, test, body = node.args
        records = self.fold(collection, bindings)
        if records is None:
            return None
        pairs = []
        inner = dict(bindings)
        for record in records:
            inner[node.value] = record
            kept = self.fold(test, inner)
            if kept is not False:
                pairs.append((kept, self.fold(body, inner)))
        return QUANTIFIERS[node.op](self.residue, pairs)


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not isfinite(value) else value


SCALARS: dict[str, Callable[..., Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "contains": operator.contains,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": lambda a, b: None if b == 0 else a / b,
    "negative": operator.neg,
    "min": min,
    "max": max,
    "abs": abs,
    "clip": lambda a, low, high: min(max(a, low), high),
}
"""The operators of plain values that are all known; logic and `in` are folded above."""

Pairs = list[tuple[Any, Any]]
"""For each element that may stay, whether the filter keeps it and its value."""


def _any(residue: Residue, pairs: Pairs) -> Any:
    return disjunction(residue, [conjunction(residue, pair) for pair in pairs])


def _all(residue: Residue, pairs: Pairs) -> Any:
    return conjunction(residue, [disjunction(residue, (negation(residue, kept), value)) for kept, value in pairs])


def _count(residue: Residue, pairs: Pairs) -> Any:
    values = [conjunction(residue, pair) for pair in pairs]
    if None in values:
        return None
    sure = float(sum(value is True for value in values))
    left = tuple(value for value in values if type(value) is Residual)
    return residue.make("count of", left, sure) if left else sure


def _numbers(op: str, compute: Callable[[list[float]], float | None]) -> Callable[[Residue, Pairs], Any]:
    def gather(residue: Residue, pairs: Pairs) -> Any:
        if any(kept is None or (kept is True and value is None) for kept, value in pairs):
            return None
        if any(type(part) is Residual for pair in pairs for part in pair):
            return residue.make(op, tuple(part for pair in pairs for part in pair))
        return _finite(compute([value for _, value in pairs]))

    return gather


def _sum(values: list[float]) -> float:
    return reduce(operator.add, values, 0.0)


QUANTIFIERS: dict[str, Callable[[Residue, Pairs], Any]] = {
    "any of": _any,
    "all of": _all,
    "count of": _count,
    "sum of": _numbers("sum of", _sum),
    "min of": _numbers("min of", lambda values: min(values, default=None)),
    "max of": _numbers("max of", lambda values: max(values, default=None)),
    "mean of": _numbers("mean of", lambda values: _sum(values) / len(values) if values else None),
}
