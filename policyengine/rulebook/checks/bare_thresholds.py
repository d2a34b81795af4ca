"""A threshold with a policy meaning is a parameter, so that it can be argued about and varied."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.lang.nodes import Node
from policyengine.lang.show import number_text
from policyengine.lang.types import Number
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study

_ORDERS = ("<", "<=", ">", ">=")
_PLAIN = (0.0, 1.0)
_SMALL = 3
"""Counting to so many is saying what is meant (two parties, a third office), not weighing it."""


def check(study: Study) -> Iterator[Finding]:
    """Report comparisons of a value with a bare number."""
    for rule in study.rules:
        for node in dict.fromkeys(rule.when.walk()):
            threshold = _threshold(node)
            if threshold is not None:
                value, number = threshold
                message = f"the threshold {number_text(number)} for {study.written(rule, value)} is a bare number"
                declared = f"NAME: {{value: {number_text(number)}, low: ..., high: ..., means: ...}}"
                hint = f"declare it under 'parameters' of pack.yaml, as {declared}, and write param.NAME here"
                yield Finding(rule.pack, rule.id, ("when",), "R103", message, hint, part=node)


def _threshold(node: Node) -> tuple[Node, float] | None:
    """The value and the number that it is compared with, if the number is a threshold that one could argue about."""
    if node.op not in _ORDERS:
        return None
    for value, limit in (node.args, node.args[::-1]):
        if limit.op == "literal" and value.op != "literal" and limit.value not in _PLAIN:
            return None if _is_count(value, limit.value) or _is_end(value, limit.value) else (value, limit.value)
    return None


def _is_count(value: Node, number: float) -> bool:
    return value.op == "count of" and number == int(number) and abs(number) <= _SMALL


def _is_end(value: Node, number: float) -> bool:
    """The end of a range is no threshold: at it stands everything or nothing."""
    return isinstance(value.type, Number) and value.op == "name" and number in (value.type.low, value.type.high)
