"""The allocation as tables of bars: who has which share of everything and of its own side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from policyengine.assess.result import Cell, Named, Result, Standing
from policyengine.report.allocation import notes
from policyengine.report.blocks import Phrase, phrase, quiet
from policyengine.report.headline import sentence
from policyengine.report.names import Names, cells_of, flags, has_points, mode_phrase
from policyengine.report.words import capital, listing, words

MOST_SIDES: Final = 3
"""With more sides than these, one column has the share of whichever side a row is of."""


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One jurisdiction on one layer; a share stands under each column, or None; `place` numbers its waterfall."""

    who: str
    role: str
    leads: bool
    place: int
    shares: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class LayerPart:
    """One layer: how its leads work together, its rows, and what is said below them."""

    title: str
    mode: Phrase
    rows: tuple[ShareRow, ...]
    notes: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class ThreatTable:
    """One threat; `views` name the columns: all together, then one for each side."""

    name: str
    sentence: Phrase
    views: tuple[str, ...]
    layers: tuple[LayerPart, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """Who leads which layer of which threat, for several threats: a row for each threat."""

    layers: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Phrase, ...]], ...]


def share_tables(result: Result) -> tuple[ThreatTable, ...]:
    """A table for each threat, in their order."""
    return tuple(_table(result, threat) for threat in result.threats)


def overview(result: Result) -> Overview | None:
    """Leads at a glance, where there are several threats."""
    if len(result.threats) == 1:
        return None
    names = Names(result)
    rows = tuple(
        (threat.name, tuple(_glance(cell, names) for cell in cells_of(result.views[0], threat.id)))
        for threat in result.threats
    )
    return Overview(tuple(capital(words(layer)) for layer in result.layers), rows)


def _glance(cell: Cell, names: Names) -> Phrase:
    if not cell.leads:
        return (quiet("nobody" if has_points(cell) else "-"),)
    marks = flags(cell)
    return phrase(listing(names.actors(cell.leads), 2), quiet(f" ({', '.join(marks)})") if marks else "")


def _table(result: Result, threat: Named) -> ThreatTable:
    cells = cells_of(result.views[0], threat.id)
    sides = tuple(dict.fromkeys(each.side for each in result.jurisdictions))
    if len(sides) > MOST_SIDES:
        sides = ()
    said = sentence(result, cells) if len(result.threats) > 1 else ()
    views = ("of all", *([f"within {words(side)}" for side in sides] or ["of its side"]))
    offset = result.views[0].cells.index(cells[0]) if cells else 0
    layers = tuple(_layer(result, cell, sides, offset + place) for place, cell in enumerate(cells))
    return ThreatTable(threat.name, said, views, layers)


def _layer(result: Result, cell: Cell, sides: Sequence[str], place: int) -> LayerPart:
    names = Names(result)
    side_of = {each.id: each.side for each in result.jurisdictions}
    rows = tuple(
        _row(standing, names, side_of[standing.jurisdiction], sides, place)
        for standing in cell.standings
        if standing.role != "none"
    )
    said = tuple(notes(cell, names)) if has_points(cell) else ()
    return LayerPart(capital(words(cell.layer)), mode_phrase(cell), rows, said)


def _row(standing: Standing, names: Names, side: str, sides: Sequence[str], place: int) -> ShareRow:
    own = [standing.share_of_side if each == side else None for each in sides] or [standing.share_of_side]
    return ShareRow(
        names.actor(standing.jurisdiction), standing.role, standing.role != "support", place, (standing.share, *own)
    )
