"""Shares and roles from scores: pure functions over arrays of whole numbers.

Scores are millionths of a point in arrays of shape (..., jurisdictions); the leading axes are
whatever is evaluated together (threats, layers, variations). `side` numbers the sides, for all alike
or in an array of that shape; -1 stands for nobody, who has no score. Every comparison is made on integers,
so a share never decides anything: it is divided out last.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

import numpy as np

# Written out, because importing numpy.typing takes as long as a small evaluation.
Scores = np.ndarray[Any, np.dtype[np.int64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
Shares = np.ndarray[Any, np.dtype[np.float64]]
Places = np.ndarray[Any, np.dtype[np.intp]]
Roles = np.ndarray[Any, np.dtype[np.int8]]
NOBODY: Final = -1
"""The side of a jurisdiction that is not there."""


class Role(IntEnum):
    """What part a jurisdiction has on a layer."""

    NONE = 0
    SUPPORT = 1
    CO_LEAD = 2
    LEAD = 3


@dataclass(frozen=True, slots=True)
class Thresholds:
    """How points become roles, in whole per cents: one number each, or an array of the shape (..., 1)."""

    co_lead_margin: int | Scores = 10
    side_lead_margin: int | Scores = 50
    support_threshold: int | Scores = 10


def positive(scores: Scores, barred: Flags) -> Scores:
    """The scores that count: not negative, and zero for whoever is barred from the layer."""
    return np.where(barred, 0, np.maximum(scores, 0))


def pooled_shares(counted: Scores) -> Shares:
    """Each score as part of the sum over all jurisdictions (last axis); 0 where the sum is 0."""
    return _parts(counted, counted.sum(axis=-1, keepdims=True))


def side_shares(counted: Scores, side: Places) -> Shares:
    """Each score as part of the sum over the jurisdictions of its side; `side` numbers the sides."""
    return _parts(counted, _per_side(counted, side, np.add))


def of_side(counted: Scores, side: Places) -> Flags:
    """Whether the side of each jurisdiction has any points."""
    return np.asarray(_per_side(counted, side, np.maximum) > 0)


def _parts(counted: Scores, total: Scores) -> Shares:
    out: Shares = np.zeros(counted.shape)
    np.divide(counted, total, out=out, where=total > 0)
    return out


def roles(counted: Scores, lead_barred: Flags, side: Places, thresholds: Thresholds) -> Roles:
    """The role of each jurisdiction.

    A side's best leads, unless its score is more than `side_lead_margin` per cent below the best of
    all sides; whoever is within `co_lead_margin` per cent of the side's best leads with it, and equal
    bests are co-leads. Of the others, those with at least `support_threshold` per cent of all points
    support. A jurisdiction that is barred from leading can only support.
    """
    able = np.where(lead_barred, 0, counted)
    best_of_side = _per_side(able, side, np.maximum)
    best_of_all = able.max(axis=-1, keepdims=True, initial=0)
    side_leads = 100 * best_of_side >= (100 - thresholds.side_lead_margin) * best_of_all
    leads = (able > 0) & side_leads & (100 * able >= (100 - thresholds.co_lead_margin) * best_of_side)
    at_top = leads & (able == best_of_side)
    alone = _per_side(at_top.astype(np.int64), side, np.add) == 1
    supports = (counted > 0) & (100 * counted >= thresholds.support_threshold * counted.sum(axis=-1, keepdims=True))
    found: Roles = supports.astype(np.int8)  # a truth is the number of Role.SUPPORT
    np.copyto(found, np.int8(Role.CO_LEAD), where=leads)
    np.copyto(found, np.int8(Role.LEAD), where=at_top & alone)
    return found


def _per_side(values: Scores, side: Places, gather: np.ufunc) -> Scores:
    """For each jurisdiction, the values of its side gathered (sum or greatest); no value is below zero."""
    out = np.zeros_like(values)
    if side.ndim == 1:
        # One jurisdiction after the other: in batches each is a column that is whole in memory.
        for number in set(side.tolist()):
            members = np.flatnonzero(side == number).tolist()
            gathered = np.zeros(values.shape[:-1], np.int64)
            for member in members:
                gather(gathered, values[..., member], out=gathered)
            for member in members:
                out[..., member] = gathered
        return out
    for number in range(int(side.max()) + 1):
        members = side == number
        gathered = gather.reduce(np.where(members, values, 0), axis=-1, keepdims=True)
        np.copyto(out, gathered, where=members)
    return out


def whole_per_cent(share: float) -> int:
    """A share as it is shown: to the nearest whole per cent, halves to even."""
    return round(100 * share)
