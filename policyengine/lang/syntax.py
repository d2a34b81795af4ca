"""What is wrong in an expression that Python's parser cannot read, in words of the language.

The parser's own messages speak of Python and change with its version, so the words are looked
through once more: two that cannot stand side by side are where the mistake is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from policyengine.lang.mistakes import Mistake

_WORD = re.compile(
    r"""(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<number>\.?\d(?:[eE][-+](?=\d)|[\w.])*)|(?P<name>\w+)"""
    r"|(?P<sign>==|!=|<=|>=|:=|\*\*|//|[^\s\w])"
)
_NUMBER = re.compile(r"(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?|0[xob]\w+|[\d_]+")
_BETWEEN = frozenset(
    {
        "and",
        "or",
        "in",
        "is",
        "for",
        "if",
        "else",
        "==",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "*",
        "/",
        "+",
        "-",
        "%",
        "//",
        "**",
        "|",
        "&",
        "^",
        "@",
        ",",
        ".",
        ":",
        ":=",
        "=",
    }
)
_BEFORE = frozenset({"not", "-", "+", "~", "*", "**"})
_RESERVED = frozenset(
    {
        "as",
        "assert",
        "async",
        "await",
        "break",
        "class",
        "continue",
        "def",
        "del",
        "elif",
        "except",
        "finally",
        "from",
        "global",
        "import",
        "lambda",
        "nonlocal",
        "pass",
        "raise",
        "return",
        "try",
        "while",
        "with",
        "yield",
    }
)
_GENERIC = "look for a missing word, operator or bracket just before this place"


class _Word(NamedTuple):
    """A word, number, text or sign; `kind` is one of before, between, value, open, close."""

    text: str
    kinds: frozenset[str]
    start: int
    end: int


def explain(line: str, offset: int) -> Mistake:
    """Say what is wrong in a line that cannot be parsed; `offset` is where the parser gave up."""
    words = [_word(found) for found in _WORD.finditer(line)]
    if not words:
        return Mistake(0, 1, "L102", "there is no expression here", "write a condition such as: threat.severity >= 0.5")
    for mistake in _wrong(words):
        return mistake
    at = next((word for word in words if word.end > offset), words[-1])
    return Mistake(at.start, at.end, "L102", f"this cannot be read from '{at.text}' on", _GENERIC)


def _word(found: re.Match[str]) -> _Word:
    text = found[0]
    if text in _BETWEEN or text in _BEFORE:
        kinds = {kind for kind, words in (("between", _BETWEEN), ("before", _BEFORE)) if text in words}
    elif text in "([{":
        kinds = {"open"}
    elif text in ")]}":
        kinds = {"close"}
    else:
        kinds = {"reserved"} if text in _RESERVED else {"value"}
    return _Word(text, frozenset(kinds), found.start(), found.end())


def _wrong(words: list[_Word]) -> Iterator[Mistake]:
    """What is wrong with each word, and between it and the one before it."""
    before: _Word | None = None
    within = False
    for word in words:
        within |= word.text == "for"
        found = _alone(word, before) or _beside(before, word)
        if word.text in {"if", "else"} and not within:
            found = (
                f"'{word.text}' has no place here",
                "write the condition alone; what follows from it stands under 'then'",
            )
        if found:
            yield Mistake(word.start, word.end, "L102", *found)
        before = word
    if before and before.kinds & {"between", "before"} and before.text != ",":
        yield Mistake(
            before.start,
            before.end,
            "L102",
            f"the expression ends after '{before.text}'",
            "write what should follow it",
        )


def _alone(word: _Word, before: _Word | None) -> tuple[str, str] | None:
    if "reserved" in word.kinds:
        return (
            f"'{word.text}' is not part of the language",
            "it is a word of Python; write a condition of names, words and numbers",
        )
    if word.text == ":=":
        return "':=' is not part of the language", "compare with '=='"
    if word.text[0].isdigit() and not _NUMBER.fullmatch(word.text):
        return (
            f"'{word.text}' is neither a number nor a name",
            "numbers look like 3 or 0.25; a name begins with a letter",
        )
    if re.fullmatch(r"0[\d_]+", word.text) and word.text.strip("0_"):
        return f"'{word.text}' begins with a zero", f"write {word.text.lstrip('0_')}, or 0.{word.text.lstrip('0_')}"
    if before is not None and before.text == "." and word.text in {"and", "or", "not", "in", "is", "for", "if", "else"}:
        return f"'{word.text}' cannot be the name of a field", "write the name of a field after the dot"
    return None


def _beside(before: _Word | None, word: _Word) -> tuple[str, str] | None:
    """Why two words cannot stand side by side."""
    ends = before is not None and bool(before.kinds & {"value", "close"})
    if "value" in word.kinds and ends:
        return f"an operator is missing before '{word.text}'", _operator_hint(word)
    if (
        before is not None
        and word.text == "not"
        and before.text in {"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"}
    ):
        return f"'not' cannot follow '{before.text}'", "put it in brackets with what it denies: (not ...)"
    waits = before is None or bool(before.kinds & {"between", "before", "open"})
    if waits and "between" in word.kinds and "before" not in word.kinds and not _not_in(before, word):
        return f"something is missing before '{word.text}'", "write the value or condition that belongs there"
    if before is not None and "close" in word.kinds and before.kinds & {"between", "before"} and before.text != ",":
        return (
            f"something is missing between '{before.text}' and '{word.text}'",
            "write the value or condition that belongs there",
        )
    return None


def _not_in(before: _Word | None, word: _Word) -> bool:
    return before is not None and before.text == "not" and word.text == "in"


def _operator_hint(word: _Word) -> str:
    small = word.text.lower()
    if small in {"and", "or", "not", "in"}:
        return f"write '{small}' in small letters"
    if small in {"then", "also", "equals", "equal", "xor", "but"}:
        return "join conditions with 'and' or 'or', compare with '=='"
    return "join conditions with 'and' or 'or', compare with '==', put a comma between the values of a list"
