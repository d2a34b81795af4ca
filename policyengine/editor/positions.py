"""Between characters, which our positions count, and the units in which an editor counts them."""

from __future__ import annotations

import re

from policyengine.errors import Span

_BREAK = re.compile(r"\r\n?|\n")
_UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_BOM = "\ufeff"

Place = tuple[int, int]
"""A line and a unit, both from 0."""


def lines_of(text: str) -> list[str]:
    """The lines of a text, ended by LF, CRLF or CR alone, as editors and our reader have it."""
    return _BREAK.split(text)


def units(text: str, encoding: str) -> int:
    """How many units of an encoding a text takes."""
    name, size = _UNITS[encoding]
    return len(text.encode(name, "surrogatepass")) // size


def character(line: str, unit: int, encoding: str) -> int:
    """The character of a line at a unit; one past the end means the end, one inside a character its start."""
    passed = 0
    for index, each in enumerate(line):
        passed += units(each, encoding)
        if passed > unit:
            return index
    return len(line)


def place(lines: list[str], line: int, column: int, encoding: str) -> Place:
    """An editor's place of a line and column that count from 1; line 0 means the file as a whole."""
    if line < 1:
        return 0, 0
    if line > len(lines):
        return len(lines) - 1, units(lines[-1], encoding)
    # Our reader takes a byte order mark off; an editor that hands one over counts it.
    mark = int(line == 1 and lines[0].startswith(_BOM))
    return line - 1, units(lines[line - 1][: column - 1 + mark], encoding)


def places(text: str, span: Span, encoding: str) -> tuple[Place, Place]:
    """Both ends of a span in a text."""
    lines = lines_of(text)
    start = place(lines, span.line, span.column, encoding)
    return start, max(start, place(lines, span.end_line, span.end_column, encoding))
