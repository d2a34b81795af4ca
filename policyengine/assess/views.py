"""The allocation, and all else that is said, under each view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np

from policyengine.assess.allocation import Role, pooled_shares, positive, roles, side_shares, whole_per_cent
from policyengine.assess.case import Case
from policyengine.assess.mode import contested, mode_of
from policyengine.assess.ranking import ranking
from policyengine.assess.result import Cell, Standing, View
from policyengine.assess.settled import settled
from policyengine.assess.tally import Tally
from policyengine.firing import Undecided

_ROLE: dict[int, Literal["lead", "co-lead", "support", "none"]] = {
    Role.NONE: "none",
    Role.SUPPORT: "support",
    Role.CO_LEAD: "co-lead",
    Role.LEAD: "lead",
}


Spot = tuple[int, int]
"""A cell by its places: threat and layer."""


def views_of(case: Case) -> tuple[View, ...]:
    """Every view: all packs first, then each opinion pack alone."""
    views = {name: _view(case, name, packs) for name, packs in case.views.items()}
    alone = [view for name, view in views.items() if name != "all"]
    if alone:
        views["all"] = _with_disagreement(case, views["all"], alone)
    return tuple(views.values())


def _view(case: Case, name: str, packs: frozenset[str]) -> View:
    sums = case.tally(packs)
    standings = _standings(case, sums)
    (unsure,) = open_cells(case, packs, [case.table.undecided])
    side_of = {each.id: each.side for each in case.scenario.jurisdictions}
    modes = {name: kind.mode for name, kind in case.rulebook.vocabulary.terms("tie_kinds").items()}
    cells = []
    for spot in np.ndindex(sums.scores.shape[:2]):
        threat, layer = spot[0], case.shape.layers[spot[1]]
        found = standings.get(spot, [])
        leads = tuple(each.jurisdiction for each in found if each.role in ("lead", "co-lead"))
        cells.append(
            Cell(
                threat=case.scenario.threats[threat].id,
                layer=layer,
                leads=leads,
                mode=mode_of({lead: side_of[lead] for lead in leads}, case.scenario.ties or (), layer, modes),
                settled=spot not in unsure,
                standings=tuple(
                    sorted(
                        found, key=lambda each: (-each.score if each.barred != "from layer" else 1, each.jurisdiction)
                    )
                ),
            )
        )
    return View(
        id=name,
        packs=tuple(pack.id for pack in case.rulebook.packs if pack.id in packs),
        cells=tuple(cells),
        models=ranking(case, sums, packs),
    )


def _standings(case: Case, sums: Tally) -> dict[Spot, list[Standing]]:
    """What each jurisdiction that any rule speaks of has in each cell, in the order of the scenario."""
    counted = positive(sums.scores, sums.barred)
    found = roles(counted, sums.lead_barred, case.side, case.thresholds).tolist()
    # One number after the other is faster out of lists than out of arrays.
    pooled, own = pooled_shares(counted).tolist(), side_shares(counted, case.side).tolist()
    any_points: Any = counted.any(axis=-1).tolist()
    of_side: Any = [counted[..., case.side == side].any(axis=-1).tolist() for side in case.side]
    scores, barred, lead_barred = sums.scores.tolist(), sums.barred.tolist(), sums.lead_barred.tolist()
    standings: dict[Spot, list[Standing]] = {}
    for (t, layer, index), firings in sorted(sums.parts.items()):
        standings.setdefault((t, layer), []).append(
            Standing(
                jurisdiction=case.scenario.jurisdictions[index].id,
                role=_ROLE[found[t][layer][index]],
                score=scores[t][layer][index],
                share=whole_per_cent(pooled[t][layer][index]) if any_points[t][layer] else None,
                share_of_side=whole_per_cent(own[t][layer][index]) if of_side[index][t][layer] else None,
                barred="from layer"
                if barred[t][layer][index]
                else "from lead"
                if lead_barred[t][layer][index]
                else "no",
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


def open_cells(case: Case, packs: frozenset[str], groups: Sequence[Sequence[Undecided]]) -> list[list[Spot]]:
    """For each group of undecided effects the cells (threat, layer) whose leads it could change, in their order."""
    layers = {layer: place for place, layer in enumerate(case.shape.layers)}
    touched: list[dict[Spot, list[Undecided]]] = [{} for _ in groups]
    for found, group in zip(touched, groups, strict=True):
        for row in group:
            rule = case.rulebook.rules[row.rule]
            effect = rule.effects[row.effect]
            if rule.pack in packs and effect.kind in ("score", "bar"):
                found.setdefault((row.subject.threat, layers[effect.target]), []).append(row)
    spots = [spot for found in touched for spot in found]
    if not spots:
        return [[] for _ in groups]
    sure = iter(_settled(case, case.tally(packs), spots, [rows for found in touched for rows in found.values()]))
    return [sorted(spot for spot in found if not next(sure)) for found in touched]


def _settled(
    case: Case, sums: Tally, spots: Sequence[Spot], undecided: Sequence[Sequence[Undecided]]
) -> Sequence[bool]:
    """Whether each cell keeps its leads wherever in their ranges its undecided effects lie."""
    threats, layers = np.array(spots).T
    low, high = sums.scores[threats, layers], sums.scores[threats, layers]
    maybe_out = np.zeros(low.shape, np.bool_)
    for place, rows in enumerate(undecided):
        for row in rows:
            actor = row.subject.jurisdiction
            if case.rulebook.rules[row.rule].effects[row.effect].kind == "bar":
                maybe_out[place, actor] = True
            else:
                least, most = case.ranges[row]
                low[place, actor] += least
                high[place, actor] += most
    surely_out = (sums.barred | sums.lead_barred)[threats, layers]
    low, high = positive(low, surely_out | maybe_out), positive(high, surely_out)
    found: list[bool] = settled(low, high, case.side, case.thresholds).tolist()
    return found
