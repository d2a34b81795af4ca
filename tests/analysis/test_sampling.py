"""Which variations are evaluated."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.stats import qmc

from policyengine.analysis.sampling import CHUNK, Axis, full, full_rows, sampled, stepped


def test_steps_are_decimal_and_both_ends_are_included() -> None:
    assert stepped("0", "0.3", "0.1") == (0.0, 0.1, 0.2, 0.3)
    assert stepped("1", "2", "0.4") == (1.0, 1.4, 1.8)


@pytest.mark.parametrize(
    "ends", [("1", "0", "0.1"), ("0", "1", "0"), ("0", "1", "-1"), ("0", "nan", "1"), ("0", "1", "1e-9")]
)
def test_steps_that_lead_nowhere_are_refused(ends: tuple[str, str, str]) -> None:
    with pytest.raises(ValueError, match=r"write low:high:step|at most"):
        stepped(*ends)


def test_all_combinations_come_once_over_several_chunks() -> None:
    axes = [Axis("a", tuple(range(300))), Axis("b", tuple(range(300)))]
    rows = [row for chunk in full(axes) for row in zip(chunk["a"], chunk["b"], strict=True)]
    assert len(rows) == full_rows(axes) == 90_000 > CHUNK
    assert len(set(rows)) == len(rows)
    assert rows[:2] == [(0, 0), (0, 1)]


@pytest.mark.parametrize("design", ["lhs", "sobol"])
def test_a_sample_fills_each_axis_evenly_and_comes_again_with_its_seed(design: str) -> None:
    axes = [Axis("a", ends=(2.0, 4.0)), Axis("b", ("x", "y", None, True))]
    (chunk,) = sampled(axes, design, 64, 7)
    counts, _ = np.histogram(chunk["a"], bins=8, range=(2.0, 4.0))
    assert counts.tolist() == [8] * 8
    assert [chunk["b"].count(value) for value in ("x", "y", None, True)] == [16] * 4
    assert list(sampled(axes, design, 64, 7)) == [chunk]
    assert list(sampled(axes, design, 64, 8)) != [chunk]


def test_a_sobol_sequence_of_any_length_is_the_beginning_of_the_longer_one_and_warns_nobody() -> None:
    axes = [Axis("a", ends=(0.0, 1.0)), Axis("b", ends=(0.0, 1.0))]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (short,) = sampled(axes, "sobol", 100, 7)
        long = list(sampled(axes, "sobol", CHUNK + 3, 7))
    assert [len(chunk["a"]) for chunk in long] == [CHUNK, 3]
    assert long[0]["b"][:100] == short["b"]
    whole = qmc.Sobol(2, rng=np.random.default_rng(7)).random(2 * CHUNK)
    assert long[1]["a"] == whole[CHUNK : CHUNK + 3, 0].tolist()
