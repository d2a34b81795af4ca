"""Which cells undecided effects could change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from policyengine.assess.allocation import NOBODY, positive
from policyengine.assess.case import Case, Spot, Touch
from policyengine.assess.settled import settled
from policyengine.firing import Undecided

Group = tuple[Case, frozenset[str], Sequence[Undecided]]
"""The packs of a view of a case, and undecided effects of theirs and of others."""
_Touched = list[tuple[Spot, list[Touch]]]


def open_cells(groups: Sequence[Group]) -> list[list[Spot]]:
    """For each group of undecided effects the cells (threat, layer) whose leads it could change, in their order.

    The cases are of one rulebook. They are looked at together, since each step costs much and each cell little.
    """
    touched = [_touched(*group) for group in groups]
    if not any(touched):
        return [[] for _ in groups]
    sure = iter(_settled(groups, touched))
    return [sorted(spot for spot, _ in found if not next(sure)) for found in touched]


def _touched(case: Case, packs: frozenset[str], group: Sequence[Undecided]) -> _Touched:
    """The cells that effects of a group could change, with what each could do."""
    found: dict[Spot, list[Touch]] = {}
    for row in group:
        touch = case.touches.get(row)
        if touch is not None and touch.pack in packs:
            found.setdefault(touch.spot, []).append(touch)
    return list(found.items())


def _settled(groups: Sequence[Group], touched: Sequence[_Touched]) -> Sequence[bool]:
    """Whether each cell keeps its leads wherever in their ranges its undecided effects lie."""
    width = max(case.shape.jurisdictions for case, _, _ in groups)
    size = sum(map(len, touched)), width
    low, side = np.zeros(size, np.int64), np.full(size, NOBODY)
    surely_out, maybe_out = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    start = 0
    for (case, packs, _), found in zip(groups, touched, strict=True):
        if found:
            threats, layers = np.array([spot for spot, _ in found]).T
            rows = slice(start, start + len(found)), slice(case.shape.jurisdictions)
            start += len(found)
            sums = case.tally(packs)
            low[rows], side[rows] = sums.scores[threats, layers], case.side
            surely_out[rows] = (sums.barred | sums.lead_barred)[threats, layers]
    high = low.copy()
    touches = [each for found in touched for _, each in found]
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
    sure: list[bool] = settled(low, high, side, groups[0][0].thresholds).tolist()
    return sure
