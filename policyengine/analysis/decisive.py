"""Which rules decide: those without which somebody else would lead.

Each rule in turn is left out, with the points it gives and the bars it sets, and roles are decided
again on what is left. The marks that it sets stay, so this is what the rule says itself, not what
others make of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from policyengine.assess.allocation import Flags, Places, Role, Scores, Thresholds, positive, roles
from policyengine.assess.result import Cell, Result, Standing

_NOT: Final = "no"
_THRESHOLDS: Final = ("co_lead_margin", "side_lead_margin", "support_threshold")


@dataclass(frozen=True, slots=True)
class Change:
    """Who would lead a layer for a threat if the rule were left out."""

    threat: str
    layer: str
    leads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A rule with the leads that hang on it, and all the points it gives or takes, in millionths."""

    rule: str
    changes: tuple[Change, ...]
    points: int


@dataclass(frozen=True, slots=True)
class _Table:
    """The scores of one threat: scores and bars by layer and jurisdiction, the parts of each by rule."""

    scores: Scores
    barred: Flags
    lead_barred: Flags
    points: dict[str, list[tuple[int, int, int]]]
    lifted: dict[str, list[tuple[int, int]]]


def weighed_rules(result: Result) -> list[Weighed]:
    """Every rule that counts in the allocation of all packs, those on which most leads hang first.

    Where several rules keep somebody from a layer, leaving out one of them changes nothing here.
    """
    thresholds = thresholds_of(result)
    sides = list(dict.fromkeys(each.side for each in result.jurisdictions))
    side = np.array([sides.index(each.side) for each in result.jurisdictions], dtype=np.intp)
    changes: dict[str, list[Change]] = {}
    points: dict[str, int] = {}
    for threat in result.threats:
        cells = [cell for cell in result.views[0].cells if cell.threat == threat.id]
        table = _table(result, cells)
        for rule, parts in table.points.items():
            points[rule] = points.get(rule, 0) + sum(abs(strength) for _, _, strength in parts)
        for rule, change in _changes(result, cells, table, side, thresholds):
            changes.setdefault(rule, []).append(change)
    found = [Weighed(rule, tuple(changes.get(rule, ())), points.get(rule, 0)) for rule in {**points, **changes}]
    return sorted(found, key=lambda each: (-len(each.changes), -each.points, each.rule))


def thresholds_of(result: Result) -> Thresholds:
    """How points became roles in a result."""
    given: dict[str, float] = {}
    for name, value in result.parameters.items():
        given.setdefault(name.partition("@")[0], value)
    plain = Thresholds()
    return Thresholds(*(round(given.get(name, getattr(plain, name))) for name in _THRESHOLDS))


def _table(result: Result, cells: Sequence[Cell]) -> _Table:
    places = {each.id: place for place, each in enumerate(result.jurisdictions)}
    shape = (len(cells), len(places))
    table = _Table(np.zeros(shape, np.int64), np.zeros(shape, np.bool_), np.zeros(shape, np.bool_), {}, {})
    for layer, cell in enumerate(cells):
        for standing in cell.standings:
            place = places[standing.jurisdiction]
            table.scores[layer, place] = standing.score
            table.barred[layer, place] = standing.barred == "from layer"
            table.lead_barred[layer, place] = standing.barred != _NOT
            _enter(result, standing, table, layer, place)
    return table


def _enter(result: Result, standing: Standing, table: _Table, layer: int, place: int) -> None:
    """Note which rules give the points of a standing, and the one rule that bars it, if it is one."""
    bars = set()
    for number in standing.firings:
        fired = result.firings[number]
        if fired.kind == "bar":
            bars.add(fired.rule)
        else:
            table.points.setdefault(fired.rule, []).append((layer, place, fired.strength))
    if len(bars) == 1:
        table.lifted.setdefault(bars.pop(), []).append((layer, place))


def _changes(
    result: Result, cells: Sequence[Cell], table: _Table, side: Places, thresholds: Thresholds
) -> Iterator[tuple[str, Change]]:
    names = list({**table.points, **table.lifted})
    scores = np.repeat(table.scores[None], len(names), axis=0)
    barred = np.repeat(table.barred[None], len(names), axis=0)
    lead_barred = np.repeat(table.lead_barred[None], len(names), axis=0)
    for number, name in enumerate(names):
        for layer, place, strength in table.points.get(name, ()):
            scores[number, layer, place] -= strength
        for layer, place in table.lifted.get(name, ()):
            barred[number, layer, place] = lead_barred[number, layer, place] = False
    leads = roles(positive(scores, barred), lead_barred, side, thresholds) >= Role.CO_LEAD
    before = np.array([[each.id in cell.leads for each in result.jurisdictions] for cell in cells], np.bool_)
    for number, layer in np.argwhere((leads != before).any(axis=-1)).tolist():
        cell = cells[layer]
        found = [result.jurisdictions[place].id for place in np.flatnonzero(leads[number, layer]).tolist()]
        yield names[number], Change(cell.threat, cell.layer, tuple(found))
