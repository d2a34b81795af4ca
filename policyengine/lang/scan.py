"""A first look at an expression, character by character, before Python's parser sees it.

It blanks line ends and comments, and finds what people write out of habit (`&&`, `=`, curly quotes) and
brackets or quotes that do not match, each at its very place. What is left is Python's business.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from policyengine.errors import printable
from policyengine.lang.mistakes import Mistake

MOST_BRACKETS = 100

_HABITS = {
    "&&": "and", "||": "or", "===": "==", "!==": "!=", "=>": ">=", "=<": "<=", "<>": "!=", "!": "not",
    "≥": ">=", "≤": "<=", "≠": "!=", "∧": "and", "∨": "or", "¬": "not", "∈": "in", "×": "*", "·": "*", "÷": "/",
    "\N{MINUS SIGN}": "-", "\N{EN DASH}": "-", "\N{EM DASH}": "-",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'",
}  # fmt: skip
"""What people write out of habit, and how it is written here."""

_MEANT = re.compile(r"==|!=|<=|>=|:=|\*\*|//|[-+*/<>()\[\]{},.:|&^~%@]")
_HABIT = re.compile(
    "!(?!=)|" + "|".join(re.escape(text) for text in sorted(_HABITS, key=len, reverse=True) if text != "!")
)
_PLAIN = re.compile("[A-Za-z0-9_. ]+")
"""Most of any expression, taken in one step."""
_NAMED_ARGUMENT = re.compile(r"[(,]\s*\w+\s*$")
_PREFIX = re.compile(r"\w+$")
_PAIRS = {")": "(", "]": "[", "}": "{"}


class Scanned(NamedTuple):
    """The text on one line, each character in its place, and the mistakes that a first look finds."""

    line: str
    mistakes: tuple[Mistake, ...]


@lru_cache(maxsize=8)
def scan(text: str) -> Scanned:
    """Look through an expression once; whoever asks again for the places in it gets the same answer."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._line = list(text)
        self._at = 0
        self._open: list[int] = []
        self._mistakes: list[Mistake] = []

    def run(self) -> Scanned:
        while self._at < len(self._text):
            plain = _PLAIN.match(self._text, self._at)
            if plain:
                self._at = plain.end()
            else:
                self._step(self._text[self._at])
        for place in self._open:
            self._mistake(
                place,
                place + 1,
                f"this '{self._text[place]}' is never closed",
                "add the closing bracket, or take this one out",
            )
        return Scanned("".join(self._line), tuple(self._mistakes))

    def _mistake(self, start: int, end: int, message: str, hint: str, code: str = "L102") -> None:
        self._mistakes.append(Mistake(start, end, code, message, hint))

    def _step(self, character: str) -> None:
        if character == "#":
            end = self._end_of_line()
            self._line[self._at : end] = " " * (end - self._at)
            self._at = end
        elif character in "'\"":
            self._quoted(character)
        elif character.isspace():
            self._line[self._at] = " "
            self._at += 1
        elif f"a{character}".isidentifier():
            self._at += 1
        else:
            self._symbol(character)

    def _end_of_line(self) -> int:
        end = self._text.find("\n", self._at)
        return len(self._text) if end < 0 else end

    def _quoted(self, quote: str) -> None:
        """Go over text in quotes; a backslash keeps the quote after it from closing it."""
        start = self._at
        prefix = _PREFIX.search(self._text, max(0, start - 60), start)
        end = self._end_of_line()
        self._at += 1
        while self._at < end and self._text[self._at] != quote:
            self._at += 2 if self._text[self._at] == "\\" else 1
        if self._at >= end:
            self._at = end
            self._mistake(
                start,
                start + 1,
                "the quote that begins here is never closed",
                "close it on the same line, before the next word",
            )
            return
        self._at += 1
        if self._text.startswith(quote, self._at):
            self._mistake(
                self._at, self._at + 1, "there is one quote too many here", 'write one pair of quotes: "word"'
            )
            self._at += 1
        elif prefix and "f" in prefix[0].lower():
            self._mistake(
                prefix.start(),
                self._at,
                "text with fields (f-strings) is not part of the language",
                "write plain words in quotes",
                "L104",
            )
            # What is left reads as plain text, so that the rest of the expression is checked as well.
            self._line[prefix.start() : start] = " " * (start - prefix.start())
        elif prefix:
            self._mistake(
                prefix.start(),
                self._at,
                "letters stand directly before a quote",
                "put a blank or an operator between them",
            )

    def _symbol(self, character: str) -> None:
        start = self._at
        habit = _HABIT.match(self._text, start)
        meant = _MEANT.match(self._text, start)
        if habit:
            self._at = habit.end()
            meaning = _HABITS[habit[0]]
            hint = 'write straight quotes: "word"' if meaning in "'\"" else f"write '{meaning}' for '{habit[0]}'"
            self._mistake(start, self._at, f"'{habit[0]}' has no meaning here", hint)
        elif meant:
            self._at = meant.end()
            self._bracket(character, start)
        elif character == "=":
            self._at += 1
            if not _NAMED_ARGUMENT.search(self._text, 0, start):
                self._mistake(start, self._at, "'=' does not compare", "compare with '=='")
        else:
            self._at += 1
            self._mistake(start, self._at, *_foreign(character))

    def _bracket(self, character: str, place: int) -> None:
        if character in "([{":
            self._open.append(place)
            if len(self._open) > MOST_BRACKETS:
                self._mistake(
                    place,
                    place + 1,
                    f"more than {MOST_BRACKETS} brackets are open here",
                    "split this into several rules, with a mark that one sets and others test",
                    "L103",
                )
                self._at, self._open = len(self._text), []
        elif character in _PAIRS:
            self._close(character, place)

    def _close(self, character: str, place: int) -> None:
        if not self._open:
            self._mistake(
                place,
                place + 1,
                f"this '{character}' closes nothing",
                "take it out, or add the opening bracket before it",
            )
            return
        opened = self._text[self._open.pop()]
        if opened != _PAIRS[character]:
            self._mistake(
                place, place + 1, f"this '{character}' closes a '{opened}'", "open and close with brackets of one kind"
            )


def _foreign(character: str) -> tuple[str, str]:
    if character == ";":
        return "';' has no meaning here", "join conditions with 'and', or write two rules"
    if character == "\\":
        return "a backslash has no meaning here", "take it out; a condition may go over several lines as it is"
    if not character.isprintable():
        return f"an invisible character stands here ({printable(character)})", "delete it and write the place again"
    return f"'{character}' has no meaning here", "take it out; operators: and or not in == != < <= > >= + - * /"
