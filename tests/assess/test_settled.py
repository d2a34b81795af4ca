"""What is called settled must stay so wherever the truth lies: searched by brute force."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from policyengine.assess.allocation import Thresholds, roles
from policyengine.assess.settled import settled, settled_ranks

PLAIN = Thresholds()


def leads(scores: tuple[int, ...], side: list[int], thresholds: Thresholds) -> tuple[bool, ...]:
    array = np.array(scores, dtype=np.int64)
    return tuple(roles(array, np.zeros(len(scores), dtype=np.bool_), np.array(side), thresholds) >= 2)


def is_settled(ranges: list[tuple[int, int]], side: list[int], thresholds: Thresholds = PLAIN) -> bool:
    low, high = (np.array([each[end] for each in ranges], dtype=np.int64) for end in (0, 1))
    return bool(settled(low, high, np.array(side), thresholds))


def test_a_lead_beyond_the_reach_of_what_is_unknown_is_settled() -> None:
    assert is_settled([(10, 12), (1, 3)], [0, 0])


def test_a_lead_that_an_unknown_could_overtake_is_not_settled() -> None:
    assert not is_settled([(10, 10), (8, 11)], [0, 0])


def test_silence_that_an_unknown_could_break_is_not_settled() -> None:
    assert not is_settled([(0, 1), (0, 0)], [0, 1])


def test_known_scores_are_always_settled() -> None:
    assert is_settled([(3, 3), (3, 3), (0, 0)], [0, 1, 1])


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 1)), min_size=1, max_size=4),
    st.sampled_from([Thresholds(), Thresholds(0, 0, 0), Thresholds(30, 80, 10), Thresholds(10, 20, 10)]),
)
def test_settled_leads_stay_the_same_for_every_score_in_range(
    rows: list[tuple[int, int, int]], thresholds: Thresholds
) -> None:
    ranges = [(min(a, b), max(a, b)) for a, b, _ in rows]
    side = [each for _, _, each in rows]
    if is_settled(ranges, side, thresholds):
        found = {leads(scores, side, thresholds) for scores in product(*(range(low, high + 1) for low, high in ranges))}
        assert len(found) == 1


def test_the_answer_is_not_always_that_it_could_change() -> None:
    """Of random cases with a small unknown, many must come out settled: caution alone would be no answer."""
    random = np.random.default_rng(3)
    low = random.integers(0, 100, size=(500, 4))
    high = low + random.integers(0, 5, size=(500, 4))
    assert settled(low, high, np.array([0, 0, 1, 1]), PLAIN).mean() > 0.5


@given(st.lists(st.tuples(st.integers(-4, 4), st.integers(-4, 4)), min_size=1, max_size=4))
def test_a_rank_is_settled_exactly_if_it_is_the_same_for_every_score_in_range(rows: list[tuple[int, int]]) -> None:
    ranges = [(min(row), max(row)) for row in rows]
    low, high = (np.array([each[end] for each in ranges], dtype=np.int64) for end in (0, 1))
    found = {
        tuple(1 + sum(other > own for other in scores) for own in scores)
        for scores in product(*(range(least, most + 1) for least, most in ranges))
    }
    same = [len({ranks[place] for ranks in found}) == 1 for place in range(len(rows))]
    assert settled_ranks(low, high).tolist() == same
