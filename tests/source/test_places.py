"""Every value knows its place in the file, and so does every character of a text."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import assume, event, given
from hypothesis import strategies as st

from policyengine.errors import InputError, Span
from policyengine.source import Document, Location, Scalar

Read = Callable[..., Document]

TEXT = """\
# comment
title: &name A  # after
threats:
  - id: one
    when: |   # header
      a and
        b

    list: [x, {y: 'z'}]

  # between
  - &two
    id: two
next: *name
"""

PLACES: list[tuple[Location, tuple[int, ...], tuple[int, ...]]] = [
    # location, span of the value, span of the key
    (("title",), (2, 14, 2, 15), (2, 1, 2, 6)),
    (("threats",), (4, 3, 13, 12), (3, 1, 3, 8)),
    (("threats", 0), (4, 5, 9, 24), (3, 1, 3, 8)[:0]),
    (("threats", 0, "id"), (4, 9, 4, 12), (4, 5, 4, 7)),
    (("threats", 0, "when"), (5, 11, 7, 10), (5, 5, 5, 9)),
    (("threats", 0, "list"), (9, 11, 9, 24), (9, 5, 9, 9)),
    (("threats", 0, "list", 1), (9, 15, 9, 23), ()),
    (("threats", 0, "list", 1, "y"), (9, 19, 9, 22), (9, 16, 9, 17)),
    (("threats", 0, "missing"), (4, 5, 9, 24), ()),
    (("threats", 0, "id", "below"), (4, 9, 4, 12), (4, 5, 4, 7)),
    (("threats", 9, "id"), (4, 3, 13, 12), (3, 1, 3, 8)),
    (("threats", -1), (4, 3, 13, 12), (3, 1, 3, 8)),
    (("missing",), (2, 1, 14, 12), ()),
    ((), (2, 1, 14, 12), ()),
]


@pytest.mark.parametrize(("location", "value", "key"), PLACES)
def test_values_and_keys_are_found_and_else_their_nearest_ancestor(
    read: Read, location: Location, value: tuple[int, ...], key: tuple[int, ...]
) -> None:
    document = read(TEXT)
    assert document.span(location)[1:] == value
    assert document.span(location, key=True)[1:] == (key or value)


def test_a_value_reached_through_an_alias_stands_at_its_anchor(read: Read) -> None:
    document = read(TEXT)
    assert document.span(("next",))[1:] == (2, 14, 2, 15)
    assert document.span(("next",), key=True)[1:] == (14, 1, 14, 5)


def test_the_excerpt_is_the_line_of_the_span(read: Read) -> None:
    document = read("a: 1\r\nb: 2\rc: 3")
    assert [document.excerpt(Span("", line, 1, line, 1)) for line in range(5)] == ["", "a: 1", "b: 2", "c: 3", ""]


WRITTEN = [
    # how it is written, the decoded text, the part that is looked for, what stands there in the file
    ("a: one two", "one two", "two", "two"),
    ("a: one\n  two\n\n  three", "one two\nthree", "three", "three"),
    ("a: one\n  two", "one two", "e t", "e\n  t"),
    ("a: &x one", "one", "n", "n"),
    ("a: &x\n  # comment\n  one", "one", "n", "n"),
    ("a: 'it''s so'", "it's so", "t's", "t''s"),
    ("a: 'one\n\n  two'", "one\ntwo", "two", "two"),
    ('a: "\\t\\x41\\u00e9\\U0001F600 b"', "\tA\u00e9\U0001f600 b", "\u00e9\U0001f600", "\\u00e9\\U0001F600"),
    ('a: "\\"b\\" == c"', '"b" == c', '"b"', '\\"b\\"'),
    ('a: "one \\\n   two\\\n\n   \\ three"', "one two\n three", "three", "three"),
    ("a: |\n  one\n   two\n\n  three\n", "one\n two\n\nthree\n", "three", "three"),
    ("a: |2-\n    one\n  two", "  one\ntwo", "one", "one"),
    ("a: |+  # header\n\n\n  one\n\nb: c", "\n\none\n\n", "one", "one"),
    ("a: >\n  one\n  two\n\n  three\n", "one two\nthree\n", "three", "three"),
    ("a: >-\n\n  one\n    more\n   x\n  two\n\n\n  end", "\none\n  more\n x\ntwo\n\nend", "end", "end"),
    ("a: >\r\n  one\r\n  two\r\n", "one two\n", "two", "two"),
    ("\ufeffa: |\r\n  one\r\n  two\r\n", "one\ntwo\n", "two", "two"),
    ("a: 1.50", "1.50", "5", "5"),
]


@pytest.mark.parametrize(("written", "decoded", "part", "there"), WRITTEN)
def test_part_of_a_text_is_found_in_the_file(read: Read, written: str, decoded: str, part: str, there: str) -> None:
    document = read(written)
    start = decoded.index(part)
    assert at(document, document.text_span(("a",), start, start + len(part))) == there
    assert text_of(document, ("a",)).text == decoded


def test_a_stretch_beyond_the_text_ends_with_it(read: Read) -> None:
    document = read("a: 'bc'\nb: ''\n")
    assert document.text_span(("a",), 1, 99)[1:] == (1, 6, 1, 7)
    assert document.text_span(("a",), 2, 2)[1:] == (1, 7, 1, 7)
    assert document.text_span(("a",), 1, 1)[1:] == (1, 6, 1, 6)
    assert document.text_span(("b",), 0, 0)[1:] == (2, 4, 2, 6)


def test_a_stretch_of_what_is_no_text_is_all_of_it(read: Read) -> None:
    document = read("a: [b, c]")
    assert document.text_span(("a",), 0, 1) == document.span(("a",))


def at(document: Document, span: Span) -> str:
    """What stands in the file at a span, computed without the code under test."""
    starts = [0, *(found.end() for found in re.finditer(r"\r\n?|\n", document.text))]
    return document.text[starts[span.line - 1] + span.column - 1 : starts[span.end_line - 1] + span.end_column - 1]


def text_of(document: Document, location: Location) -> Scalar:
    node: Any = document.root
    for part in location:
        node = next(value for key, value in node.entries if key.text == part)
    assert isinstance(node, Scalar)
    return node


def check_every_character(document: Document, location: Location) -> None:
    scalar = text_of(document, location)
    last = (0, 0)
    for index, char in enumerate(scalar.text):
        span = document.text_span(location, index, index + 1)
        assert last <= span[1:3] <= span[3:]
        last = span[3:]
        there = at(document, span)
        if char not in " \t\n":
            assert there == char or decoded(there, scalar.style) == char
        elif char == "\t":
            assert there in {"\t", "\\t", "\\\t", "\\x09", "\\u0009"}


def decoded(there: str, style: str) -> object:
    """The meaning of one escape, by other readers."""
    if style == "single":
        return there.replace("''", "'")
    assert there.startswith("\\")
    return json.loads(f'"{there}"') if style == "json" else yaml.safe_load(f'"{there}"')


CHARACTERS = st.characters(codec="utf-8", exclude_characters="\x7f\x85\u2028\u2029\ufeff\ufffe\uffff")
WORDS = st.text(st.sampled_from("ab \n\t'\"\\:#-\u00e9\U0001f600")) | st.text(CHARACTERS)
STYLES = st.fixed_dictionaries(
    {
        "default_style": st.sampled_from([None, "'", '"', "|", ">"]),
        "width": st.integers(5, 30),
        "allow_unicode": st.booleans(),
        "line_break": st.sampled_from(["\n", "\r\n"]),
    }
)


@given(WORDS, STYLES)
def test_each_character_that_is_dumped_in_any_style_is_found_again(
    read: Read, text: str, style: dict[str, Any]
) -> None:
    written = yaml.dump({"key": {"text": text}}, **style)
    assume("!!" not in written)  # "1" is dumped as 1 with a tag
    document = read(written)
    assert text_of(document, ("key", "text")).text == text
    check_every_character(document, ("key", "text"))


PIECES = [
    *("a", "b", " ", "  ", "\n", "\n  ", "\n   ", "\n    c", "\n\n", "\r\n  ", "\r", "\t", "#", "\u00e9", "\U0001f600"),
    *("''", "\\", "\\\n", "\\n", "\\x41", "\\\\", '\\"', "\\ ", "\\U0001F600"),
]
FRAMES = [
    *("a: {}", "a:\n  {}\n", 'a: "{}"', "a: '{}'", "a: &x >\n{}", "a: |\n  {}\n", "a: >\n  {}\n", "a: |-\n{}"),
    *("a: >+\n   {}\n\nb: c\n", "a: |+\n   {}\n\nb: c\n", "a: >1-\n {}", "a: |1 # x\n {}"),
]


@given(st.lists(st.sampled_from(PIECES)).map("".join), st.sampled_from(FRAMES))
def test_each_character_of_text_written_in_a_strange_way_is_found(read: Read, raw: str, frame: str) -> None:
    try:
        document = read(frame.replace("{}", raw))
        scalar = text_of(document, ("a",))
    except (InputError, AssertionError):
        assume(False)  # not every text can stand everywhere
    else:
        event(scalar.style)
        check_every_character(document, ("a",))


JSON_PIECES = ["a", " ", "\\n", "\\/", '\\"', "\\u00e9", "\\ud83d\\ude00", "\U0001f600", "\\\\", "''"]


@given(st.lists(st.sampled_from(JSON_PIECES)))
def test_each_character_of_json_text_is_found(read: Read, parts: list[str]) -> None:
    check_every_character(read('{"a": "' + "".join(parts) + '"}', "file.json"), ("a",))
