"""A threshold with a policy meaning is a parameter, so that it can be argued about and varied."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from policyengine.lang.bounds import bounds
from policyengine.lang.nodes import Node
from policyengine.lang.show import number_text
from policyengine.lang.types import Number
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study

_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_PLAIN = (0.0, 1.0)
_SMALL = 3
"""Counting to so many is saying what is meant (two parties, a third office), not weighing it."""


def check(study: Study) -> Iterator[Finding]:
    """Report comparisons of a value with a bare number."""
    for rule in study.rules:
        for node in dict.fromkeys(rule.when.walk()):
            for value, number in islice(_thresholds(node), 1):
                message = f"the threshold {number_text(number)} for {study.written(rule, value)} is a bare number"
                declared = f"NAME: {{value: {number_text(number)}, low: ..., high: ..., means: ...}}"
                hint = f"declare it under 'parameters' of pack.yaml, as {declared}, and write param.NAME here"
                yield Finding(rule.pack, rule.id, ("when",), "R103", message, hint, part=node)


def _thresholds(node: Node) -> Iterator[tuple[Node, float]]:
    """The value and the number that it is compared with, if the number is a threshold that one could argue about."""
    if node.op in _COMPARISONS:
        pairs = [(value, _fixed(limit)) for value, limit in (node.args, node.args[::-1]) if _fixed(value) is None]
    else:
        pairs = [(node.args[0], number) for number in node.value] if node.op == "in" else []
    for value, number in pairs:
        if isinstance(number, float) and number not in _PLAIN and not _is_said(value, number):
            yield value, number


def _fixed(node: Node) -> float | None:
    """The number that a part comes down to which names nothing."""
    if not isinstance(node.type, Number) or any(part.op == "name" for part in node.walk()):
        return None
    low, high = bounds(node)
    return low if low == high else None


def _is_said(value: Node, number: float) -> bool:
    """Whether a number says what is meant and weighs nothing."""
    return _is_count(value, number) or _is_end(value, number)


def _is_count(value: Node, number: float) -> bool:
    return value.op == "count of" and number == int(number) and abs(number) <= _SMALL


def _is_end(value: Node, number: float) -> bool:
    """The end of a range is no threshold: at it stands everything or nothing."""
    return isinstance(value.type, Number) and value.op == "name" and number in (value.type.low, value.type.high)
