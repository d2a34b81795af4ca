"""Intervals against published and hand-made numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.analysis.intervals import clustered, clustered_mean, wilson


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


def test_the_mean_of_clusters_weighs_each_value_alike() -> None:
    assert clustered_mean([[1.0, 0.0, 0.5], [1.0]]).value == pytest.approx(0.625)


def test_resampled_clusters_agree_with_the_normal_interval_where_there_are_many() -> None:
    """Four hundred clusters of one value each: the mean of 0 and 1 by halves has a standard error of 0.025."""
    found = clustered_mean([[float(number % 2)] for number in range(400)])
    assert (found.low, found.high) == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.01)


def test_values_that_agree_within_clusters_widen_the_interval_of_the_mean() -> None:
    apart = clustered_mean([[float(number % 2)] for number in range(40)])
    together = clustered_mean([[float(number % 2)] * 4 for number in range(10)])
    assert together.high - together.low > apart.high - apart.low


def test_one_cluster_or_none_says_nothing_of_others() -> None:
    assert clustered_mean([[0.5, 1.0]]) == (0.75, 0.0, 1.0)
    assert clustered_mean([]) == (0.0, 0.0, 1.0)


@given(st.lists(st.lists(st.floats(0, 1), max_size=3), max_size=6))
def test_the_mean_lies_within_its_interval_and_is_the_same_each_time(clusters: list[list[float]]) -> None:
    found = clustered_mean(clusters)
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert clustered_mean(clusters) == found
