"""Why a rule did not fire: which parts of its condition failed, on which values, and by how much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from policyengine.explanation import Failed
from policyengine.report.blocks import Item, Phrase, code, phrase, warning
from policyengine.report.facts import Facts
from policyengine.report.words import listing

_CALL: Final = re.compile(r"(any|all|count|sum|min|max|mean)\(")
_MOST_MISSING: Final = 4


def verdict(rules: str, failed: Sequence[Failed], *, undecided: bool, facts: Facts | None = None) -> Item:
    """That rules did not fire, and why; several reasons stand below.

    What lacks is named by its path in the file, or by `facts` if they are given.
    """
    head = phrase(f"{rules} ", warning("undecided") if undecided else "did not fire", ":")
    said = list(reasons(failed, facts))
    return Item(phrase(head, " ", said[0])) if len(said) == 1 else Item(head, tuple(map(Item, said)))


def reasons(failed: Sequence[Failed], facts: Facts | None = None) -> Iterator[Phrase]:
    """One phrase for each part that failed or is not known."""
    for part in failed:
        yield _not_known(part, facts) if part.missing else _not_so(part)


def _not_known(part: Failed, facts: Facts | None) -> Phrase:
    # A mark cannot be written into a file; the facts behind it are told of with the rule that sets it.
    paths = [path for path in part.missing if ".marks." not in path]
    if not paths:
        return phrase(code(part.text), " is not known")
    shown = _paths(paths) if facts is None else facts.told(paths, _MOST_MISSING)
    return phrase(code(part.text), " is not known; missing: ", shown)


def _paths(paths: Sequence[str]) -> Phrase:
    shown = [piece for path in paths[:_MOST_MISSING] for piece in (", ", code(path))][1:]
    more = f" and {len(paths) - _MOST_MISSING} more" if len(paths) > _MOST_MISSING else ""
    return phrase(*shown, more)


def _not_so(part: Failed) -> Phrase:
    if len(part.seen) == 1 and part.seen[0][0] == part.text:
        return phrase(code(part.text), f" is {part.seen[0][1]}")
    short = "" if part.distance is None else f", so it misses by {_number(part.distance)}"
    if part.distance == 0:
        short = ", so it just misses"
    return phrase(code(part.text), " does not hold: ", listing([_value(*seen) for seen in part.seen]), short)


def _value(name: str, value: str) -> str:
    """A name with its value; a long expression over a collection is not said twice."""
    call = _CALL.match(name)
    if call:
        return f"{call[1]}(...) is {value}"
    return f"{name} is {value}"


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if value >= 0.0001 else f"{value:g}"
