"""Why a rule fired, why not, and what is missing: answers of the reference engine, rule by rule."""

from __future__ import annotations

from dataclasses import dataclass

from policyengine.engines.reference import clear_marks, evaluate, put_marks
from policyengine.engines.unknowns import Unknowns
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


def parts(when: Node, bindings: Bindings) -> tuple[Part, ...]:
    """The parts of a condition, each with what it saw."""
    return tuple(_part(part, bindings) for part in conjuncts(when))


def failing(when: Node, bindings: Bindings) -> list[Part]:
    """The parts of a condition that do not hold or are not known."""
    return [_part(part, bindings) for part in conjuncts(when) if evaluate(part, bindings) is not True]


def _part(node: Node, bindings: Bindings) -> Part:
    holds = evaluate(node, bindings)
    return Part(
        show(node),
        holds,
        _seen(node, bindings),
        _distance(node, bindings) if holds is False else None,
        missing(node, bindings),
    )


def _seen(node: Node, bindings: Bindings) -> tuple[tuple[str, str], ...]:
    """The named values outside quantifiers, and each quantifier as a whole."""
    if node.op.endswith(" of"):
        return ((show(node), _value_text(evaluate(node, bindings))),)
    if node.op == "name":
        return ((show(node), _value_text(evaluate(node, bindings))),)
    return tuple(dict.fromkeys(pair for arg in node.args for pair in _seen(arg, bindings)))


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


def _distance(node: Node, bindings: Bindings) -> float | None:
    """How far the left side of a failed comparison of numbers is from the right one."""
    if node.op not in COMPARISONS or not isinstance(node.args[0].type, Number):
        return None
    left, right = (evaluate(arg, bindings) for arg in node.args)
    return None if left is None or right is None else abs(float(left) - float(right))


def missing(node: Node, bindings: Bindings) -> tuple[str, ...]:
    """Which values of the scenario file would have to be known to decide an unknown expression."""
    return Unknowns().missing(node, bindings)
