"""Whether what is unknown could change who leads.

Every undecided effect is given the whole range it might have. A lead is settled if it stays a lead,
and the others stay out, wherever in these ranges the truth lies. The ranges are taken one by one,
so "could change" may be too careful where unknowns hang together; "settled" is always right.
"""

from __future__ import annotations

import numpy as np

from policyengine.assess.allocation import Flags, Places, Scores, Thresholds


def settled(low: Scores, high: Scores, side: Places, thresholds: Thresholds) -> Flags:
    """Whether the leads are the same for all scores between `low` and `high`.

    Arrays have the shape (..., jurisdictions) and hold the scores that count towards a lead: zero for
    whoever is barred from it. The result drops the last axis.
    """
    sure = np.ones(low.shape[:-1], dtype=np.bool_)
    for index in range(low.shape[-1]):
        own_side = side == side[index]
        own_side[index] = False
        rivals = side != side[index]
        # Raising a colleague of the same side hurts at home and helps the side against others, so
        # each of the two conditions of a lead has a best and a worst corner of its own.
        possible = _at_home(high, low, index, own_side, thresholds) & _abroad(
            high, high, low, index, own_side, rivals, thresholds
        )
        certain = _at_home(low, high, index, own_side, thresholds) & _abroad(
            low, low, high, index, own_side, rivals, thresholds
        )
        sure &= possible == certain
    return sure


def _greatest(scores: Scores, members: Flags) -> Scores:
    return np.asarray(scores[..., members].max(axis=-1, initial=0), dtype=np.int64)


def _at_home(own: Scores, others: Scores, index: int, own_side: Flags, thresholds: Thresholds) -> Flags:
    """Whether it is near enough to the best of its side."""
    best = np.maximum(own[..., index], _greatest(others, own_side))
    return (own[..., index] > 0) & (100 * own[..., index] >= (100 - thresholds.co_lead_margin) * best)


def _abroad(
    own: Scores,
    colleagues: Scores,
    rivals_score: Scores,
    index: int,
    own_side: Flags,
    rivals: Flags,
    thresholds: Thresholds,
) -> Flags:
    """Whether its side is near enough to the best of all."""
    best = np.maximum(own[..., index], _greatest(colleagues, own_side))
    return 100 * best >= (100 - thresholds.side_lead_margin) * np.maximum(best, _greatest(rivals_score, rivals))
