"""The name that is proposed for one that does not exist."""

from __future__ import annotations

from difflib import get_close_matches

from hypothesis import given
from hypothesis import strategies as st

from policyengine.errors.near_names import near_name

NAMES = st.text(st.sampled_from("ab_1"), max_size=7)


@given(NAMES, st.lists(NAMES, max_size=12))
def test_the_name_proposed_is_the_closest_of_all(word: str, names: list[str]) -> None:
    close = get_close_matches(word, names, n=1, cutoff=0.6)
    assert near_name(word, iter(names)) == (f"did you mean '{close[0]}'?" if close else "")
