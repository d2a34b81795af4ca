"""Facts for which conditions hold, found among what a proof leaves open and tried before they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from random import Random
from typing import Any

from policyengine.lang.nodes import Node
from policyengine.lang.show import number_text, show
from policyengine.lang.types import Boolean, Number, Word, Words
from policyengine.rulebook.reasoning.box import Box
from policyengine.rulebook.reasoning.proofs import Prover, TooManyWaysError
from policyengine.rulebook.reasoning.ranges import Ranges

Evaluate = Callable[[Node, dict[str, Any]], Any]
"""The meaning of the language: the value of an expression for given records."""
Values = dict[Node, Any]
_MOST_TRIED = 20
_MIXED = 8
"""So many times each name is put at an end of its own."""


def witness(conditions: Sequence[Node], ranges: Ranges, evaluate: Evaluate) -> Values | None:
    """Values of names under which all conditions are true, as `evaluate` confirms; None if none is found."""
    return next(cases(conditions, ranges, evaluate), None)


def cases(conditions: Sequence[Node], ranges: Ranges, evaluate: Evaluate) -> Iterator[Values]:
    """Values of names under which all conditions are true, from different ways in which they can hold."""
    names = list(dict.fromkeys(part for node in conditions for part in node.walk() if _is_named(part)))
    try:
        for tried, box in enumerate(Prover(ranges).ways((node, True) for node in conditions)):
            for values in _choices(box, names, ranges):
                if all(evaluate(node, records(values)) is True for node in conditions):
                    yield values
            if tried >= _MOST_TRIED:
                return
    except TooManyWaysError:
        return


def facts_at_large(names: Sequence[Node], ranges: Ranges) -> list[dict[str, Any]]:
    """A few facts for names, whatever any condition says of them: conditions that differ on them are not the same."""
    return [
        records(values) for values in _choices(Box([], ranges), [name for name in names if _is_named(name)], ranges)
    ]


def told(values: Values) -> str:
    """Values as words of a message: `threat.severity 0.5, threat.kind "fire"`."""
    return ", ".join(f"{show(name)} {_text(value)}" for name, value in values.items() if name.value[0] != "param")


def records(values: Values) -> dict[str, Any]:
    """The records that names such as `tie.partner.level` are looked up in."""
    roots: dict[str, Any] = {}
    for name, value in values.items():
        record = roots
        for step in name.value[:-1]:
            record = record.setdefault(step, {})
        record[name.value[-1]] = value
    return roots


def _is_named(node: Node) -> bool:
    return (
        node.op == "name"
        and not node.value[0].startswith("$")
        and isinstance(node.type, Number | Boolean | Word | Words)
    )


def _choices(box: Box, names: Sequence[Node], ranges: Ranges) -> Iterator[Values]:
    left_open = [name for name in names if name not in box.unknown]
    for part in (1.0, 0.0, 0.5):
        yield {name: _value(name, box, ranges, part, 0.0) for name in left_open}
    mixed = Random(len(left_open))  # noqa: S311 - no secret; the same facts each time
    for _ in range(_MIXED):
        yield {name: _value(name, box, ranges, mixed.choice((0.0, 1.0)), mixed.random()) for name in left_open}


def _value(name: Node, box: Box, ranges: Ranges, part: float, turn: float) -> Any:
    """One value that is left open: a number so far between its bounds, a word or truth by its turn (from 0 to 1)."""
    match name.type:
        case Number():
            low, high = box.bounds(name)
            ends = (low if isfinite(low) else -1e6, high if isfinite(high) else 1e6)
            between = ends[0] * (1 - part) + ends[1] * part
            return float(round(between)) if name.type.whole else _short(between, *ends)
        case Boolean():
            return box.truths.get(name, turn < 0.5)
        case Words():
            held = {node.args[1].value: truth for node, truth in box.truths.items() if _asks(node, name)}
            return frozenset(word for word, truth in held.items() if truth)
    words = box.words.get(name, ranges.options(name))
    return sorted(words)[int(turn * len(words))] if words else "any"


def _short(value: float, low: float, high: float) -> float:
    """A value with few digits in the range, near the one given: easier to read than the last double below a limit."""
    near = (round(value, digits) + step for digits, step in ((2, 0), (2, -0.01), (2, 0.01), (4, 0)))
    return next((round(each, 4) for each in near if low <= round(each, 4) <= high), value)


def _asks(node: Node, name: Node) -> bool:
    return node.op == "contains" and node.args[0] is name and node.args[1].op == "literal"


def _text(value: Any) -> str:
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, frozenset):
        return f"({', '.join(sorted(value))})"
    return str(value).lower() if isinstance(value, bool) else f'"{value}"'
