"""The reference engine: the meaning of the language, to be read in one sitting.

A value is a float, a bool, a word, a set of words, or None for unknown. Logic is Kleene's strong
three-valued logic (S. C. Kleene, Introduction to Metamathematics, 1952, section 64). Every other
engine answers to this one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import isfinite
from typing import Any

from policyengine.firing import Firing, FiringTable, Subject, Undecided, fixed_point
from policyengine.lang.nodes import Node
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Rule, Rulebook

NAME = "reference"


class Reference:
    """The engine for one rulebook."""

    name = NAME

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook

    def run(self, facts: Facts) -> FiringTable:
        """Evaluate every rule for every subject, stratum by stratum."""
        return run(self._rulebook, facts.fork())

    def close(self) -> None:
        """Nothing is held outside Python."""


def run(rulebook: Rulebook, facts: Facts) -> FiringTable:
    """Evaluate facts whose marks may be changed; afterwards they carry the marks that the rules put."""
    roots = facts.roots(rulebook.parameter_values)
    for mark in {mark for rule in rulebook.rules for mark in rule.sets}:
        for record in _marked(facts, mark):
            record.setdefault(_path(mark), False)
    fired: list[Firing] = []
    undecided: list[Undecided] = []
    for stratum in rulebook.strata:
        for index in stratum:
            for subject, bindings in facts.subjects(rulebook.rules[index].subject):
                _judge(index, rulebook.rules[index], subject, roots | bindings, fired, undecided)
        _mark(rulebook, facts, stratum, fired, undecided)
    return FiringTable(tuple(sorted(fired)), tuple(sorted(undecided)))


def _judge(index: int, rule: Rule, subject: Subject, bindings: Bindings, fired: list[Firing], undecided: list[Undecided]) -> None:
    """One rule for one subject: silent when false, undecided when unknown, else all its effects."""
    holds = evaluate(rule.when, bindings)
    if holds is False:
        return
    for place, effect in enumerate(rule.effects):
        points = 0.0 if effect.points is None else evaluate(effect.points, bindings)
        if holds is None or points is None:
            undecided.append(Undecided(index, place, subject))
        else:
            fired.append(Firing(index, place, subject, fixed_point(points, rule.weight)))


def _mark(rulebook: Rulebook, facts: Facts, stratum: tuple[int, ...], fired: list[Firing], undecided: list[Undecided]) -> None:
    """Put the marks of a stratum: true if one rule sets it, else unknown if one is undecided."""
    inside = frozenset(stratum)
    for rows, value in ((undecided, None), (fired, True)):
        for row in rows:
            effect = rulebook.rules[row.rule].effects[row.effect]
            if row.rule in inside and effect.kind == "mark":
                record = _marked(facts, effect.target)[getattr(row.subject, effect.target.partition(".")[0])]
                if record[_path(effect.target)] is not True:
                    record[_path(effect.target)] = value


def _marked(facts: Facts, mark: str) -> list[dict[str, Any]]:
    """The records that can carry a mark such as `threat.marks.name@pack`."""
    burdens = [record for _, record in facts.burdens]
    return {"threat": facts.threats, "jurisdiction": facts.jurisdictions, "burden": burdens}[mark.partition(".")[0]]


def _path(mark: str) -> str:
    return mark.partition(".")[2]


def evaluate(node: Node, bindings: Bindings) -> Any:
    """The value of an expression, or None if it is unknown."""
    if node.op == "literal":
        return node.value
    if node.op == "name":
        return _look_up(node.value, bindings)
    if node.op.endswith(" of"):
        return _quantify(node, bindings)
    values = [evaluate(arg, bindings) for arg in node.args]
    if node.op in _LOGIC:
        return _LOGIC[node.op](values)
    if any(value is None for value in values):
        return None
    if node.op == "in":
        return values[0] in node.value
    return _finite(_STRICT[node.op](*values))


def _look_up(path: tuple[str, ...], bindings: Bindings) -> Any:
    """Follow root and hops to a field; whatever is missing on the way is unknown."""
    value: Any = bindings
    for step in path:
        value = None if value is None else value.get(step)
    return value


def _quantify(node: Node, bindings: Bindings) -> Any:
    """Go through a collection; the filter leaves out an element when false, makes it unknown when unknown."""
    collection, test, body = node.args
    records = evaluate(collection, bindings)
    if records is None:
        return None
    values = []
    for record in records:
        inner = bindings | {node.value: record}
        kept = evaluate(test, inner)
        if node.op in ("any of", "count of"):
            values.append(_and([kept, evaluate(body, inner)]))
        elif node.op == "all of":
            values.append(_or([_not([kept]), evaluate(body, inner)]))
        elif kept is not False:
            values.append(None if kept is None else evaluate(body, inner))
    if node.op in ("any of", "all of"):
        return _or(values) if node.op == "any of" else _and(values)
    return None if any(value is None for value in values) else _finite(_QUANTIFIERS[node.op](values))


def _and(values: Iterable[Any]) -> bool | None:
    values = list(values)
    return False if False in values else None if None in values else True


def _or(values: Iterable[Any]) -> bool | None:
    values = list(values)
    return True if True in values else None if None in values else False


def _not(values: list[Any]) -> bool | None:
    return None if values[0] is None else not values[0]


def _finite(value: Any) -> Any:
    """A number too large for a float is unknown, like a quotient by zero."""
    return None if isinstance(value, float) and not isfinite(value) else value


def _sum(values: list[float]) -> float:
    total = 0.0
    for value in values:
        total += value
    return total


_LOGIC: dict[str, Callable[[list[Any]], bool | None]] = {"and": _and, "or": _or, "not": _not, "known": lambda values: values[0] is not None}
_STRICT: dict[str, Callable[..., Any]] = {
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "contains": lambda names, word: word in names,
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: None if b == 0 else a / b,
    "negative": lambda a: -a, "abs": abs, "min": min, "max": max, "clip": lambda a, low, high: min(max(a, low), high),
}
_QUANTIFIERS: dict[str, Callable[[list[Any]], Any]] = {
    "count of": lambda values: float(values.count(True)), "sum of": _sum,
    "min of": lambda values: min(values, default=None), "max of": lambda values: max(values, default=None),
    "mean of": lambda values: _sum(values) / len(values) if values else None,
}
