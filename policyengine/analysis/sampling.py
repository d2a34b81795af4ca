"""Which variations of a scenario are evaluated: all combinations of given values, or a sample that fills the space.

Refs.: M. D. McKay, R. J. Beckman and W. J. Conover, Technometrics 21(2), 1979, 239-245 (Latin hypercube);
I. M. Sobol', USSR Computational Mathematics and Mathematical Physics 7(4), 1967, 86-112. Both as scipy has them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod
from typing import Any

import numpy as np

MOST_ROWS = 100_000_000
MOST_VALUES = 100_000
CHUNK = 65_536
DESIGNS = ("full", "lhs", "sobol")


@dataclass(frozen=True, slots=True)
class Axis:
    """One value that varies: its path, and its values, or the ends between which it may lie."""

    path: str
    values: tuple[Any, ...] = ()
    ends: tuple[float, float] | None = None

    def at(self, part: np.ndarray) -> list[Any]:
        """The values at parts from 0 to 1 (not included) of the axis."""
        if self.ends is not None:
            low, high = self.ends
            return list((low + part * (high - low)).tolist())
        return [self.values[place] for place in (part * len(self.values)).astype(np.intp)]


def stepped(low: str, high: str, step: str) -> tuple[float, ...]:
    """The numbers from `low` to `high`, both included, in decimal steps: 0.1 and 0.3, never 0.30000000000000004.

    Raises ValueError for a step that leads nowhere, and for more than `MOST_VALUES` values.
    """
    start, end, by = Decimal(low), Decimal(high), Decimal(step)
    if not all(each.is_finite() for each in (start, end, by)) or by <= 0 or end < start:
        raise ValueError("write low:high:step, with low not above high and a step above 0")
    count = int((end - start) / by) + 1
    if count > MOST_VALUES:
        raise ValueError(f"these are {count:,} values; at most {MOST_VALUES:,} are taken")
    return tuple(float(start + place * by) for place in range(count))


def full_rows(axes: Sequence[Axis]) -> int:
    """How many combinations there are."""
    return prod(len(axis.values) for axis in axes)


def full(axes: Sequence[Axis]) -> Iterator[dict[str, list[Any]]]:
    """All combinations, the last axis fastest, in chunks."""
    shape = [len(axis.values) for axis in axes]
    rows = prod(shape)
    for start in range(0, rows, CHUNK):
        places = np.unravel_index(np.arange(start, min(start + CHUNK, rows)), shape)
        yield {axis.path: [axis.values[each] for each in own] for axis, own in zip(axes, places, strict=True)}


def sampled(axes: Sequence[Axis], design: str, rows: int, seed: int) -> Iterator[dict[str, list[Any]]]:
    """A Latin hypercube or a scrambled Sobol sequence over the axes, in chunks; the same seed gives the same rows."""
    for points in _points(design, len(axes), rows, seed):
        for start in range(0, len(points), CHUNK):
            part = points[start : start + CHUNK]
            yield {axis.path: axis.at(part[:, place]) for place, axis in enumerate(axes)}


def _points(design: str, axes: int, rows: int, seed: int) -> Iterator[np.ndarray]:
    """Points of the unit cube, as (rows, axes), in one or several arrays."""
    sampler = _makers()[design](axes, seed)
    if design == "lhs":
        # A Latin hypercube cuts each axis into as many pieces as there are rows: all are drawn together.
        yield sampler.random(rows)
        return
    # scipy draws a Sobol sequence by powers of two, or warns; what is not asked for is left.
    at_once = min(CHUNK, 1 << (rows - 1).bit_length())
    for start in range(0, rows, at_once):
        yield sampler.random(at_once)[: rows - start]


def _makers() -> dict[str, Callable[[int, int], Any]]:
    try:
        from scipy.stats import qmc
    except ImportError as error:
        raise ImportError("samples need scipy: pip install 'layered-policyengine[batch]'") from error

    return {
        "lhs": lambda axes, seed: qmc.LatinHypercube(axes, rng=np.random.default_rng(seed)),
        "sobol": lambda axes, seed: qmc.Sobol(axes, rng=np.random.default_rng(seed)),
    }
