"""Reports as plain text: 80 columns in a pipe, as wide as it may be on a terminal, in colour where there is any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from policyengine.errors.width import width
from policyengine.report.blocks import (
    Block,
    Code,
    Facts,
    Heading,
    Item,
    Items,
    Paragraph,
    Phrase,
    Piece,
    Table,
    Title,
    Tone,
    strong,
)
from policyengine.report.layout import Line, cut, ink, measure, one_line, padded, wrap
from policyengine.report.paper import Paper
from policyengine.report.text_table import table_lines

_INDENT: Final = 2
_WIDEST_LABEL: Final = 24


def render_text(blocks: Iterable[Block], paper: Paper) -> str:
    """The blocks one below the other, with a line break at the end."""
    lines: list[Line] = []
    before: Block | None = None
    for block in blocks:
        if before is not None and not isinstance(before, Heading):
            lines += [()] * _space_above(block)
        lines += _lines(block, paper)
        before = block
    return "".join(ink(line, paper) + "\n" for line in lines)


def _space_above(block: Block) -> int:
    """How many lines stay empty above a block that does not follow a heading."""
    if isinstance(block, Title):
        return 4
    return 2 if isinstance(block, Heading) and block.level == 1 else 1


def _lines(block: Block, paper: Paper) -> list[Line]:  # noqa: PLR0911 - one return for each kind of block
    match block:
        case Title(text):
            return _underlined(text, "=", paper)
        case Heading(text, level):
            return _underlined(text, "-", paper) if level == 1 else wrap((strong(text),), paper.width, paper)
        case Paragraph(phrase):
            return wrap(phrase, paper.width, paper)
        case Items(items):
            return list(_items(items, paper, 0))
        case Facts(pairs):
            return list(_facts(pairs, paper))
        case Code(text, command):
            return list(_code(text, paper, " \\" if command else ""))
        case Table():
            return table_lines(block, paper)


def _underlined(text: str, mark: str, paper: Paper) -> list[Line]:
    lines = wrap((strong(text),), paper.width, paper)
    line = "─" if mark == "-" and paper.draws else mark
    return [*lines, (Piece(line * max(map(measure, lines), default=0), Tone.QUIET),)]


def _items(items: Sequence[Item], paper: Paper, depth: int) -> Iterator[Line]:
    mark = "•" if depth == 0 and paper.draws else "-"
    margin = " " * (_INDENT * depth)
    for item in items:
        lines = wrap(item.phrase, paper.width - len(margin) - 2, paper)
        for number, line in enumerate(lines):
            yield (Piece(margin + ("  " if number else f"{mark} ")), *line)
        yield from _items(item.inner, paper, depth + 1)


def _facts(pairs: Sequence[tuple[str, Phrase]], paper: Paper) -> Iterator[Line]:
    labels = [cut(one_line(label, paper), _WIDEST_LABEL, paper) for label, _ in pairs]
    room = max(map(width, labels), default=0)
    for label, (_, text) in zip(labels, pairs, strict=True):
        lines = wrap(text, paper.width - room - 2, paper) or [()]
        for number, line in enumerate(lines):
            head = padded(Piece("" if number else label, Tone.QUIET), room)
            yield (*head, Piece("  "), *line)


def _code(text: str, paper: Paper, more: str) -> Iterator[Line]:
    """Lines as they stand; what is too long runs on further in, after the sign for `more` where there is one."""
    for row in text.rstrip().splitlines():
        bare = row.lstrip()
        margin = _INDENT + len(row) - len(bare)
        lines = wrap((Piece(bare),), max(paper.width - margin - 2 - len(more), 20), paper)
        for number, line in enumerate(lines):
            last = number == len(lines) - 1
            yield (Piece(" " * (margin + (2 if number else 0))), *line, Piece("" if last else more))
