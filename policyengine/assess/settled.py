"""Whether what is unknown could change who leads, or which rank a model has.

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
    whoever is barred from it. `side` numbers the sides, for all alike or in an array of that shape; -1 stands for
    nobody, who has no score. The result drops the last axis.
    """
    best, others = {}, {}
    for name, scores in (("low", low), ("high", high)):
        others[name], best[name] = _colleagues(scores, side), _rivals(scores, side)
    # Raising a colleague of the same side hurts at home and helps the side against others, so
    # each of the two conditions of a lead has a best and a worst corner of its own.
    possible = _at_home(high, others["low"], thresholds) & _abroad(high, others["high"], best["low"], thresholds)
    certain = _at_home(low, others["high"], thresholds) & _abroad(low, others["low"], best["high"], thresholds)
    return np.asarray((possible == certain).all(axis=-1))


def settled_ranks(low: Scores, high: Scores) -> Flags:
    """Whether each rank is the same for all scores between `low` and `high`, in arrays of the shape (models,).

    A rank counts those with more points. It can only fall when the own points grow and only rise when those of another
    do, so it is the same everywhere if each other has more points everywhere or nowhere, and otherwise it is not.
    """
    above = low[None, :] > high[:, None]
    below = high[None, :] <= low[:, None]
    alone = np.eye(len(low), dtype=np.bool_)
    return np.asarray((above | below | alone).all(axis=1))


def _colleagues(scores: Scores, side: Places) -> Scores:
    """For each jurisdiction the greatest score of the others of its side, 0 where it is alone."""
    found = np.zeros_like(scores)
    if scores.shape[-1] < 2:
        return found
    for number in range(int(side.max(initial=-1)) + 1):
        own = side == number
        second, first = np.moveaxis(np.partition(np.where(own, scores, 0), -2)[..., -2:], -1, 0)[..., np.newaxis]
        # Where two are first, the second is as great.
        np.copyto(found, np.where(scores == first, second, first), where=own)
    return found


def _rivals(scores: Scores, side: Places) -> Scores:
    """For each jurisdiction the greatest score of all other sides, 0 where there are none."""
    found = np.zeros_like(scores)
    for number in range(int(side.max(initial=-1)) + 1):
        own = side == number
        np.copyto(found, np.where(own, 0, scores).max(axis=-1, keepdims=True, initial=0), where=own)
    return found


def _at_home(own: Scores, colleagues: Scores, thresholds: Thresholds) -> Flags:
    """Whether each is near enough to the best of its side."""
    return (own > 0) & (100 * own >= (100 - thresholds.co_lead_margin) * np.maximum(own, colleagues))


def _abroad(own: Scores, colleagues: Scores, rivals: Scores, thresholds: Thresholds) -> Flags:
    """Whether the side of each is near enough to the best of all."""
    best = np.maximum(own, colleagues)
    return 100 * best >= (100 - thresholds.side_lead_margin) * np.maximum(best, rivals)
