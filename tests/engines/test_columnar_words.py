"""Words and sets of words as numbers."""

from __future__ import annotations

from policyengine.engines.columnar_words import Words


def test_a_word_that_comes_after_the_sets_is_held_by_those_that_have_it() -> None:
    words = Words()
    number = words.number(frozenset({"late", "never"}))
    assert not words.holds()[number].any()
    late = words.number("late")
    assert words.holds()[number, late]


def test_a_set_that_comes_after_the_words_holds_them() -> None:
    words = Words()
    late = words.number("late")
    assert not words.holds()[:, late].any()
    names = words.number(frozenset({"late"}))
    assert words.holds()[names, late]


def test_equal_words_and_equal_sets_have_equal_numbers() -> None:
    words = Words()
    assert words.number("a") == words.number("a") != words.number("b")
    assert words.number(frozenset({"a", "b"})) == words.number(frozenset({"b", "a"}))
