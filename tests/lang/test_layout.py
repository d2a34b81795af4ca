"""How expressions are laid out: meaning and lines stay, blanks are put right."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_packs import a_pack

from policyengine.lang.layout import laid_out

LAID_OUT = {
    "a>=b": "a >= b",
    "threat . severity   >=param.x and  not  b": "threat.severity >= param.x and not b",
    'x.level in("a","b")': 'x.level in ("a", "b")',
    "-a+ -b*(c-1)": "-a + -b * (c - 1)",
    "min( a,b )>=max (x.y for x in ties if x.z)": "min(a, b) >= max(x.y for x in ties if x.z)",
    "a and\n   b or\nc": "a\nand b\nor c",
    "a and (b\nor c\n   or (d\nand e)) and f": "a and (b\n  or c\n  or (d\n    and e)) and f",
    "1e-05<x<=.5": "1e-05 < x <= .5",
    'a == "two  blanks, kept"': 'a == "two  blanks, kept"',
}
LEFT = ["a &&  b", "a >=  b # why", '"open', "a  and", "", "x ==  'unclosed"]


@pytest.mark.parametrize("text", LAID_OUT)
def test_blanks_are_put_right(text: str) -> None:
    assert laid_out(text) == LAID_OUT[text]


@pytest.mark.parametrize("text", [*LAID_OUT, *LEFT])
def test_laying_out_twice_changes_nothing_more(text: str) -> None:
    assert laid_out(laid_out(text)) == laid_out(text)


@pytest.mark.parametrize("text", LEFT)
def test_what_cannot_be_read_or_holds_a_comment_stays(text: str) -> None:
    assert laid_out(text) == text


@given(seed=st.integers(0, 10_000))
def test_random_conditions_keep_their_parts(seed: int) -> None:
    for rule in a_pack(Random(seed))["rules"]:
        text = str(rule["when"])
        made = laid_out(text)
        assert "".join(made.split()) == "".join(text.split())
        assert laid_out(made) == made
