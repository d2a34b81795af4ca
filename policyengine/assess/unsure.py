"""Which cells undecided effects could change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policyengine.assess.allocation import positive
from policyengine.assess.case import Case, Spot, Touch
from policyengine.assess.settled import settled
from policyengine.assess.tally import Tally
from policyengine.firing import Undecided

Group = tuple[frozenset[str], Sequence[Undecided]]
"""The packs of a view, and undecided effects of theirs and of others."""


def open_cells(case: Case, groups: Sequence[Group]) -> list[list[Spot]]:
    """For each group of undecided effects the cells (threat, layer) whose leads it could change, in their order."""
    touched: list[dict[Spot, list[Touch]]] = [{} for _ in groups]
    for found, (packs, group) in zip(touched, groups, strict=True):
        for row in group:
            touch = case.touches.get(row)
            if touch is not None and touch.pack in packs:
                found.setdefault(touch.spot, []).append(touch)
    if not any(touched):
        return [[] for _ in groups]
    parts = [(case.tally(packs), list(found)) for found, (packs, _) in zip(touched, groups, strict=True) if found]
    sure = iter(_settled(case, parts, [each for found in touched for each in found.values()]))
    return [sorted(spot for spot in found if not next(sure)) for found in touched]


def _settled(
    case: Case, parts: Sequence[tuple[Tally, Sequence[Spot]]], touches: Sequence[Sequence[Touch]]
) -> Sequence[bool]:
    """Whether each cell keeps its leads wherever in their ranges its undecided effects lie."""
    places = [(sums, *np.array(spots).T) for sums, spots in parts]
    low = np.concatenate([sums.scores[threats, layers] for sums, threats, layers in places])
    high = low.copy()
    surely_out = np.concatenate([(sums.barred | sums.lead_barred)[threats, layers] for sums, threats, layers in places])
    maybe_out = np.zeros(low.shape, np.bool_)
    bars = [(place, each.actor) for place, some in enumerate(touches) for each in some if each.bars]
    if bars:
        maybe_out[tuple(np.array(bars).T)] = True
    points = [
        (place, each.actor, each.least, each.most)
        for place, some in enumerate(touches)
        for each in some
        if not each.bars
    ]
    if points:
        cells, actors, least, most = np.array(points, np.int64).T
        np.add.at(low, (cells, actors), least)
        np.add.at(high, (cells, actors), most)
    low, high = positive(low, surely_out | maybe_out), positive(high, surely_out)
    found: list[bool] = settled(low, high, case.side, case.thresholds).tolist()
    return found
