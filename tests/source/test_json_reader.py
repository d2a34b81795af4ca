"""JSON is read as the standard says, and refused where the meaning would not be certain."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from policyengine.errors import InputError, Problem
from policyengine.source import Document, Scalar

Read = Callable[..., Document]
Refused = Callable[..., tuple[Problem, ...]]

MISTAKES = [
    # text, places and codes, part of the first message or hint
    ("", ["0:0 S010"], "no content"),
    (" \n", ["0:0 S010"], "no content"),
    ("null", ["1:1 S021"], "has the value null"),
    ('{"a": null, "b": [null]}', ["1:7 S021", "1:19 S021"], '"a" has the value null'),
    ('{"a": 1,\n "b": 2, "a": 3}', ["2:10 S020"], "first in line 1, column 2"),
    ('{"a": 1, "\\u0061": 3}', ["1:10 S020"], 'The key "a"'),
    ("[NaN, Infinity, -Infinity]", ["1:2 S026", "1:7 S026", "1:17 S026"], '"NaN" is not an ordinary number'),
    ("[9007199254740993, -1e999]", ["1:2 S027", "1:20 S027"], "too large"),
    ('"\\ud83d"', ["1:2 S028"], "half a character"),
    ('"\\ude00\\ud83d"', ["1:2 S028", "1:8 S028"], "half a character"),
    ('"\\ud83d\\u0061"', ["1:2 S028"], "half a character"),
    ('"a\tb"', ["1:3 S009"], "U+0009"),
    ('"a\nb"', ["1:1 S013"], "write a line break inside text as \\n"),
    ('"a', ["1:1 S013"], 'Add the closing "'),
    ('"\\', ["1:2 S016", "1:1 S013"][::-1], "not closed"),
    ('"\\x41"', ["1:2 S016"], '"\\x" is no escape'),
    ('"\\u12"', ["1:2 S016"], '"\\u" is no escape'),
    ("[1", ["1:1 S013"], "The list that begins here is never closed"),
    ("[1,", ["1:1 S013"], "The list that begins here is never closed"),
    ('[{"a": 1}, {"b"', ["1:12 S013"], "The mapping that begins here is never closed"),
    ('{"a":', ["1:1 S013"], "The mapping that begins here is never closed"),
    ("[1, 2,]", ["1:6 S016"], "Delete the comma"),
    ('{"a": 1,}', ["1:8 S016"], "Delete the comma"),
    ("[,]", ["1:2 S016"], "A value is missing here"),
    ("[1 2]", ["1:4 S016"], "A comma or ] is missing before this"),
    ('{"a": 1 "b": 2}', ["1:9 S016"], "A comma or } is missing"),
    ('{"a" 1}', ["1:6 S016"], "A colon is missing"),
    ("{a: 1}", ["1:2 S016"], "Write the key in double quotes"),
    ("['a']", ["1:2 S016"], "Use double quotes"),
    ("// a\n1", ["1:1 S016"], "JSON has no comments"),
    ("[1 /* a */]", ["1:4 S016"], "JSON has no comments"),
    ("[01, +1, .5, 1., 0x1, 1_0]", [f"1:{at} S016" for at in (2, 6, 10, 14, 18, 23)], '"01" is no JSON value'),
    ("[True, None, undefined, abc]", [f"1:{at} S016" for at in (2, 8, 14, 25)], "true or false in small letters"),
    ("1 2", ["1:3 S017"], "Delete what follows"),
    ("[1]]", ["1:4 S017"], "has ended"),
    ("]", ["1:1 S016"], "A value is missing here"),
    ("[1\x00]", ["1:3 S009"], "U+0000"),
]


@pytest.mark.parametrize(("text", "places", "words"), MISTAKES)
def test_a_mistake_is_named_where_it_stands(refused: Refused, text: str, places: list[str], words: str) -> None:
    problems = refused(text, "file.json")
    found = [f"{problem.span.line}:{problem.span.column} {problem.code}" for problem in problems if problem.span]
    assert found == places
    assert words in f"{problems[0].message}. {problems[0].hint}"


def test_surrogate_pairs_are_joined(read: Read) -> None:
    root = read('"\\ud83d\\ude00 \\uD834\\uDD1E"', "file.json").root
    assert isinstance(root, Scalar)
    assert root.value == "\U0001f600 \U0001d11e"


def test_places_in_json_are_those_of_the_values_and_keys(read: Read) -> None:
    document = read('{"a": [1,\r\n  {"\U0001f600b": "c"}]}', "file.json")
    assert document.span(("a", 1, "\U0001f600b"))[1:] == (2, 10, 2, 13)
    assert document.span(("a", 1, "\U0001f600b"), key=True)[1:] == (2, 4, 2, 8)
    assert document.span(("a", 1))[1:] == (2, 3, 2, 14)
    assert document.span(())[1:] == (1, 1, 2, 16)


class Unwelcome(Exception):  # noqa: N818 -- not an error, but what the oracle answers with
    """The standard library would accept this, and we do not."""


def standard(text: str) -> object:
    """Read with the standard library, and refuse what we refuse on purpose."""

    def unwelcome(_: str) -> object:
        raise Unwelcome

    def unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
        if len(dict(pairs)) < len(pairs):
            raise Unwelcome
        return dict(pairs)

    data = json.loads(text, object_pairs_hook=unique, parse_constant=unwelcome)
    refuse_values(data, 1)
    return data


def refuse_values(data: Any, depth: int) -> None:
    if data is None or (isinstance(data, int) and abs(data) > 2**53):
        raise Unwelcome
    if isinstance(data, float) and not math.isfinite(data):
        raise Unwelcome
    if isinstance(data, str):
        data.encode()
    if isinstance(data, list | dict):
        if depth > 32:
            raise Unwelcome
        for part in [*data, *data.values()] if isinstance(data, dict) else data:
            refuse_values(part, depth + 1)


TOKENS = [
    *("[", "]", "{", "}", ":", ",", '"a"', '"b":', "1", "-0", "-1.5e-3", "1E9", "true", "null", " ", "NaN", "\n", "2"),
    *('"\\ud83d\\ude00"', '"\\ud83d"', '"\\n\\/\\u00e9"', '""', "1.0", "[[", "]]", "[]", "{}"),
]


@given(
    st.one_of(
        st.text('[]{}:,"\\/ \t\n\r-+.01eEtrufalsnN\u00e9\U0001f600\x01\x7f'),
        st.lists(st.sampled_from(TOKENS)).map("".join),
    )
)
def test_random_text_is_accepted_exactly_when_the_standard_library_accepts_it(read: Read, text: str) -> None:
    try:
        expected = standard(text)
    except (ValueError, Unwelcome):
        with pytest.raises(InputError):
            read(text, "file.json")
    else:
        assert repr(read(text, "file.json").plain()) == repr(expected)


DATA = st.recursive(
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=12,
)


WAYS = st.fixed_dictionaries({"ensure_ascii": st.booleans(), "indent": st.sampled_from([None, 0, 1, "\t"])})


@given(DATA, WAYS)
def test_data_written_by_the_standard_library_comes_back(read: Read, data: object, way: dict[str, Any]) -> None:
    assert repr(read(json.dumps(data, **way), "file.json").plain()) == repr(data)


NOT_IN_YAML = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


@given(DATA)
def test_json_means_the_same_when_it_is_read_as_yaml(read: Read, data: object) -> None:
    text = NOT_IN_YAML.sub("-", json.dumps(data, ensure_ascii=False, indent=1))
    try:
        expected = read(text, "file.json")
    except InputError:
        assume(False)  # two keys that have become one
    else:
        assert repr(read(text, "file.yaml").plain()) == repr(expected.plain())
