"""The allocation and the ranking of models under each view."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from policyengine.assess.allocation import Role, Scores, pooled_shares, positive, roles, side_shares, whole_per_cent
from policyengine.assess.case import Case
from policyengine.assess.mode import Mode, contested, mode_of
from policyengine.assess.result import Cell, ModelRank, Standing, View
from policyengine.assess.settled import settled
from policyengine.assess.tally import Tally, tally

_ROLE: dict[int, Literal["lead", "co-lead", "support", "none"]] = {
    Role.NONE: "none",
    Role.SUPPORT: "support",
    Role.CO_LEAD: "co-lead",
    Role.LEAD: "lead",
}


def views_of(case: Case) -> tuple[View, ...]:
    """Every view: all packs first, then each opinion pack alone."""
    views = {name: _view(case, name, packs) for name, packs in case.views.items()}
    alone = [view for name, view in views.items() if name != "all"]
    if alone:
        views["all"] = _with_disagreement(case, views["all"], alone)
    return tuple(views.values())


def _view(case: Case, name: str, packs: Collection[str]) -> View:
    sums = tally(case.rulebook, case.table, case.shape, packs)
    counted = positive(sums.scores, sums.barred)
    found = roles(counted, sums.lead_barred, case.side, case.thresholds)
    pooled, own = pooled_shares(counted), side_shares(counted, case.side)
    sure = settled_cells(case, sums, packs, None)
    cells = []
    for threat, layer in np.ndindex(counted.shape[:2]):
        standings = tuple(
            _standing(
                case,
                sums,
                (threat, layer, index),
                counted,
                found[threat, layer, index],
                pooled[threat, layer, index],
                own[threat, layer, index],
            )
            for index in range(case.shape.jurisdictions)
            if (threat, layer, index) in sums.parts
        )
        leads = tuple(each.jurisdiction for each in standings if each.role in ("lead", "co-lead"))
        cells.append(
            Cell(
                threat=case.scenario.threats[threat].id,
                layer=case.shape.layers[layer],
                leads=leads,
                mode=_mode(case, leads, case.shape.layers[layer]),
                settled=bool(sure[threat, layer]),
                standings=tuple(
                    sorted(
                        standings,
                        key=lambda each: (-each.score if each.barred != "from layer" else 1, each.jurisdiction),
                    )
                ),
            )
        )
    return View(
        id=name,
        packs=tuple(pack.id for pack in case.rulebook.packs if pack.id in packs),
        cells=tuple(cells),
        models=_ranking(case, sums),
    )


def _standing(
    case: Case, sums: Tally, cell: tuple[int, int, int], counted: Scores, role: int, pooled: float, own: float
) -> Standing:
    threat, layer, index = cell
    something = bool(counted[threat, layer].sum() > 0)
    return Standing(
        jurisdiction=case.scenario.jurisdictions[index].id,
        role=_ROLE[int(role)],
        score=int(sums.scores[cell]),
        share=whole_per_cent(pooled) if something else None,
        share_of_side=whole_per_cent(own) if counted[threat, layer][case.side == case.side[index]].sum() > 0 else None,
        barred="from layer" if sums.barred[cell] else "from lead" if sums.lead_barred[cell] else "no",
        firings=tuple(sums.parts[cell]),
    )


def _mode(case: Case, leads: Sequence[str], layer: str) -> Mode:
    side_of = {each.id: each.side for each in case.scenario.jurisdictions}
    kinds = {name: kind.mode for name, kind in case.rulebook.vocabulary.terms("tie_kinds").items()}
    return mode_of({lead: side_of[lead] for lead in leads}, case.scenario.ties or (), layer, kinds)


def _ranking(case: Case, sums: Tally) -> tuple[ModelRank, ...]:
    scores = [int(score) for score in sums.favour]
    rows = [
        ModelRank(
            model=model,
            rank=1 + sum(other > scores[place] for other in scores),
            score=scores[place],
            firings=tuple(sums.favour_parts.get(place, ())),
        )
        for place, model in enumerate(case.shape.models)
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank, row.model)))


def _with_disagreement(case: Case, together: View, alone: Sequence[View]) -> View:
    """Mark as contested the layers on which opinion packs, each alone, name different leads."""
    side_of = {each.id: each.side for each in case.scenario.jurisdictions}
    cells = []
    for place, cell in enumerate(together.cells):
        disputed = contested([frozenset(view.cells[place].leads) for view in alone], side_of)
        cells.append(replace(cell, mode="contested") if disputed and cell.leads else cell)
    return replace(together, cells=tuple(cells))


def settled_cells(
    case: Case, sums: Tally, packs: Collection[str], only: str | None
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """For each threat and layer, whether undecided rules (or the rule named `only`) leave the leads as they are."""
    low, high = sums.scores.copy(), sums.scores.copy()
    maybe_out = np.zeros(low.shape, np.bool_)
    layers = {layer: place for place, layer in enumerate(case.shape.layers)}
    for row in case.table.undecided:
        rule = case.rulebook.rules[row.rule]
        effect = rule.effects[row.effect]
        if rule.pack not in packs or (only is not None and rule.name != only) or effect.kind not in ("score", "bar"):
            continue
        cell = (row.subject.threat, layers[effect.target], row.subject.jurisdiction)
        if effect.kind == "bar":
            maybe_out[cell] = True
        else:
            least, most = case.ranges[row]
            low[cell] += least
            high[cell] += most
    surely_out = sums.barred | sums.lead_barred
    low, high = positive(low, surely_out | maybe_out), positive(high, surely_out)
    return np.asarray(settled(low, high, case.side, case.thresholds))
