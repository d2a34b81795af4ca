"""Intervals for a proportion when observations come in clusters."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

Z = 1.959963984540054
"""Half-width of a 95 % interval in standard deviations."""


class Proportion(NamedTuple):
    """Hits among trials, with a 95 % interval; `effective` is what the trials count for, given their clusters."""

    hits: int
    trials: int
    low: float
    high: float
    effective: float

    @property
    def share(self) -> float:
        """Hits over trials, 0 where there are none."""
        return self.hits / self.trials if self.trials else 0.0


def wilson(share: float, trials: float) -> tuple[float, float]:
    """The Wilson interval: E. B. Wilson, Journal of the American Statistical Association 22, 1927, 209-212."""
    if trials <= 0:
        return 0.0, 1.0
    centre = share + Z * Z / (2 * trials)
    half = Z * sqrt(share * (1 - share) / trials + Z * Z / (4 * trials * trials))
    scale = 1 + Z * Z / trials
    return max(0.0, (centre - half) / scale), min(1.0, (centre + half) / scale)


def clustered(clusters: Sequence[Sequence[bool]]) -> Proportion:
    """A proportion over clusters of trials that are not independent of one another.

    The Wilson interval is taken with the effective number of trials: those that, were they independent,
    would have the variance found between the clusters (C. Franco et al., Journal of Survey Statistics and
    Methodology 7, 2019, 334-364). Where that variance says nothing (all hits, no hits, one cluster), each
    cluster counts as one trial.
    """
    kept = [list(cluster) for cluster in clusters if cluster]
    trials, hits = sum(map(len, kept)), sum(map(sum, kept))
    if not trials:
        return Proportion(0, 0, 0.0, 1.0, 0.0)
    share, count = hits / trials, len(kept)
    spread = sum((sum(cluster) - share * len(cluster)) ** 2 for cluster in kept)
    variance = spread / trials**2 * count / (count - 1) if count > 1 else 0.0
    effective = min(share * (1 - share) / variance, float(trials)) if variance > 0 else float(count)
    return Proportion(hits, trials, *wilson(share, effective), effective)
