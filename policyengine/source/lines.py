"""The lines of a text, and the way between an index and a line and column."""

import re
from array import array
from bisect import bisect_right
from functools import cached_property
from typing import Final

from policyengine.errors import Span

_BREAK: Final = re.compile(r"\r\n?|\n")


class Lines:
    """Lines end with LF, CRLF or CR, as in YAML and in editors; indices count characters from 0."""

    def __init__(self, text: str) -> None:
        """Keep the text; it is cut into lines only when somebody asks for a place."""
        self.text = text

    @cached_property
    def _starts(self) -> "array[int]":
        # An array, because a file of five million empty lines would fill a list with as many objects.
        starts = array("q", [0])
        starts.extend(found.end() for found in _BREAK.finditer(self.text))
        return starts

    def position(self, index: int) -> tuple[int, int]:
        """Line and column, from 1, of the character at `index`; an index past the end means the end."""
        index = min(index, len(self.text))
        line = bisect_right(self._starts, index)
        return line, index - self._starts[line - 1] + 1

    def index(self, line: int, column: int) -> int:
        """Turn a line and column into the index of the character there."""
        return self._starts[line - 1] + column - 1

    def span(self, file: str, start: int, end: int) -> Span:
        """Turn the characters from index `start` up to `end` into a span of `file`."""
        line, column = self.position(start)
        if line < len(self._starts) and end < self._starts[line]:  # on the same line, as most are
            return Span(file, line, column, line, column + end - start)
        return Span(file, line, column, *self.position(end))

    def line(self, number: int) -> str:
        """Give a line without its line break; empty if there is no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.text)
        return self.text[self._starts[number - 1] : end].rstrip("\r\n")
