"""What a YAML file means: the core schema of YAML 1.2, whichever parser is installed."""

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from policyengine.source import Document

Read = Callable[..., Document]

WORDS = [
    ("plain", "plain"),
    ("two words", "two words"),
    ("ON", "ON"),
    ("off", "off"),
    ("yes", "yes"),
    ("No", "No"),
    ("y", "y"),
    ("2010-01-31", "2010-01-31"),
    ("1_000", "1_000"),
    ("1:30", "1:30"),
    ("0b11", "0b11"),
    ("1.2.3", "1.2.3"),
    ("+", "+"),
    ("-", None),
    (".", "."),
    ("1e", "1e"),
    ("0o8", "0o8"),
    ("nan", "nan"),
    ("inf", "inf"),
    ("true", True),
    ("True", True),
    ("FALSE", False),
    ("0", 0),
    ("-0", 0),
    ("42", 42),
    ("+42", 42),
    ("-42", -42),
    ("007", 7),
    ("0" * 5000 + "1", 1),
    ("0o17", 15),
    ("0x1F", 31),
    ("9007199254740992", 2**53),
    ("-9007199254740992", -(2**53)),
    ("0.5", 0.5),
    (".5", 0.5),
    ("5.", 5.0),
    ("-1.5e3", -1500.0),
    ("1e3", 1000.0),
    ("1e-999", 0.0),
    ("'true'", "true"),
    ('"12"', "12"),
    ('"null"', "null"),
    ('""', ""),
    ("'it''s'", "it's"),
    ('"a\\tb\\x41\\u00e9\\U0001F600"', "a\tbA\u00e9\U0001f600"),
    ("|\n  12\n", "12\n"),
    (">-\n  a\n  b\n", "a b"),
]


@pytest.mark.parametrize(("word", "value"), [row for row in WORDS if row[1] is not None])
def test_a_word_means_what_the_core_schema_says(read: Read, word: str, value: object) -> None:
    data: Any = read(f"key: {word}").plain()
    assert (data, type(data["key"])) == ({"key": value}, type(value))


DOCUMENTS = [
    ("a: 1\nb: [x, {c: 2}]\n", {"a": 1, "b": ["x", {"c": 2}]}),
    ("a:\n- 1\n-\n  - 2\n- {}\n- []\n", {"a": [1, [2], {}, []]}),
    ("- a: 1\n  b: 2\n- c\n", [{"a": 1, "b": 2}, "c"]),
    ("1: a\ntrue: b\n2.5: c\nON: d\n", {"1": "a", "true": "b", "2.5": "c", "ON": "d"}),
    ('"null": a\n"<<": b\n"": c\n', {"null": "a", "<<": "b", "": "c"}),
    ("? a\n: 1\n", {"a": 1}),
    ('{"a":1,"b":[true,"c"]}', {"a": 1, "b": [True, "c"]}),
    ("[a: 1, b]", [{"a": 1}, "b"]),
    ("a: &x [1, 2]\nb: *x\nc: [*x, *x]\n", {"a": [1, 2], "b": [1, 2], "c": [[1, 2], [1, 2]]}),
    ("a: &x key\n*x : 1\n", {"a": "key", "key": 1}),
    ("a: &x 1\nb: *x\nc: &x 2\nd: *x\n", {"a": 1, "b": 1, "c": 2, "d": 2}),
    ("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}),
    ("# before\n---\na: 1 # after\n# end", {"a": 1}),
    ("text alone", "text alone"),
    ("a: b\n  - c\n", {"a": "b - c"}),
    ("a: x#y http://z\n", {"a": "x#y http://z"}),
    ("\ufeffa: 1\r\nb: |\r\n  c\r\n  d\r\n", {"a": 1, "b": "c\nd\n"}),
]


@pytest.mark.parametrize("parser", ["C", "Python"])
@pytest.mark.parametrize(("text", "data"), DOCUMENTS)
def test_a_document_means_the_same_with_either_parser(
    read: Read, monkeypatch: pytest.MonkeyPatch, text: str, data: object, parser: str
) -> None:
    if parser == "Python":
        monkeypatch.delattr(yaml, "CSafeLoader")
    assert read(text).plain() == data


@pytest.mark.parametrize(("text", "data"), DOCUMENTS)
def test_both_parsers_give_the_same_places(
    read: Read, monkeypatch: pytest.MonkeyPatch, text: str, data: object
) -> None:
    with_c = read(text)
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert read(text).root == with_c.root
    assert with_c.plain() == data


def test_a_long_text_is_no_problem(read: Read) -> None:
    assert read("a: " + "x" * 200_000).plain() == {"a": "x" * 200_000}
    assert read('a: "' + "x" * 200_000 + '"').plain() == {"a": "x" * 200_000}


def test_the_digest_is_that_of_the_bytes_and_the_text_has_no_byte_order_mark(read: Read) -> None:
    document = read(b"\xef\xbb\xbfa: 1\r\n")
    assert document.sha256 == "d154b5589a138ef7a6ff502ecf270b04afa5eb5c56fb398f5cfe9a055a33316d"
    assert document.text == "a: 1\r\n"
    assert document.name.endswith("file.yaml")
