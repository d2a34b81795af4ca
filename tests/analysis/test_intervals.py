"""Intervals against published and hand-made numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.analysis.intervals import clustered, wilson


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_wilson_interval_gives_the_published_numbers(hits: int, trials: int, low: float, high: float) -> None:
    """R. G. Newcombe, Statistics in Medicine 17, 1998, 857-872, table I, method 3."""
    found = wilson(hits / trials, trials)
    assert found == pytest.approx((low, high), abs=5e-5)


def test_clusters_that_agree_within_count_for_less_than_independent_trials() -> None:
    together = clustered([[True, True], [False, False], [True, True], [False, False]])
    assert (together.hits, together.trials) == (4, 8)
    assert together.effective == pytest.approx(3.0)


def test_clusters_never_count_for_more_than_their_trials() -> None:
    assert clustered([[True, False]] * 5).effective <= 10


def test_all_hits_count_each_cluster_once() -> None:
    found = clustered([[True, True, True], [True]])
    assert found.effective == 2
    assert (found.low, found.high) == pytest.approx(wilson(1.0, 2))


def test_nothing_on_record_says_nothing() -> None:
    assert clustered([[], []])[:4] == (0, 0, 0.0, 1.0)


@given(st.lists(st.lists(st.booleans(), min_size=1, max_size=4), min_size=1, max_size=12))
def test_the_share_lies_within_its_interval(clusters: list[list[bool]]) -> None:
    found = clustered(clusters)
    assert 0 <= found.low <= found.share + 1e-12
    assert found.share - 1e-12 <= found.high <= 1
