"""The allocation, and all else that is said, under each view."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, product
from typing import Any, Literal

import numpy as np

from policyengine.assess.allocation import (
    NOBODY,
    Role,
    of_side,
    pooled_shares,
    positive,
    roles,
    side_shares,
    whole_per_cent,
)
from policyengine.assess.case import Case, Spot
from policyengine.assess.mode import contested, mode_of
from policyengine.assess.ranking import ranking
from policyengine.assess.result import Cell, Standing, View
from policyengine.assess.tally import Tally
from policyengine.assess.unsure import open_cells

_ROLE: dict[int, Literal["lead", "co-lead", "support", "none"]] = {
    Role.NONE: "none",
    Role.SUPPORT: "support",
    Role.CO_LEAD: "co-lead",
    Role.LEAD: "lead",
}


_BARRED: tuple[Literal["no", "from lead", "from layer"], ...] = ("no", "from lead", "from layer")
Standings = dict[Spot, list[Standing]]


def views_of(cases: Sequence[Case]) -> list[tuple[View, ...]]:
    """Every view of each case: all packs first, then each opinion pack alone. The cases are of one rulebook."""
    unsure = iter(open_cells([(case, packs, case.table.undecided) for case in cases for packs in case.views.values()]))
    return [_views(case, found, unsure) for case, found in zip(cases, _standings(cases), strict=True)]


def _views(case: Case, standings: Sequence[Standings], unsure: Iterator[list[Spot]]) -> tuple[View, ...]:
    views = {
        name: _view(case, name, packs, found, set(next(unsure)))
        for (name, packs), found in zip(case.views.items(), standings, strict=True)
    }
    alone = [view for name, view in views.items() if name != "all"]
    if alone:
        views["all"] = _with_disagreement(case, views["all"], alone)
    return tuple(views.values())


def _view(case: Case, name: str, packs: frozenset[str], standings: Standings, unsure: set[Spot]) -> View:
    side_of = {each.id: each.side for each in case.scenario.jurisdictions}
    modes = {name: kind.mode for name, kind in case.rulebook.vocabulary.terms("tie_kinds").items()}
    cells = []
    for spot in product(range(case.shape.threats), range(len(case.shape.layers))):
        layer = case.shape.layers[spot[1]]
        found = standings.get(spot, [])
        leads = tuple(each.jurisdiction for each in found if each.role in ("lead", "co-lead"))
        cells.append(
            Cell(
                threat=case.scenario.threats[spot[0]].id,
                layer=layer,
                leads=leads,
                mode=mode_of({lead: side_of[lead] for lead in leads}, case.scenario.ties or (), layer, modes),
                settled=spot not in unsure,
                standings=tuple(sorted(found, key=_place)),
            )
        )
    return View(
        id=name,
        packs=tuple(pack.id for pack in case.rulebook.packs if pack.id in packs),
        cells=tuple(cells),
        models=ranking(case, case.tally(packs), packs),
    )


def _place(standing: Standing) -> tuple[int, str]:
    """Where a standing stands in its cell: the highest score first, whoever is barred last."""
    return -standing.score if standing.barred != "from layer" else 1, standing.jurisdiction


def _standings(cases: Sequence[Case]) -> list[list[Standings]]:
    """What each jurisdiction that any rule speaks of has in each cell, in the order of the scenario, view by view.

    All cases are computed together, since each step costs much and each number little.
    """
    tallies = [[case.tally(packs) for packs in case.views.values()] for case in cases]
    rows = [len(case.views) * case.shape.threats for case in cases]
    size = sum(rows), len(cases[0].shape.layers), max(case.shape.jurisdictions for case in cases)
    scores, side = np.zeros(size, np.int64), np.full(size, NOBODY)
    barred, lead_barred = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    starts = [0, *accumulate(rows)]
    for case, sums, start, stop in zip(cases, tallies, starts, starts[1:], strict=False):
        here = slice(start, stop), slice(None), slice(case.shape.jurisdictions)
        scores[here] = np.concatenate([each.scores for each in sums])
        barred[here] = np.concatenate([each.barred for each in sums])
        lead_barred[here] = np.concatenate([each.lead_barred for each in sums])
        side[here] = case.side
    counted = positive(scores, barred)
    columns: list[Any] = [
        scores,
        roles(counted, lead_barred, side, cases[0].thresholds),
        pooled_shares(counted),
        side_shares(counted, side),
        np.broadcast_to(counted.any(axis=-1, keepdims=True), counted.shape),
        of_side(counted, side),
        np.where(barred, 2, np.where(lead_barred, 1, 0)),
    ]
    # One number after the other is faster out of lists than out of arrays.
    lists = [each.tolist() for each in columns]
    return [
        [_of_view(case, each, lists, start + place * case.shape.threats) for place, each in enumerate(sums)]
        for case, sums, start in zip(cases, tallies, starts, strict=False)
    ]


def _of_view(case: Case, sums: Tally, columns: Sequence[Any], start: int) -> Standings:
    """The standings of a view, whose threats are rows of the columns from `start` on."""
    scores, found, pooled, own, points, points_of_side, barred = (
        each[start : start + case.shape.threats] for each in columns
    )
    names = [each.id for each in case.scenario.jurisdictions]
    standings: Standings = {}
    for (t, layer, index), firings in sorted(sums.parts.items()):
        standings.setdefault((t, layer), []).append(
            Standing(
                jurisdiction=names[index],
                role=_ROLE[found[t][layer][index]],
                score=scores[t][layer][index],
                share=whole_per_cent(pooled[t][layer][index]) if points[t][layer][index] else None,
                share_of_side=whole_per_cent(own[t][layer][index]) if points_of_side[t][layer][index] else None,
                barred=_BARRED[barred[t][layer][index]],
                firings=tuple(firings),
            )
        )
    return standings


def _with_disagreement(case: Case, together: View, alone: Sequence[View]) -> View:
    """Mark as contested the layers on which opinion packs, each alone, name different leads."""
    side_of = {each.id: each.side for each in case.scenario.jurisdictions}
    cells = []
    for place, cell in enumerate(together.cells):
        disputed = contested([frozenset(view.cells[place].leads) for view in alone], side_of)
        cells.append(replace(cell, mode="contested") if disputed and cell.leads else cell)
    return replace(together, cells=tuple(cells))
