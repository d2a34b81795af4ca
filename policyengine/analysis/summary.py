"""One result in a few lines: what an index over many of them needs."""

from __future__ import annotations

from typing import Any

from policyengine.assess.result import Cell, Result, View
from policyengine.domain.scenario import Scenario

Summary = dict[str, Any]


def summary_of(result: Result, scenario: Scenario) -> Summary:
    """Leads by threat and layer, and how firm they are, as plain data.

    `disagreement` counts the layers on which the opinion packs, each alone, name different leads;
    `open` the rules that could not be decided, `could_change` those of them that could change a lead.
    """
    names = {each.id: each.name for each in result.jurisdictions}
    kinds = {threat.id: threat.kind for threat in scenario.threats}
    levels = {each.id: each.level for each in result.jurisdictions}
    cells = result.views[0].cells
    led = [cell for cell in cells if cell.leads]
    return {
        "scenario": result.scenario.id,
        "title": result.scenario.title,
        "year": result.scenario.year,
        "tags": list(scenario.tags),
        "threats": len(result.threats),
        "cells": [_cell(cell, kinds[cell.threat], levels, names) for cell in cells],
        "led": len(led),
        "firm": sum(cell.settled and cell.mode != "contested" for cell in led),
        "contested": sum(cell.mode == "contested" for cell in led),
        "unsettled": sum(not cell.settled for cell in led),
        "disagreement": _disagreement(result.views[1:]),
        "open": len(result.undecided),
        "could_change": sum(bool(each.could_change) for each in result.undecided),
        "cautions": len(result.cautions),
    }


def _cell(cell: Cell, kind: str, levels: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    return {
        "threat": cell.threat,
        "kind": kind,
        "layer": cell.layer,
        "leads": [names[lead] for lead in cell.leads],
        "levels": sorted({levels[lead] for lead in cell.leads}),
        "contested": cell.mode == "contested",
        "settled": cell.settled,
    }


def _disagreement(alone: tuple[View, ...]) -> int:
    return sum(
        len({frozenset(cell.leads) for cell in same}) > 1 for same in zip(*(v.cells for v in alone), strict=True)
    )
