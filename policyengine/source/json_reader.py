"""Reads the text of a JSON file into the same tree as YAML, with the place of every value.

The standard library's reader keeps no places, lets NaN and repeated keys pass, and recurses as deep as the file.
"""

import re
from typing import Final, NoReturn

from policyengine.errors import Span, quoted
from policyengine.source import refusals
from policyengine.source.findings import Findings
from policyengine.source.json_text import read_text
from policyengine.source.limits import MAX_DEPTH, MAX_NODES
from policyengine.source.nodes import REFUSED, Mapping, Node, Scalar, Sequence, Value
from policyengine.source.numbers import Refused, decimal, not_finite, whole

_BLANKS: Final = re.compile(r"[ \t\n\r]+")
_WORD: Final = re.compile(r"[-+.\w]+")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?P<decimal>(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)")
_BOOLEANS: Final = {"true": True, "false": False}
_NOT_FINITE: Final = frozenset({"NaN", "Infinity", "-Infinity"})
_CLOSING: Final = {"[": "]", "{": "}"}


def read_json(findings: Findings) -> Node:
    """Read the text of `findings` as one JSON value; raise `InputError` where nothing more can be read."""
    return _Reader(findings).document()


class _Reader:
    """Recursive descent, never deeper than the limit on nesting."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._text = findings.lines.text
        self._at = 0
        self._nodes = 0
        self._within: list[int] = []  # where the lists and mappings that are still open began

    def document(self) -> Node:
        """Read one value and make sure that nothing follows it."""
        if not self._peek():
            refusals.empty_file(self._findings)
        root = self._value(None)
        if self._peek():
            hint = "Delete what follows, or use one file for each value."
            self._findings.stop("S017", "The JSON value has ended before this", hint, self._here())
        return root

    def _peek(self) -> str:
        """Skip blanks and give the next character; empty at the end of the file."""
        blanks = _BLANKS.match(self._text, self._at)
        if blanks:
            self._at = blanks.end()
        return self._text[self._at : self._at + 1]

    def _value(self, key: Scalar | None) -> Node:
        char = self._peek()
        if char == '"':
            return self._quoted()
        if char in _CLOSING:
            return self._collection(char)
        return self._word(key)

    def _quoted(self) -> Scalar:
        self._count()
        start = self._at
        text, self._at = read_text(self._findings, start)
        return Scalar(text, text, "json", self._span(start))

    def _collection(self, opening: str) -> Node:
        self._count()
        start = self._at
        if len(self._within) >= MAX_DEPTH:
            refusals.too_deep(self._findings, self._here())
        self._within.append(start)
        self._at += 1
        if opening == "[":
            items = self._items()
            self._within.pop()
            return Sequence(items, self._span(start))
        entries = self._entries()
        self._within.pop()
        return Mapping(entries, self._span(start))

    def _items(self) -> tuple[Node, ...]:
        items: list[Node] = []
        more = not self._closes("]")
        while more:
            items.append(self._value(None))
            more = self._continues("]")
        return tuple(items)

    def _entries(self) -> tuple[tuple[Scalar, Node], ...]:
        entries: list[tuple[Scalar, Node]] = []
        seen: dict[str, Span] = {}
        more = not self._closes("}")
        while more:
            key = self._key(seen)
            entries.append((key, self._value(key)))
            more = self._continues("}")
        return tuple(entries)

    def _key(self, seen: dict[str, Span]) -> Scalar:
        if self._peek() != '"':
            self._stop("A key must stand here", "Write the key in double quotes.")
        key = self._quoted()
        if key.text in seen:
            refusals.duplicate_key(self._findings, key.text, seen[key.text], key.span)
        else:
            seen[key.text] = key.span
        if self._peek() != ":":
            self._stop("A colon is missing before this", "Write a colon between the key and its value.")
        self._at += 1
        return key

    def _closes(self, closing: str) -> bool:
        """Move past the closing bracket if it is next."""
        if self._peek() != closing:
            return False
        self._at += 1
        return True

    def _continues(self, closing: str) -> bool:
        """Move past a comma or the closing bracket; false for the bracket."""
        if self._closes(closing):
            return False
        if self._peek() != ",":
            line, column = self._findings.lines.position(self._within[-1])
            began = f"{self._text[self._within[-1]]} stands in line {line}, column {column}"
            self._stop(f"A comma or {closing} is missing before this", f"Add it; the opening {began}.")
        comma = self._here()
        self._at += 1
        if not self._closes(closing):
            return True
        self._findings.add("S016", f"No comma may stand before the closing {closing}", "Delete the comma.", comma)
        return False

    def _word(self, key: Scalar | None) -> Scalar:
        """Read a number, a boolean, or something that is neither and refused."""
        found = _WORD.match(self._text, self._at)
        if found is None:
            self._stop("A value is missing here", "Text stands in double quotes, lists in [ ], mappings in { }.")
        self._count()
        self._at = found.end()
        word, span = found[0], self._span(found.start())
        value = self._meaning(word, key, span)
        if isinstance(value, Refused):
            self._findings.add(*value, span)
            value = None
        return Scalar(REFUSED, word, "refused", span) if value is None else Scalar(value, word, "plain", span)

    def _meaning(self, word: str, key: Scalar | None, span: Span) -> Value | Refused | None:
        if number := _NUMBER.fullmatch(word):
            return (decimal if number["decimal"] else whole)(word)
        if word in _BOOLEANS:
            return _BOOLEANS[word]
        if word in _NOT_FINITE:
            return not_finite(word)
        if word == "null":
            refusals.null(self._findings, key, span)
            return None
        hint = "Put text in double quotes; write numbers like 0.5, and true or false in small letters."
        return Refused("S016", f"{quoted(word)} is no JSON value", hint)

    def _stop(self, message: str, hint: str) -> NoReturn:
        """Report what makes reading on impossible, a bracket left open first of all."""
        if self._at >= len(self._text):
            opening = self._text[self._within[-1]]
            message = f"The {'list' if opening == '[' else 'mapping'} that begins here is never closed"
            self._at = self._within[-1]
            self._findings.stop("S013", message, f"Add {_CLOSING[opening]} at its end.", self._here())
        if self._text.startswith(("//", "/*", "#"), self._at):
            message, hint = "JSON has no comments", "Delete it, or use a YAML file."
        elif self._text[self._at] == "'":
            message, hint = "Single quotes are not accepted in JSON", "Use double quotes."
        self._findings.stop("S016", message, hint, self._here())

    def _count(self) -> None:
        self._nodes += 1
        if self._nodes > MAX_NODES:
            refusals.too_many_nodes(self._findings, self._here())

    def _here(self) -> Span:
        return self._findings.between(self._at, self._at + 1)

    def _span(self, start: int) -> Span:
        return self._findings.between(start, self._at)
