"""How each share comes about: the rules one after the other, from nothing to the score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from policyengine.explanation import Contribution, Explanation, Why
from policyengine.report.names import Names
from policyengine.report.why import barred, same_reasons
from policyengine.report.words import capital, per_cent, points, words


@dataclass(frozen=True, slots=True)
class Stretch:
    """A bar from one place to another on a line of 100; negative bars run to the left."""

    start: float
    length: float
    negative: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One rule: its number on the page, what it gives, and where that stands (nowhere if it only forbids)."""

    rule: int
    name: str
    gives: str
    bar: Stretch | None


@dataclass(frozen=True, slots=True)
class Fall:
    """The waterfall of one jurisdiction on one layer, or of several for which it is the same.

    `who` has their names, those together for whom it comes to the same.
    """

    who: tuple[tuple[tuple[str, ...], str], ...]
    steps: tuple[Step, ...]
    total: str
    bar: Stretch


@dataclass(frozen=True, slots=True)
class LayerFalls:
    """The waterfalls of one layer for one threat; `place` numbers it on the page, `zero` is where no points stand."""

    place: int
    threat: str
    layer: str
    zero: float
    falls: tuple[Fall, ...]


def waterfalls(explanation: Explanation, numbers: Mapping[str, int]) -> tuple[LayerFalls, ...]:
    """All waterfalls; `numbers` gives each rule its number on the page."""
    result = explanation.result
    several = len(result.threats) > 1
    names = Names(result)
    found = []
    for place, ((threat, layer), whys) in enumerate(groupby(explanation.whys, key=lambda why: (why.threat, why.layer))):
        said = [why for why in whys if why.contributions]
        low, high = _span(said)
        falls = tuple(_fall(alike, names, numbers, low, high) for alike in same_reasons(said))
        if falls:
            title = capital(words(layer))
            found.append(LayerFalls(place, names.threat(threat) if several else "", title, _at(0, low, high), falls))
    return tuple(found)


def _span(whys: Sequence[Why]) -> tuple[int, int]:
    """The least and the greatest sum that any of these waterfalls passes."""
    sums = [0]
    for why in whys:
        for _, end in _sums(why.contributions):
            sums.append(end)
    return min(sums), max(sums)


def _sums(contributions: Sequence[Contribution]) -> list[tuple[int, int]]:
    """Where each contribution starts and ends."""
    found, at = [], 0
    for each in contributions:
        found.append((at, at + each.strength))
        at += each.strength
    return found


def _at(value: int, low: int, high: int) -> float:
    return round(100 * (value - low) / ((high - low) or 1), 1)


def _stretch(start: int, end: int, low: int, high: int) -> Stretch:
    first, last = sorted((_at(start, low, high), _at(end, low, high)))
    return Stretch(first, round(last - first, 1), end < start)


def _fall(alike: Sequence[Why], names: Names, numbers: Mapping[str, int], low: int, high: int) -> Fall:
    why = alike[0]
    steps = tuple(
        Step(
            numbers[each.rule],
            each.rule,
            barred(each) if each.bar else points(each.strength, sign=True),
            None if each.bar else _stretch(start, end, low, high),
        )
        for each, (start, end) in zip(why.contributions, _sums(why.contributions), strict=True)
    )
    who: dict[str, list[str]] = {}
    for each in alike:
        who.setdefault(_ends(each), []).append(names.actor(each.standing.jurisdiction))
    alike_ends = tuple((tuple(actors), ends) for ends, actors in who.items())
    return Fall(alike_ends, steps, points(why.standing.score), _stretch(0, why.standing.score, low, high))


def _ends(why: Why) -> str:
    """What the points come to."""
    standing = why.standing
    kept = {"from lead": "may not lead", "from layer": "may have no part", "no": ""}[standing.barred]
    if standing.barred == "from layer":
        return kept
    share = f"{per_cent(standing.share)} of all" if standing.score > 0 else "no points"
    has_own = standing.score > 0 and standing.share_of_side is not None
    own = f", {per_cent(standing.share_of_side)} of its side" if has_own else ""
    return f"{share}{own}" + (f"; {kept}" if kept else "")
