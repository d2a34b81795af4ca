"""Why a rule fired, why not, and what is missing: answers of the reference engine, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from types import EllipsisType
from typing import Any

from policyengine.engines.reference import clear_marks, put_marks, run
from policyengine.engines.unknowns import Key, Unknowns, key_of
from policyengine.firing import FiringTable
from policyengine.lang.nodes import Node, conjuncts
from policyengine.lang.operators import COMPARISONS
from policyengine.lang.show import number_text, show
from policyengine.lang.types import Number
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Rulebook


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a condition that must hold: its text, whether it does, and what it saw.

    `seen` lists the named values; `distance` says by how much a number misses (None where that has no
    meaning); `missing` names what is unknown, by its path in the scenario file.
    """

    text: str
    holds: bool | None
    seen: tuple[tuple[str, str], ...]
    distance: float | None
    missing: tuple[str, ...]


def marked_facts(rulebook: Rulebook, facts: Facts, table: FiringTable) -> Facts:
    """The facts with the marks that the rules put on them, as the firing table tells."""
    marked = facts.fork()
    clear_marks(rulebook, marked)
    put_marks(rulebook, marked, [*table.undecided, *table.fired])
    return marked


def facts_with_marks(rulebook: Rulebook, facts: Facts) -> Facts:
    """The facts with the marks that the rules put on them; only the rules that put any are run."""
    marked = facts.fork()
    run(replace(rulebook, rules=tuple(rule for rule in rulebook.rules if rule.sets)), marked)
    return marked


def parts(when: Node, bindings: Bindings) -> tuple[Part, ...]:
    """The parts of a condition, each with what it saw."""
    return tuple(each.part() for each in Seen().looked(when, bindings))


class Looked:
    """One part of a condition under the bindings of a subject, and whether it holds.

    What it saw is put in words when somebody asks.
    """

    __slots__ = ("_bindings", "_distance", "_part", "_unknowns", "holds", "node")

    def __init__(self, node: Node, bindings: Bindings, unknowns: Unknowns) -> None:
        """Look whether it holds."""
        self.node = node
        self.holds: bool | None = unknowns.value(node, bindings)
        self._bindings = bindings
        self._unknowns = unknowns
        self._part: Part | None = None
        self._distance: float | EllipsisType | None = ...

    @property
    def distance(self) -> float | None:
        """How far the left side of a comparison of numbers that does not hold is from the right one."""
        if self._distance is ...:
            self._distance = self._apart() if self.holds is False else None
        return self._distance

    def part(self) -> Part:
        """The same in words."""
        if self._part is None:
            lacking = () if self.holds is not None else self._unknowns.missing(self.node, self._bindings)
            self._part = Part(show(self.node), self.holds, self._values(), self.distance, lacking)
        return self._part

    def _values(self) -> tuple[tuple[str, str], ...]:
        """The named values outside quantifiers, and each quantifier as a whole."""
        found = [(show(node), _value_text(self._value(node))) for node in _named(self.node)]
        return tuple(dict.fromkeys(found))

    def _apart(self) -> float | None:
        if self.node.op not in COMPARISONS or not isinstance(self.node.args[0].type, Number):
            return None
        left, right = map(self._value, self.node.args)
        return None if left is None or right is None else abs(float(left) - float(right))

    def _value(self, node: Node) -> Any:
        return self._unknowns.value(node, self._bindings)


class Seen:
    """The parts of conditions under bindings whose records all belong to one scenario.

    Each is looked at once for the records that it speaks of, though many subjects share them.
    """

    def __init__(self) -> None:
        """Nothing is seen yet."""
        self._unknowns = Unknowns()
        self._looked: dict[Key, Looked] = {}

    def looked(self, when: Node, bindings: Bindings) -> list[Looked]:
        """The parts of a condition."""
        return [self._look(part, bindings) for part in _conjuncts(when)]

    def failing(self, when: Node, bindings: Bindings) -> list[Looked]:
        """The parts of a condition that do not hold or are not known."""
        return [part for part in self.looked(when, bindings) if part.holds is not True]

    def _look(self, node: Node, bindings: Bindings) -> Looked:
        key = key_of(node, bindings)
        found = self._looked.get(key)
        if found is None:
            found = self._looked[key] = Looked(node, bindings, self._unknowns)
        return found


_conjuncts = lru_cache(maxsize=20_000)(conjuncts)


@lru_cache(maxsize=20_000)
def named(node: Node) -> tuple[str, ...]:
    """The names of the values that a part of a condition sees, each quantifier as a whole."""
    return tuple(dict.fromkeys(map(show, _named(node))))


@lru_cache(maxsize=20_000)
def _named(node: Node) -> tuple[Node, ...]:
    if node.op.endswith(" of") or node.op == "name":
        return (node,)
    return tuple(dict.fromkeys(each for arg in node.args for each in _named(arg)))


def _value_text(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return number_text(round(value, 6))
    if isinstance(value, frozenset):
        return ", ".join(sorted(value)) or "none"
    if isinstance(value, list | tuple):
        return f"{len(value)} records"
    return str(value)


def missing(node: Node, bindings: Bindings) -> tuple[str, ...]:
    """Which values of the scenario file would have to be known to decide an unknown expression."""
    return Unknowns().missing(node, bindings)
