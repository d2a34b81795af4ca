"""The reference engine: the meaning of the language, to be read in one sitting.

A value is a float, a bool, a word, a set of words, or None for unknown. Logic is Kleene's strong three-valued logic
(S. C. Kleene, Introduction to Metamathematics, 1952, section 64). Every other engine answers to this one.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial, reduce
from math import isfinite
from typing import Any

from policyengine.firing import Firing, FiringTable, Subject, Undecided, fixed_point
from policyengine.lang.nodes import Node
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Rule, Rulebook

Rows = list[Firing | Undecided]


class Reference:
    """The engine for one rulebook."""

    name = "reference"

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def run(self, facts: Facts) -> FiringTable:
        """Evaluate every rule for every subject."""
        return run(self._rulebook, facts.fork())

    def close(self) -> None:
        """Nothing is held outside Python."""


def run(rulebook: Rulebook, facts: Facts) -> FiringTable:
    """Evaluate stratum by stratum; afterwards the facts carry the marks that the rules put."""
    roots = facts.roots(rulebook.parameter_values)
    clear_marks(rulebook, facts)
    rows: Rows = []
    for stratum in rulebook.strata:
        found: Rows = []
        for index in stratum:
            for subject, bindings in facts.subjects(rulebook.rules[index].subject):
                found += _judge(index, rulebook.rules[index], subject, roots | bindings)
        put_marks(rulebook, facts, found)
        rows += found
    fired = sorted(row for row in rows if isinstance(row, Firing))
    return FiringTable(tuple(fired), tuple(sorted(row for row in rows if isinstance(row, Undecided))))


def _judge(index: int, rule: Rule, subject: Subject, bindings: Bindings) -> Rows:
    """One rule for one subject: silent when false, undecided when unknown, else all its effects."""
    holds = evaluate(rule.when, bindings)
    rows: Rows = []
    for place, effect in enumerate(rule.effects if holds is not False else ()):
        points = 0.0 if effect.points is None else evaluate(effect.points, bindings)
        if holds is None or points is None:
            rows.append(Undecided(index, place, subject))
        else:
            rows.append(Firing(index, place, subject, fixed_point(points, rule.weight)))
    return rows


def clear_marks(rulebook: Rulebook, facts: Facts) -> None:
    """Before any rule has run, every mark that one could put is false."""
    for mark in rulebook.marks:
        for record in facts.marked(mark):
            record.setdefault(mark.partition(".")[2], False)


def put_marks(rulebook: Rulebook, facts: Facts, rows: Rows) -> None:
    """A mark is true if one rule sets it, else unknown if one is undecided, else false."""
    for row in sorted(rows, key=lambda row: isinstance(row, Firing)):
        effect = rulebook.rules[row.rule].effects[row.effect]
        if effect.kind == "mark":
            kind, _, path = effect.target.partition(".")
            record = facts.marked(effect.target)[getattr(row.subject, kind)]
            record[path] = True if isinstance(row, Firing) or record[path] is True else None


def evaluate(node: Node, bindings: Bindings) -> Any:
    """The value of an expression, or None if it is unknown."""
    match node.op:
        case "literal":
            return node.value
        case "name":
            value: Any = bindings
            for step in node.value:  # root, hops, field: whatever is missing on the way is unknown
                value = None if value is None else value.get(step)
            return value
        case quantifier if quantifier in _QUANTIFIERS:
            records = evaluate(node.args[0], bindings)
            return None if records is None else _quantify(node, [bindings | {node.value: record} for record in records])
    values = [evaluate(arg, bindings) for arg in node.args]
    if node.op in LOGIC:
        return LOGIC[node.op](values)
    if None in values:
        return None
    return values[0] in node.value if node.op == "in" else _finite(_STRICT[node.op](*values))


def _quantify(node: Node, elements: list[Bindings]) -> Any:
    """The filter leaves an element out when it is false, and makes it unknown when it is unknown."""
    pairs = [(evaluate(node.args[1], inner), evaluate(node.args[2], inner)) for inner in elements]
    if node.op in ("any of", "count of"):
        values = [_and([kept, value]) for kept, value in pairs]
    elif node.op == "all of":
        values = [_or([None if kept is None else not kept, value]) for kept, value in pairs]
    else:
        values = [None if kept is None else value for kept, value in pairs if kept is not False]
    if None in values and node.op not in ("any of", "all of"):
        return None
    return _finite(_QUANTIFIERS[node.op](values))


def _and(values: list[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def _or(values: list[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


def _finite(value: Any) -> Any:
    """A number too large for a float is unknown, like a quotient by zero."""
    return None if isinstance(value, float) and not isfinite(value) else value


_sum = partial(reduce, operator.add)  # left to right, which the built-in sum does not promise
LOGIC: dict[str, Callable[[list[Any]], bool | None]] = {
    "and": _and, "or": _or, "known": lambda values: values[0] is not None,
    "not": lambda values: None if values[0] is None else not values[0],
}  # fmt: skip
_STRICT: dict[str, Callable[..., Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "contains": operator.contains, "+": operator.add, "-": operator.sub, "*": operator.mul,
    "/": lambda a, b: None if b == 0 else a / b, "negative": operator.neg, "min": min, "max": max, "abs": abs,
    "clip": lambda a, low, high: min(max(a, low), high),
}  # fmt: skip
_QUANTIFIERS: dict[str, Callable[[list[Any]], Any]] = {
    "any of": _or, "all of": _and, "count of": lambda values: float(values.count(True)),
    "sum of": lambda values: _sum(values, 0.0),
    "min of": lambda values: min(values, default=None), "max of": lambda values: max(values, default=None),
    "mean of": lambda values: _sum(values, 0.0) / len(values) if values else None,
}  # fmt: skip
