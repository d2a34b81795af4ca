"""The allocation, and all else that is said, under each view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Any, Literal

import numpy as np

from policyengine.assess.allocation import (
    Flags,
    Role,
    Scores,
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


def views_of(case: Case) -> tuple[View, ...]:
    """Every view: all packs first, then each opinion pack alone."""
    unsure = open_cells(case, [(packs, case.table.undecided) for packs in case.views.values()])
    standings = _standings(case, [case.tally(packs) for packs in case.views.values()])
    views = {
        name: _view(case, name, packs, found, set(spots))
        for (name, packs), found, spots in zip(case.views.items(), standings, unsure, strict=True)
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


def _standings(case: Case, views: Sequence[Tally]) -> list[Standings]:
    """What each jurisdiction that any rule speaks of has in each cell, in the order of the scenario, view by view."""
    scores, barred = np.stack([sums.scores for sums in views]), np.stack([sums.barred for sums in views])
    lead_barred = np.stack([sums.lead_barred for sums in views])
    counted = positive(scores, barred)
    columns: list[Any] = [
        scores,
        roles(counted, lead_barred, case.side, case.thresholds),
        pooled_shares(counted),
        side_shares(counted, case.side),
        np.broadcast_to(counted.any(axis=-1, keepdims=True), counted.shape),
        _of_side(counted, case),
        np.where(barred, 2, np.where(lead_barred, 1, 0)),
    ]
    # One number after the other is faster out of lists than out of arrays.
    return [_of_view(case, sums, [each[place].tolist() for each in columns]) for place, sums in enumerate(views)]


def _of_side(counted: Scores, case: Case) -> Flags:
    """Whether the side of each jurisdiction has any points."""
    found = np.zeros(counted.shape, np.bool_)
    for side in set(case.side.tolist()):
        members = case.side == side
        found[..., members] = counted[..., members].any(axis=-1, keepdims=True)
    return found


def _of_view(case: Case, sums: Tally, columns: Sequence[Any]) -> Standings:
    scores, found, pooled, own, points, points_of_side, barred = columns
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
