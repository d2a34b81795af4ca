"""Phrases in lines: never too wide, nothing lost, nothing that moves the cursor."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.errors.width import width
from policyengine.report.blocks import Phrase, Piece, Tone, phrase, strong
from policyengine.report.layout import cut, ink, measure, one_line, padded, wrap
from policyengine.report.paper import Paper

PAPER = Paper()
COLOURED = Paper(colour=True)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)
PHRASES = st.lists(st.builds(Piece, TEXTS, st.sampled_from(Tone)), max_size=6).map(tuple)


def shown(text: Phrase, room: int, paper: Paper = PAPER) -> list[str]:
    return [ink(line, paper) for line in wrap(text, room, paper)]


@given(PHRASES, st.integers(2, 40))
def test_no_line_is_wider_than_the_room(text: Phrase, room: int) -> None:
    assert all(measure(line) <= room for line in wrap(text, room, PAPER))


@given(PHRASES, st.integers(2, 40))
def test_no_line_ends_in_a_space_or_hides_a_control_character(text: Phrase, room: int) -> None:
    for line in shown(text, room):
        assert line == line.rstrip()
        assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in line)


@given(st.lists(st.text("abcé漢", min_size=1, max_size=8), max_size=12), st.integers(2, 30))
def test_every_letter_is_kept_in_its_order(words: list[str], room: int) -> None:
    assert "".join("".join(shown(phrase(" ".join(words)), room)).split()) == "".join(words)


def test_pieces_without_a_space_between_them_are_one_word() -> None:
    assert shown(phrase("a (", strong("bold"), ") c"), 9) == ["a (bold)", "c"]


def test_a_line_is_not_broken_at_a_space_that_holds_together() -> None:
    assert shown(phrase("xxxx 32\u00a0%"), 8) == ["xxxx", "32 %"]


def test_wide_characters_take_two_columns() -> None:
    assert shown(phrase("漢字漢字"), 4) == ["漢字", "漢字"]


@pytest.mark.parametrize(
    ("text", "room", "cut_text"),
    [
        ("Québec", 6, "Québec"),
        ("Québec", 5, "Québ…"),
        ("漢字漢字", 5, "漢字…"),
        ("漢字漢字", 4, "漢…"),
        ("ab cd", 4, "ab…"),
    ],
)
def test_a_text_is_cut_with_an_ellipsis(text: str, room: int, cut_text: str) -> None:
    assert cut(text, room, PAPER) == cut_text


def test_an_ellipsis_is_dots_where_the_paper_has_none() -> None:
    assert cut("Quebec and more", 8, Paper(encoding="ascii")) == "Quebe..."


@given(TEXTS, st.integers(1, 20))
def test_what_is_cut_fits(text: str, room: int) -> None:
    assert width(cut(one_line(text, PAPER), room, PAPER)) <= room


def test_colour_stands_only_where_there_is_some() -> None:
    line = (*padded(strong("x"), 3), Piece(" "))
    assert ink(line, PAPER) == "x"
    assert ink(line, COLOURED) == "\x1b[1mx\x1b[0m"


def test_a_stranger_cannot_send_escape_codes() -> None:
    assert one_line("a\x1b[31m\n b\u202e", PAPER) == "a\\x1b[31m b\\u202e"
