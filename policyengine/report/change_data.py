"""What differs between two results, as plain data: points in whole millionths, so that the parts add up exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policyengine.analysis.attribution import RulePart, StandingChange
from policyengine.analysis.result_changes import CellChange, ModelChange, ResultChange
from policyengine.assess.result import Cell, Standing

Data = dict[str, Any]


def change_data(change: ResultChange) -> Data:
    """All that differs for one scenario."""
    return {
        "scenario": change.id,
        "title": change.title,
        "leads_changed": change.leads,
        "largest": change.size,
        "cells": [_cell(cell) for cell in change.cells],
        "models": [_model(each) for each in change.models],
        "firings": [
            {"rule": each.rule, "appear": each.appear, "vanish": each.vanish, "differ": each.differ}
            for each in change.firings
        ],
    }


def _cell(change: CellChange) -> Data:
    return {
        "threat": change.threat,
        "layer": change.layer,
        "leads_changed": change.leads,
        "before": _state(change.before),
        "after": _state(change.after),
        "standings": [_standing(each) for each in change.standings],
    }


def _state(cell: Cell | None) -> Data | None:
    return None if cell is None else {"leads": list(cell.leads), "mode": cell.mode, "settled": cell.settled}


def _standing(change: StandingChange) -> Data:
    return {
        "jurisdiction": change.place[2],
        "before": _side(change.before),
        "after": _side(change.after),
        "difference": change.difference,
        "parts": _parts(change.parts),
        "barred_by": list(change.bars),
        "no_longer_barred_by": list(change.freed),
    }


def _side(standing: Standing | None) -> Data | None:
    if standing is None:
        return None
    return {
        "role": standing.role,
        "score": standing.score,
        "share": standing.share,
        "share_of_side": standing.share_of_side,
        "barred": standing.barred,
    }


def _parts(parts: Iterable[RulePart]) -> list[Data]:
    return [
        {"rule": each.rule, "before": each.before, "after": each.after, "difference": each.difference} for each in parts
    ]


def _model(change: ModelChange) -> Data:
    was, now = change.before, change.after
    return {
        "model": change.model,
        "before": {"rank": was.rank, "score": was.score} if was else None,
        "after": {"rank": now.rank, "score": now.score} if now else None,
        "difference": change.difference,
        "parts": _parts(change.parts),
    }
