"""Where in a file the cursor stands, told from the text alone, so that a file that cannot be read tells it as well."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

Path = tuple[str | int, ...]

MOST_LINES = 3_000
"""So many lines above the cursor are looked at."""
_ELEMENTS = re.compile(r"(?P<blank> *)(?P<dashes>(?:- +)*(?:-$)?)(?P<rest>.*)")
_KEY = re.compile(r"(?P<key>[\w.\-/]+|\"[^\"]*\"|'[^']*')\s*:(?=\s|$)")
_TOKEN = re.compile(r"[\w.\-/]+")
_BLOCK = re.compile(r"\s*[|>][+\-0-9]*\s*(#.*)?$")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a file.

    `path` leads to the value, or with `on_key` to the key, at the place. `word` is what stands there, from `start` to
    `end` on its line. `before` and `after` are the text of the value on both sides of the place.
    """

    path: Path
    column: int
    on_key: bool
    word: str
    start: int
    end: int
    before: str
    after: str


class _Element(NamedTuple):
    column: int
    key: str | None
    """None for the dash of a list entry."""


def cursor_at(lines: list[str], row: int, column: int) -> Cursor:
    """Find out what stands at a row and column (both from 0) of a text."""
    line = lines[row] if row < len(lines) else ""
    column = min(column, len(line))
    parent_row, above = _above(lines, row, _depth(line, column))
    elements, content = _elements(line)
    if parent_row is not None and _BLOCK.match(_value_of(lines[parent_row])):
        path, on_key, start = above, False, 0
        before = "\n".join([*lines[parent_row + 1 : row], line[:column]])
    else:
        steps = tuple(0 if each.key is None else each.key for each in elements)
        path, on_key = (*above, *steps), any(e.key and column <= e.column + len(e.key) for e in elements)
        start, before = content, line[content:column]
        if not elements and parent_row is not None and (more := _value_of(lines[parent_row]).strip()):
            before = "\n".join([more, *lines[parent_row + 1 : row], line[:column]])  # a plain text over several lines
    if not on_key and line[start:column].lstrip()[:1] in ("{", "["):
        flow, on_key, before = _flow(line[start:column])
        path = (*path, *flow)
    begin, end = _token(line, column)
    if on_key and path and line[end:].lstrip().startswith(":") and path[-1] != line[begin:end]:
        path = (*path, line[begin:end])
    return Cursor(
        path, column, on_key, line[begin:end], begin, end, before, "\n".join([line[column:], *_rest(lines, row)])
    )


def _depth(line: str, column: int) -> int:
    indent = len(line) - len(line.lstrip(" "))
    return indent if line.strip() else column


def _above(lines: list[str], row: int, limit: int) -> tuple[int | None, Path]:
    """The nearest line that the one at `row` belongs to, and the path of that."""
    path: list[str | int] = []
    nearest: int | None = None
    starts_with_dash = row < len(lines) and lines[row].lstrip().startswith("-")
    for above in range(row - 1, max(-1, row - MOST_LINES), -1):
        if not lines[above].strip() or lines[above].lstrip().startswith("#"):
            continue
        for element in reversed(_elements(lines[above])[0]):
            same_level = starts_with_dash and element.key is not None and element.column == limit
            if element.column < limit or same_level:
                path.insert(0, 0 if element.key is None else element.key)
                nearest = above if nearest is None else nearest
                limit, starts_with_dash = element.column, element.key is None
        if limit == 0 and not starts_with_dash:
            break
    return nearest, tuple(path)


def _elements(line: str) -> tuple[list[_Element], int]:
    """The dashes and the key with which a line begins, and where its value begins."""
    found = _ELEMENTS.match(line)
    assert found is not None  # noqa: S101 - every line matches
    elements = [_Element(found.start("dashes") + each.start(), None) for each in re.finditer("-", found["dashes"])]
    start = found.start("rest")
    key = _KEY.match(line, start)
    if key:
        elements.append(_Element(start, key["key"].strip("\"'")))
        start = key.end()
    return elements, start


def _value_of(line: str) -> str:
    return line[_elements(line)[1] :]


def _rest(lines: list[str], row: int) -> Iterator[str]:
    """The lines below that belong to the same value."""
    indent = len(lines[row]) - len(lines[row].lstrip(" ")) if row < len(lines) else 0
    for line in lines[row + 1 : row + 100]:
        if _elements(line)[0] or (line.strip() and len(line) - len(line.lstrip(" ")) < indent):
            return
        yield line


def _token(line: str, column: int) -> tuple[int, int]:
    for found in _TOKEN.finditer(line):
        if found.start() <= column <= found.end():
            return found.start(), found.end()
    return column, column


def _flow(text: str) -> tuple[Path, bool, str]:
    """Follow brackets and braces up to the end of a text: the path, whether a key is due, and the value so far."""
    walk = _Flow()
    for index, character in enumerate(text):
        walk.step(text, index, character)
    path: list[str | int] = []
    for frame in walk.frames:
        path += [] if frame.key is None else [frame.key]
    value = text[walk.start :].lstrip()
    return tuple(path), bool(walk.frames) and walk.frames[-1].key is None, value


@dataclass(slots=True)
class _Frame:
    mapping: bool
    key: str | int | None


class _Flow:
    def __init__(self) -> None:
        self.frames: list[_Frame] = []
        self.start = 0
        self._quote = ""

    def step(self, text: str, index: int, character: str) -> None:
        """Take one more character."""
        if self._quote:
            self._quote = "" if character == self._quote else self._quote
        elif character in "\"'" and not text[self.start : index].strip():
            self._quote = character
        elif character in "{[":
            self.frames.append(_Frame(character == "{", None if character == "{" else 0))
            self.start = index + 1
        elif character in "}]" and self.frames:
            self.frames.pop()
        elif character == "," and self.frames:
            frame = self.frames[-1]
            frame.key = None if frame.mapping else int(frame.key or 0) + 1
            self.start = index + 1
        elif character == ":" and self.frames and self.frames[-1].key is None:
            self.frames[-1].key = text[self.start : index].strip().strip("\"'")
            self.start = index + 1
