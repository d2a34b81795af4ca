"""Phrases laid out in lines of a given width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from policyengine.errors.printable import printable
from policyengine.errors.width import cell, width
from policyengine.report.blocks import Phrase, Piece, Tone
from policyengine.report.paper import Paper

Line = tuple[Piece, ...]

# A line may be broken at white space, but for spaces that hold together (U+00A0, U+202F).
_PARTS: Final = re.compile(r"(?P<gap>[^\S\u00a0\u202f]+)|(?:\S|[\u00a0\u202f])+")
_SPACE: Final = re.compile(r"\s+")
_INK: Final = {Tone.STRONG: "1", Tone.WARNING: "33", Tone.QUIET: "2"}


def one_line(text: str, paper: Paper) -> str:
    """Text of a stranger on one line: white space as single spaces, nothing that moves the cursor."""
    return paper.fit(printable(_SPACE.sub(" ", text).strip()))


def wrap(text: Phrase, room: int, paper: Paper) -> list[Line]:
    """Break a phrase into lines of at most `room` columns, at spaces where there are any."""
    lines: list[Line] = []
    line: list[Piece] = []
    used = 0
    for word in _words(text, paper):
        for part in _chunks(word, room):
            size = measure(part)
            if line and used + 1 + size > room:
                lines.append(tuple(line))
                line, used = [], 0
            if line:
                line.append(Piece(" ", line[-1].tone if line[-1].tone == part[0].tone else Tone.PLAIN))
                used += 1
            line += part
            used += size
    return [*lines, tuple(line)] if line else lines


def measure(line: Line) -> int:
    """How many columns a line takes."""
    return sum(width(piece.text) for piece in line)


def cut(text: str, room: int, paper: Paper) -> str:
    """`text` if it fits into `room` columns, else its beginning with an ellipsis."""
    if width(text) <= room:
        return text
    mark = "…" if paper.draws else "..."
    kept, used = "", len(mark)
    for char in text:
        used += cell(char)
        if used > room:
            break
        kept += char
    return kept.rstrip() + mark[:room]


def padded(piece: Piece, room: int, *, right: bool = False) -> Line:
    """A piece with spaces up to `room` columns."""
    space = Piece(" " * max(room - width(piece.text), 0))
    return (space, piece) if right else (piece, space)


def ink(line: Line, paper: Paper) -> str:
    """A line as text, in colour where there is any, without spaces at its end."""
    pieces = [(piece.text.replace("\u00a0", " ").replace("\u202f", " "), piece.tone) for piece in line]
    while pieces and not pieces[-1][0].strip():
        pieces.pop()
    if pieces:
        pieces[-1] = (pieces[-1][0].rstrip(), pieces[-1][1])
    if not paper.colour:
        return "".join(text for text, _ in pieces)
    return "".join(f"\x1b[{_INK[tone]}m{text}\x1b[0m" if tone in _INK else text for text, tone in pieces)


def _words(text: Phrase, paper: Paper) -> Iterator[Line]:
    """The words of a phrase; a word may be made of several pieces."""
    word: list[Piece] = []
    for piece in text:
        for found in _PARTS.finditer(piece.text):
            if found["gap"] is None:
                word.append(piece._replace(text=paper.fit(printable(found[0]))))
            elif word:
                yield tuple(word)
                word = []
    if word:
        yield tuple(word)


def _chunks(word: Line, room: int) -> Iterator[Line]:
    """A word, or its parts where no line can hold it."""
    if measure(word) <= room:
        yield word
        return
    part: list[Piece] = []
    used = 0
    for piece in word:
        for char in piece.text:
            size = cell(char)
            if used + size > room and part:
                yield tuple(part)
                part, used = [], 0
            part.append(piece._replace(text=char))
            used += size
    yield tuple(part)
