"""Why a rule did not fire: which parts of its condition failed, on which values, and by how much."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policyengine.explanation import Failed, NotFired
from policyengine.report.blocks import Phrase, code, phrase
from policyengine.report.words import listing

_CALL: Final = re.compile(r"(any|all|count|sum|min|max|mean)\(")
_MOST_MISSING: Final = 4


def reasons(rule: NotFired) -> Iterator[Phrase]:
    """One phrase for each part that failed or is not known."""
    for part in rule.failed:
        yield _not_known(part) if part.missing else _not_so(part)


def _not_known(part: Failed) -> Phrase:
    shown = [piece for path in part.missing[:_MOST_MISSING] for piece in (", ", code(path))][1:]
    more = len(part.missing) - _MOST_MISSING
    return phrase(code(part.text), " is not known; missing: ", *shown, f" and {more} more" if more > 0 else "")


def _not_so(part: Failed) -> Phrase:
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
