"""Data as a careless or hostile hand might leave it: one value of a JSON file replaced, taken out or given twice."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any, Final

Place = tuple[str | int, ...]
Mutation = tuple[Place, str, Any]
"""Where, what is done (`put`, `drop` or `twice`), and what is put there."""

_TEXTS: Final = ("", " ", "XX", "all", "nul\0", "\ud800", "../x", "{{ 7 }}</script>", "long" * 2_000)
_WHOLE: Final = (-1, 0, 1, 2**31, 2**63 - 1, 2**63, -(2**63), 10**30, -(10**30), 10**4_299)
_BROKEN: Final = (float("nan"), float("inf"), float("-inf"), 1e308, -0.0)
_OTHERS: Final[tuple[Any, ...]] = (None, [], {}, True, "7", 7)


def mutations(data: Any) -> dict[str, list[Mutation]]:
    """All mutations of plain data, by the kind of place they are at: numbers and ids in it make no other kind."""
    found: dict[str, list[Mutation]] = {}
    for place, value in _places(data, ()):
        kind = ".".join(step if isinstance(step, str) and step.isidentifier() else "*" for step in place)
        found.setdefault(kind, []).extend((place, *each) for each in _of(value))
    return found


def chosen(data: Any, number: int, seed: int) -> list[Mutation]:
    """So many mutations, drawn evenly from all kinds of places."""
    random, kinds = Random(seed), list(mutations(data).values())
    return [random.choice(kinds[place % len(kinds)]) for place in range(number)]


def mutated(data: Any, mutation: Mutation) -> Any:
    """A copy of the data with the mutation."""
    (*steps, last), what, value = mutation
    copied = copy.deepcopy(data)
    holder = copied
    for step in steps:
        holder = holder[step]
    if what == "drop":
        del holder[last]
    elif what == "twice":
        holder.insert(last, copy.deepcopy(holder[last]))
    else:
        holder[last] = value
    return copied


def _places(value: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    if place:
        yield place, value
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(inner, (*place, step))


def _of(value: Any) -> Iterator[tuple[str, Any]]:
    like: tuple[Any, ...] = ()
    if isinstance(value, str):
        like = _TEXTS
    elif isinstance(value, int | float) and not isinstance(value, bool):
        like = (*_WHOLE, *_BROKEN)
    yield from (("put", each) for each in (*like, *_OTHERS) if each != value)
    yield "drop", None
