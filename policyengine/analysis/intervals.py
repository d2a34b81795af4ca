"""Intervals for a proportion or a mean when observations come in clusters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from random import Random
from typing import Final, NamedTuple

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


RESAMPLES: Final = 2_000
SEED: Final = 2010
"""Of the resamples, so that the same cases give the same interval everywhere."""


class Mean(NamedTuple):
    """A mean of values from 0 to 1, with a 95 % interval."""

    value: float
    low: float
    high: float


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


def clustered_mean(clusters: Sequence[Sequence[float]]) -> Mean:
    """The mean of values from 0 to 1 in clusters, with the percentile interval of the cluster bootstrap.

    Whole clusters are drawn with replacement (C. A. Field and A. H. Welsh, Journal of the Royal Statistical
    Society B 69, 2007, 369-390), `RESAMPLES` times from `SEED`. With few clusters such an interval is rather too
    narrow; with one it says nothing and is the whole range.
    """
    sums = [(sum(cluster), len(cluster)) for cluster in clusters if cluster]
    if not sums:
        return Mean(0.0, 0.0, 1.0)
    value = _mean(sums)
    if len(sums) == 1:
        return Mean(value, 0.0, 1.0)
    drawn = sorted(_mean([sums[place] for place in places]) for places in _resamples(len(sums)))
    cut = round(0.025 * RESAMPLES)
    return Mean(value, min(drawn[cut], value), max(drawn[-1 - cut], value))


def _mean(sums: Sequence[tuple[float, int]]) -> float:
    return sum(total for total, _ in sums) / sum(count for _, count in sums)


@lru_cache(maxsize=8)
def _resamples(count: int) -> tuple[tuple[int, ...], ...]:
    """Which of `count` clusters each resample holds; the same for every predictor."""
    random = Random(SEED)  # noqa: S311 - no secret, and the standard library keeps this sequence for a seed
    return tuple(tuple(random.choices(range(count), k=count)) for _ in range(RESAMPLES))
