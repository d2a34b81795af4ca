"""Expressions of strangers that are meant to hurt: long, deep, or costly to look at."""

from __future__ import annotations

import pytest
from language_cases import SCHEMA
from work_limits import at_most

from policyengine.lang.check import check
from policyengine.lang.parse import MOST_CHARACTERS, MOST_DEPTH
from policyengine.lang.types import Boolean, Number

DEEP = 5_000
FITS = 900
"""Deep as well, but short enough to come before the parser."""


def deep(depth: int) -> dict[str, str]:
    return {
        "round brackets": "(" * depth + "True" + ")" * depth,
        "square brackets": "[" * depth + "1" + "]" * depth,
        "curly brackets": "{" * depth + "1" + "}" * depth,
        "opening brackets": "(" * depth,
        "not": "not " * depth + "True",
        "minus": "-" * depth + "1 > 0",
        "plus": "+" * depth + "1 > 0",
        "tilde": "~" * depth + "1 > 0",
        "attributes": "thing" + ".a" * depth + " > 0",
        "calls": "abs(" * depth + "1" + ")" * depth + " > 0",
        "calls of calls": "abs" + "()" * depth,
        "subscripts": "thing" + "[0]" * depth,
        "nested subscripts": "a[" * depth + "1" + "]" * depth,
        "lambda": "lambda:" * depth + "1",
        "conditional": "1 if 1 else " * depth + "1",
        "power": "2**" * depth + "2 > 1",
        "sum": "1" + "+1" * depth + " > 0",
        "await": "await " * depth + "x",
        "f-strings": "f'{" * depth + "1" + "}'" * depth,
        "comparisons": "(1 < " * depth + "1" + " < 1)" * depth,
        "quantifiers": "any(" * depth + "True" + " for p in parts)" * depth,
    }


def codes(text: str) -> set[str]:
    found = check(text, SCHEMA, Boolean)
    assert found.node is None
    return {mistake.code for mistake in found.mistakes}


@pytest.mark.parametrize("shape", deep(1))
def test_what_is_nested_five_thousand_deep_is_refused_at_once(shape: str) -> None:
    with at_most(1_000):
        assert codes(deep(DEEP)[shape]) == {"L101"}


@pytest.mark.parametrize("shape", deep(1))
def test_what_is_deep_and_short_is_refused_without_a_traceback(shape: str) -> None:
    depth = min(FITS, MOST_CHARACTERS // len(deep(1)[shape]))
    with at_most(50_000):
        assert codes(deep(depth)[shape]) <= {"L101", "L102", "L103", "L104"}


@pytest.mark.parametrize("word", ["and", "or"])
def test_a_long_chain_is_not_deep(word: str) -> None:
    assert check(f" {word} ".join(["thing.flag"] * 200), SCHEMA, Boolean).node is not None


@pytest.mark.parametrize("text", ["thing.flag and " * 7_000 + "True", "a" * 100_000, "(" * 100_000, '"' * 100_000])
def test_a_hundred_thousand_characters_are_refused(text: str) -> None:
    (mistake,) = check(text, SCHEMA, Boolean).mistakes
    assert mistake.code == "L101"
    assert "4,000" in mistake.message


def test_as_many_characters_as_allowed_are_read() -> None:
    text = "thing.flag" + " " * (MOST_CHARACTERS - len("thing.flag"))
    assert check(text, SCHEMA, Boolean).node is not None
    assert codes(text + " ") == {"L101"}


def test_as_deep_as_allowed_is_read() -> None:
    # Besides the signs there are the comparison, the name of the field and the context of each name.
    assert check("- -" * 17 + "thing.n > 0", SCHEMA, Boolean).node is not None
    assert codes("- -" * MOST_DEPTH + "thing.n > 0") == {"L103"}


def test_very_many_parts_are_refused() -> None:
    assert codes("thing.n in (" + "n," * 1_990 + ")") == {"L101"}


@pytest.mark.parametrize("inner", ["(1 < {} < 1)", "(thing.n < {} < thing.n)", "({} in thing.tags in thing.tags)"])
def test_chains_inside_chains_are_looked_at_once(inner: str) -> None:
    text = "1"
    for _ in range(18):
        text = inner.format(text)
    with at_most(50_000):
        assert codes(text) <= {"L204", "L206"}


def test_numbers_of_very_many_digits_are_refused() -> None:
    for digits in ("9" * 3_900, "0x" + "f" * 3_900, "1e" + "9" * 3_900, "1" + "_1" * 1_900):
        (mistake,) = check(f"{digits} > 1", SCHEMA, Boolean).mistakes
        assert mistake.code == "L105"


def test_points_are_bounded_in_the_same_way() -> None:
    assert {mistake.code for mistake in check("1+" * 3_000 + "1", SCHEMA, Number).mistakes} == {"L101"}
