"""Where in the raw text of a file each character of a decoded scalar stands.

A condition that is folded over three lines, or written with escapes, must still get its caret under the very
character that is wrong. So the raw text is walked once more by the rules of its notation, character by character.
"""

import re
from typing import Final

from policyengine.source.nodes import Scalar

Place = tuple[int, int]
"""Index of the first raw character that one decoded character comes from, and the index after the last."""

_BREAK: Final = re.compile(r"\r\n?|\n")
_FOLD: Final = re.compile(r"[ \t]*(?:(?:\r\n?|\n)[ \t]*)+")
_ESCAPED_BREAK: Final = re.compile(r"\\(?:\r\n?|\n)[ \t]*")
_ESCAPE: Final = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)"
)
_NEWLINES: Final = re.compile(r"\n+")
_LEADING: Final = re.compile(r"[ \t]*")


def align(raw: str, start: int, scalar: Scalar) -> list[Place]:
    """Give one place for each character of `scalar.text`, whose notation begins at index `start` of `raw`."""
    if scalar.style in {"literal", "folded"}:
        return _block(raw, start, scalar.text)
    if scalar.style == "plain":
        return _flow(raw, start, scalar)
    return _flow(raw, start + 1, scalar)


def _flow(raw: str, index: int, scalar: Scalar) -> list[Place]:
    """Walk plain and quoted text, where a line break is a blank and n more of them are n line breaks."""
    places: list[Place] = []
    while len(places) < len(scalar.text):
        if fold := _FOLD.match(raw, index):
            breaks = [found.span() for found in _BREAK.finditer(raw, index, fold.end())]
            places += breaks if len(breaks) == 1 else breaks[1:]
            index = fold.end()
        elif scalar.style == "double" and (escaped := _ESCAPED_BREAK.match(raw, index)):
            # The break itself means nothing here, so all that follow count.
            fold = _FOLD.match(raw, escaped.end())
            index = fold.end() if fold else escaped.end()
            places += [found.span() for found in _BREAK.finditer(raw, escaped.end(), index)]
        else:
            end = _end_of_character(raw, index, scalar.style)
            places.append((index, end))
            index = end
    return places


def _end_of_character(raw: str, index: int, style: str) -> int:
    if style in {"double", "json"} and (escape := _ESCAPE.match(raw, index)):
        return escape.end()
    return index + 2 if style == "single" and raw.startswith("''", index) else index + 1


def _block(raw: str, start: int, text: str) -> list[Place]:
    """Walk a literal or folded block: below its header each line is its indentation and its content."""
    index = _end_of_line(raw, start)[1]
    indent = _indent(raw, index, text)
    places: list[Place] = []
    breaks: list[Place] = []
    while len(places) < len(text) and len(breaks) <= len(text) and index < len(raw):
        end, after = _end_of_line(raw, index)
        if index + indent < end:
            places += _between_lines(text, len(places), breaks)
            places += [(at, at + 1) for at in range(index + indent, end)]
            breaks = []
        breaks.append((end, after))
        index = after
    # The file may end without the line break that the last line of the text stands for.
    missing = len(text) - len(places)
    return places[: len(text)] + (breaks + [(len(raw), len(raw))] * missing)[: max(missing, 0)]


def _end_of_line(raw: str, index: int) -> Place:
    found = _BREAK.search(raw, index)
    return found.span() if found else (len(raw), len(raw))


def _indent(raw: str, index: int, text: str) -> int:
    """By how many blanks the block at `index` is indented: those its first line has more than the decoded one."""
    content = _NEWLINES.sub("", text, count=1) if text.startswith("\n") else text
    if not content:
        return len(raw)  # nothing but empty lines
    for _ in range(len(text) - len(content)):
        index = _end_of_line(raw, index)[1]
    return _leading(raw, index) - _leading(content, 0)


def _leading(text: str, index: int) -> int:
    found = _LEADING.match(text, index)
    return found.end() - index if found else 0


def _between_lines(text: str, at: int, breaks: list[Place]) -> list[Place]:
    """Match the raw line breaks between two lines of content with what stands at `at` of the decoded text.

    That is one blank where a line break was folded, one line break fewer where empty lines follow it, else all.
    """
    found = _NEWLINES.match(text, at)
    count = len(found[0]) if found else 0
    if 0 < count < len(breaks) and at + count < len(text):
        return breaks[-count:]
    return breaks[: max(count, 1)]
