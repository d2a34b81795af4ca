"""Two results of one scenario side by side: what changed in each cell, and through which rules.

Parts are whole millionths of a point and add up exactly to the difference of the scores, because a
score is the sum of its firings. Nothing here asks where the results come from: two versions of a
pack, two packs, or two accounts of one case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from policyengine.assess.result import Cell, Result, Standing, View

Place = tuple[str, str, str]
"""A threat, a layer and a jurisdiction."""


@dataclass(frozen=True, slots=True)
class RulePart:
    """What one rule gave before and gives after, in millionths of a point."""

    rule: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        """What the rule adds to the difference of the scores."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class StandingChange:
    """One jurisdiction on one layer in both results; None where a result does not have the place.

    `parts` are of the rules whose points differ, largest first; `bars` are the rules that bar only after, `freed`
    those that barred only before.
    """

    place: Place
    before: Standing | None
    after: Standing | None
    parts: tuple[RulePart, ...]
    bars: tuple[str, ...]
    freed: tuple[str, ...]

    @property
    def difference(self) -> int:
        """By how much the score differs: exactly the sum of the parts."""
        return sum(part.difference for part in self.parts)


@dataclass(frozen=True, slots=True)
class LeadChange:
    """A layer whose leads differ."""

    threat: str
    layer: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Attribution:
    """Everything that differs between two results, in what all their packs say together."""

    leads: tuple[LeadChange, ...]
    standings: tuple[StandingChange, ...]


def attribute(before: Result, after: Result) -> Attribution:
    """Compare two results of one scenario: changed leads in order of place, changed standings largest first."""
    old, new = _standings(before), _standings(after)
    changes = [_change(place, before, after, old.get(place), new.get(place)) for place in sorted(old.keys() | new)]
    changed = [change for change in changes if _differs(change)]
    changed.sort(key=lambda change: (-abs(change.difference), change.place))
    return Attribution(tuple(_leads(together(before), together(after))), tuple(changed))


def together(result: Result) -> View:
    """What all packs of a result say together."""
    return next(view for view in result.views if view.id == "all")


def _standings(result: Result) -> dict[Place, Standing]:
    return {
        (cell.threat, cell.layer, standing.jurisdiction): standing
        for cell in together(result).cells
        for standing in cell.standings
    }


def _change(place: Place, before: Result, after: Result, old: Standing | None, new: Standing | None) -> StandingChange:
    was, now = _points(before, old), _points(after, new)
    parts = [RulePart(rule, was.get(rule, 0), now.get(rule, 0)) for rule in was.keys() | now]
    parts = [part for part in parts if part.difference]
    parts.sort(key=lambda part: (-abs(part.difference), part.rule))
    barred, bars = _bars(before, old), _bars(after, new)
    return StandingChange(place, old, new, tuple(parts), tuple(sorted(bars - barred)), tuple(sorted(barred - bars)))


def _points(result: Result, standing: Standing | None) -> Mapping[str, int]:
    points: dict[str, int] = {}
    for number in standing.firings if standing else ():
        firing = result.firings[number]
        if firing.kind == "score":
            points[firing.rule] = points.get(firing.rule, 0) + firing.strength
    return points


def _bars(result: Result, standing: Standing | None) -> set[str]:
    firings = [result.firings[number] for number in standing.firings] if standing else []
    return {firing.rule for firing in firings if firing.kind == "bar"}


def _differs(change: StandingChange) -> bool:
    return bool(change.parts or change.bars or change.freed) or _shown(change.before) != _shown(change.after)


def _shown(standing: Standing | None) -> tuple[object, ...] | None:
    """What a reader sees of a standing; the numbers of firings differ without meaning anything."""
    if standing is None:
        return None
    return standing.role, standing.score, standing.share, standing.share_of_side, standing.barred


def _leads(before: View, after: View) -> Iterator[LeadChange]:
    old, new = _cells(before), _cells(after)
    for threat, layer in sorted(old.keys() | new):
        was, now = (cells[threat, layer].leads if (threat, layer) in cells else () for cells in (old, new))
        if set(was) != set(now):
            yield LeadChange(threat, layer, was, now)


def _cells(view: View) -> dict[tuple[str, str], Cell]:
    return {(cell.threat, cell.layer): cell for cell in view.cells}
