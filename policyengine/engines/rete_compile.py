"""From checked conditions to what the C core can match: conjunctions of tests of single properties.

A condition is brought into disjunctive normal form, which in Kleene's logic has the same value: it
is true if and only if some conjunction has only tests that are surely true. A test of an unknown
value is never true, nor is its complement, because the fact then lacks the property.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policyengine.engines.functions import Function, Functions
from policyengine.engines.rete_core import Comparison, ordered
from policyengine.lang.nodes import Node
from policyengine.lang.operators import COMPARISONS
from policyengine.lang.types import Number, Word

Conjunction = tuple[Comparison, ...]

MOST_CONJUNCTIONS = 12
"""A part with more is computed in Python and matched as one truth."""

_COMPLEMENT = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_TURNED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class Properties:
    """The properties of one shape of fact: for each, how it is computed and written as a whole number."""

    def __init__(self, functions: Functions) -> None:
        self.functions = functions
        self.names: dict[tuple[Node, str], str] = {}
        self.words: dict[str, int] = {}

    def of(self, node: Node, form: str) -> str:
        """The name of the property that holds a node's value as `number`, `word` or `truth`."""
        return self.names.setdefault((node, form), f"p{len(self.names)}")

    def word(self, text: str) -> int:
        """The number of a word that some rule tests; 0 stands for all others."""
        return self.words.setdefault(text, len(self.words) + 1)

    def writer(self, node: Node, form: str) -> Function:
        """A function from bindings to the whole number of a property, or None where it is unknown."""
        function, words = self.functions.of(node), self.words
        if form == "number":
            return lambda bindings: None if (value := function(bindings)) is None else ordered(value)
        if form == "word":
            return lambda bindings: None if (value := function(bindings)) is None else words.get(value, 0)
        return lambda bindings: None if (value := function(bindings)) is None else int(value)


class Compiler:
    """Compiles conditions of one shape of fact; parameters are constants."""

    def __init__(self, properties: Properties, parameters: Mapping[str, float]) -> None:
        self._properties = properties
        self._parameters = parameters

    def conjunctions(self, node: Node, positive: bool) -> tuple[Conjunction, ...]:
        """When the condition is surely true (or, with `positive` False, surely false)."""
        found = self._normal(node, positive)
        return self._truth(node, positive) if found is None else tuple(dict.fromkeys(found))

    def _normal(self, node: Node, positive: bool) -> list[Conjunction] | None:
        """The disjunctive normal form, or None where it would grow too large."""
        if node.op == "literal":
            return [()] if node.value is positive else []
        if node.op == "not":
            return self._normal(node.args[0], not positive)
        if node.op in ("and", "or"):
            parts = [list(self.conjunctions(arg, positive)) for arg in node.args]
            return _product(parts) if (node.op == "and") is positive else _union(parts)
        if node.op in COMPARISONS:
            test = self._comparison(node, positive)
            if test is not None:
                return [(test,)]
        return list(self._truth(node, positive))

    def _truth(self, node: Node, positive: bool) -> tuple[Conjunction, ...]:
        return ((Comparison(self._properties.of(node, "truth"), "==", int(positive)),),)

    def _comparison(self, node: Node, positive: bool) -> Comparison | None:
        """A value compared with a constant; None if both sides vary."""
        left, right = node.args
        op = node.op
        if self._constant(left) is not None:
            left, right, op = right, left, _TURNED[op]
        value = self._constant(right)
        if value is None or self._constant(left) is not None or isinstance(value, bool):
            return None
        op = op if positive else _COMPLEMENT[op]
        if isinstance(left.type, Number):
            return Comparison(self._properties.of(left, "number"), op, ordered(value))
        if isinstance(left.type, Word):
            return Comparison(self._properties.of(left, "word"), op, self._properties.word(value))
        return None

    def _constant(self, node: Node) -> Any:
        if node.op == "literal":
            return node.value
        if node.op == "name" and node.value[0] == "param":
            return self._parameters[node.value[1]]
        return None


def _union(parts: list[list[Conjunction]]) -> list[Conjunction] | None:
    found = [conjunction for part in parts for conjunction in part]
    return found if len(found) <= MOST_CONJUNCTIONS else None


def _product(parts: list[list[Conjunction]]) -> list[Conjunction] | None:
    found: list[Conjunction] = [()]
    for part in parts:
        if len(found) * len(part) > MOST_CONJUNCTIONS:
            return None
        found = [(*first, *(test for test in second if test not in first)) for first in found for second in part]
    return found
