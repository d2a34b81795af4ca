"""Reports as Markdown, with the same content as the text; nothing of a stranger's text is taken for markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from policyengine.errors.printable import printable
from policyengine.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
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
)

_SPACE: Final = re.compile(r"[^\S\u00a0\u202f]+")
_MARKUP: Final = re.compile(r"[\\`*\[\]<>|~&$]|(?<![^\W_])_|_(?![^\W_])")
_LEADING: Final = re.compile(r"^(\s*)([#+=-]|\d+(?=[.)]))")
_RUN: Final = re.compile(r"`+")


def render_markdown(blocks: Iterable[Block]) -> str:
    """The blocks one below the other, with a line break at the end."""
    return "\n".join("\n".join(_lines(block)) + "\n" for block in blocks)


def _lines(block: Block) -> list[str]:  # noqa: PLR0911 - one return for each kind of block
    match block:
        case Title(text):
            return [f"# {_escaped(text)}"]
        case Heading(text, level):
            return [f"{'#' * (level + 1)} {_escaped(text)}"]
        case Paragraph(phrase):
            return [_start(_inline(phrase))]
        case Items(items):
            return list(_items(items, 0))
        case Facts(pairs):
            return [f"- {_escaped(label)}: {_inline(text)}" for label, text in pairs]
        case Code(text):
            return _fenced(text)
        case Table():
            return list(_table(block))


def _items(items: Sequence[Item], depth: int) -> Iterator[str]:
    for item in items:
        yield f"{'  ' * depth}- {_start(_inline(item.phrase))}"
        yield from _items(item.inner, depth + 1)


def _fenced(text: str) -> list[str]:
    lines = [printable(line) for line in text.rstrip().splitlines()]
    fence = "`" * max([3, *(len(run) + 1 for line in lines for run in _RUN.findall(line))])
    return [fence, *lines, fence]


def _table(table: Table) -> Iterator[str]:
    """One table; the head of a group stands in a first column, its notes in rows of their own."""
    shown = [place for place, column in enumerate(table.columns) if column.kind != "bar"]
    columns = [table.columns[place] for place in shown]
    headed = any(group.head for group in table.groups)
    yield _cells([*([_escaped(table.head_title)] if headed else []), *(_escaped(column.title) for column in columns)])
    yield _cells([*(["---"] if headed else []), *map(_rule, columns)])
    for group in table.groups:
        head = [_inline(group.head)] if headed else []
        for row in group.rows:
            yield _cells([*head, *(_cell(row[place]) for place in shown)])
        for note in group.notes:
            yield _cells([*head, _inline(note), *([""] * (len(columns) - 1))])
        if headed and not group.rows and not group.notes:
            yield _cells([*head, *([""] * len(columns))])


def _rule(column: Column) -> str:
    return "---:" if column.kind == "number" else "---"


def _cells(texts: Sequence[str]) -> str:
    return f"| {' | '.join(texts)} |"


def _cell(cell: Cell) -> str:
    return _inline((Piece(cell.text, cell.tone),))


def _inline(text: Phrase) -> str:
    return "".join(map(_piece, text)).strip()


def _piece(piece: Piece) -> str:
    if piece.code:
        return _code(piece.text)
    text = _escaped(piece.text, strip=False)
    bare = text.strip()
    if piece.tone in (Tone.STRONG, Tone.WARNING) and bare:
        start = text.index(bare)
        return f"{text[:start]}**{bare}**{text[start + len(bare) :]}"
    return text


def _code(text: str) -> str:
    shown = printable(_SPACE.sub(" ", text).strip())
    if "|" in shown or not shown:
        return _escaped(shown)  # a bar would end the cell of a table even in code
    fence = "`" * (max((len(run) for run in _RUN.findall(shown)), default=0) + 1)
    space = " " if shown[0] == "`" or shown[-1] == "`" else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _escaped(text: str, *, strip: bool = True) -> str:
    shown = printable(_SPACE.sub(" ", text).replace("\u00a0", " "))
    return _MARKUP.sub(r"\\\g<0>", shown.strip() if strip else shown)


def _start(text: str) -> str:
    """Text at the beginning of a line, where more signs are markup."""
    return (
        _LEADING.sub(r"\1\\\2", text, count=1) if not text[:1].isdigit() else re.sub(r"^(\d+)([.)])", r"\1\\\2", text)
    )
