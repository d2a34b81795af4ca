"""A checked expression in plain English, for readers who do not read conditions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from policyengine.lang.nodes import TRUE, Node
from policyengine.lang.show import number_text
from policyengine.lang.types import Boolean, Collection

ValueOf = Callable[[str], float | None]
"""The value of a parameter, by the name under which it is held (`name@pack`), or None."""

_GROUPS = {"capacities": "capacity", "costs": "cost", "benefits": "benefit", "interests": "interest"}
"""Groups of numbers whose name is needed to tell what a number is."""
_COMPARED = {"==": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}
_DENIED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_BETWEEN = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}
_OVER = {"sum of": "sum", "mean of": "mean", "min of": "least", "max of": "greatest"}


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition in words: a sentence, or a head (`all of these`, `one of these`) with the clauses below it."""

    text: str
    parts: tuple[Clause, ...] = ()

    def __str__(self) -> str:
        """The whole on one line."""
        joint = " or " if self.text.startswith("one") else " and "
        return joint.join(f"({part})" if part.parts else str(part) for part in self.parts) if self.parts else self.text


def clause(node: Node, value_of: ValueOf = lambda name: None) -> Clause:  # noqa: ARG005 - no values by default
    """A condition in words."""
    return _Speaker(value_of, {}).clause(node)


def quantity(node: Node, value_of: ValueOf = lambda name: None) -> str:  # noqa: ARG005 - no values by default
    """A number, a word or a set of words in words."""
    return _Speaker(value_of, {}).value(node)


class _Speaker:
    def __init__(self, value_of: ValueOf, variables: Mapping[str, str]) -> None:
        self._value_of = value_of
        self._variables = variables

    def clause(self, node: Node, *, holds: bool = True) -> Clause:
        """The condition, or its denial."""
        if node.op == "not":
            return self.clause(node.args[0], holds=not holds)
        if node.op in ("and", "or"):
            head = "all of these hold" if (node.op == "and") == holds else "one of these holds"
            return Clause(head, tuple(self.clause(arg, holds=holds) for arg in node.args))
        return Clause(self._sentence(node, holds=holds))

    def _sentence(self, node: Node, *, holds: bool) -> str:
        if node.op in _COMPARED:
            # A denied comparison is unknown where the comparison is, so the opposite one says the same.
            op = node.op if holds else _DENIED[node.op]
            return f"{self.value(node.args[0])} {_COMPARED[op]} {self.value(node.args[1])}"
        if node.op == "in":
            listed = _listing([_word(value) for value in node.value], "or")
            which = "one of " if len(node.value) > 1 else ""
            return f"{self.value(node.args[0])} is {'' if holds else 'not '}{which}{listed}"
        if node.op == "contains":
            verb = "include" if holds else "do not include"
            return f"{self.value(node.args[0])} {verb} {self.value(node.args[1])}"
        if node.op == "known":
            return f"{self.value(node.args[0])} is {'' if holds else 'not '}known"
        if node.op.endswith(" of"):
            return self._quantified(node, holds=holds)
        return self._truth(node, holds=holds)

    def _truth(self, node: Node, *, holds: bool) -> str:
        if node.op == "literal":
            return "always" if node.value is holds else "never"
        leaf = node.value[-1].partition("@")[0]
        if leaf.startswith("marks."):
            return f"{self._owner(node.value)} is {'' if holds else 'not '}marked {_word(leaf[6:])}"
        return f"{self.value(node)} is {'true' if holds else 'false'}"

    def _quantified(self, node: Node, *, holds: bool) -> str:
        some = (node.op == "any of") == holds
        _, test, body = node.args
        inner, element, where = self._inside(node)
        among = "" if test is TRUE else f", of those where {inner.clause(test)}"
        if node.op == "any of" and not holds:
            return f"for no {element}{where}{among}: {inner.clause(body)}"
        which = f"at least one {element}" if some else f"every {element}"
        return f"for {which}{where}{among}: {inner.clause(body, holds=holds)}"

    def _inside(self, node: Node) -> tuple[_Speaker, str, str]:
        """Whoever speaks of an element, what the element is called, and of whom it is one."""
        kind = node.args[0].type
        assert isinstance(kind, Collection)  # noqa: S101 - the checker lets nothing else pass
        element = kind.element.name
        called = f"that {'second ' if f'that {element}' in self._variables.values() else ''}{element}"
        path = node.args[0].value
        where = f" of {self._owner(path)}" if len(path) > 1 else ""
        return _Speaker(self._value_of, {**self._variables, node.value: called}), element, where

    def value(self, node: Node) -> str:
        """A number, a word or a set of words."""
        if node.op == "literal":
            return _word(node.value) if isinstance(node.value, str) else number_text(node.value)
        if node.op == "name":
            return self._name(node.value)
        if node.op == "count of" or node.op in _OVER:
            return self._reckoned(node)
        return f"whether {self.clause(node)}" if isinstance(node.type, Boolean) else self._function(node)

    def _function(self, node: Node) -> str:
        args = [self._operand(arg) for arg in node.args]
        if node.op in _BETWEEN:
            return f"{args[0]} {_BETWEEN[node.op]} {args[1]}"
        if node.op == "negative":
            return f"minus {args[0]}"
        if node.op == "abs":
            return f"the size of {args[0]}"
        if node.op == "clip":
            return f"{args[0]}, kept between {args[1]} and {args[2]},"
        return f"the {'least' if node.op == 'min' else 'greatest'} of {_listing(args, 'and')}"

    def _operand(self, node: Node) -> str:
        text = self.value(node)
        return f"({text})" if node.op in _BETWEEN else text

    def _reckoned(self, node: Node) -> str:
        inner, element, where = self._inside(node)
        _, test, body = node.args
        among = "" if test is TRUE else f" where {inner.clause(test)}"
        if node.op == "count of":
            joint = " and" if among else " where"
            return f"the number of {element} records{where}{among}{joint} {inner.clause(body)}"
        return f"the {_OVER[node.op]} of {inner.value(body)} over every {element}{where}{among}"

    def _name(self, path: tuple[str, ...]) -> str:
        if path[0] == "param":
            value = self._value_of(path[1])
            shown = "" if value is None else f" ({number_text(value)})"
            return f"{_word(path[1].partition('@')[0])}{shown}"
        if len(path) == 1:
            return f"the {path[0]}"
        return f"{self._owner(path)}'s {_field(path[-1])}"

    def _owner(self, path: tuple[str, ...]) -> str:
        if len(path) > 2:
            return "the other party"  # the one hop that there is leads from a tie to its partner
        called = {"other": "the other jurisdiction", "param": "the parameters"}.get(path[0], f"the {path[0]}")
        return self._variables.get(path[0], called)


def _field(leaf: str) -> str:
    group, _, word = leaf.partition("@")[0].rpartition(".")
    return f"{_word(word)} {_GROUPS[group]}" if group in _GROUPS else _word(word)


def _word(value: object) -> str:
    return number_text(value) if isinstance(value, float) else str(value).replace("_", " ")


def _listing(parts: Sequence[str], joint: str) -> str:
    return f"{', '.join(parts[:-1])} {joint} {parts[-1]}" if len(parts) > 1 else parts[0]
