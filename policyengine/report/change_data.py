"""What differs between two results, as plain data: points in whole millionths, so that the parts add up exactly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policyengine.analysis.advice_changes import AdviceChange, VerdictChange
from policyengine.analysis.attribution import RulePart, StandingChange
from policyengine.analysis.result_changes import CellChange, ModelChange, ResultChange
from policyengine.assess.result import BurdenVerdict, Cell, Standing

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
        "measures": [_advice(each) for each in change.advice if each.kind == "measure"],
        "cautions": [_advice(each) for each in change.advice if each.kind == "caution"],
        "burden_verdicts": [_verdict(each) for each in change.verdicts],
    }


def _advice(change: AdviceChange) -> Data:
    """A measure with its parties and what it is for, or a caution with what it is about."""
    measure = change.kind == "measure"
    sides = (change.before, change.rules_before), (change.after, change.rules_after)
    before, after = (
        None if about is None else {"threats" if measure else "about": list(about), "rules": list(rules)}
        for about, rules in sides
    )
    parties = {"parties": list(change.parties)} if measure else {}
    return {"text": change.text, **parties, "before": before, "after": after}


def _verdict(change: VerdictChange) -> Data:
    return {
        "jurisdiction": change.jurisdiction,
        "label": change.label,
        "before": _bases(change.before),
        "after": _bases(change.after),
        "rules": [{"rule": each.rule, "before": each.before, "after": each.after} for each in change.parts],
    }


def _bases(verdict: BurdenVerdict | None) -> Data | None:
    if verdict is None:
        return None
    return {"holds": verdict.holds, "bases": verdict.bases, "undetermined": verdict.undetermined}


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
        "before": {"rank": was.rank, "score": was.score, "settled": was.settled} if was else None,
        "after": {"rank": now.rank, "score": now.score, "settled": now.settled} if now else None,
        "difference": change.difference,
        "parts": _parts(change.parts),
    }
