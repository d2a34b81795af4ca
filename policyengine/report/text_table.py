"""Tables as plain text, no wider than the paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from policyengine.errors.width import width
from policyengine.report.blocks import Cell, Column, Group, Piece, Table, Tone
from policyengine.report.layout import Line, cut, one_line, padded, wrap
from policyengine.report.paper import Paper

_GAP: Final = 2
_BAR: Final = 10
_NARROWEST: Final = 6
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def table_lines(table: Table, paper: Paper) -> list[Line]:
    """The lines of a table: titles, then each group with its head above and its notes below its rows."""
    indent = 2 if any(group.head for group in table.groups) else 0
    room = _widths(table, paper, paper.width - indent)
    lines: list[Line] = []
    if any(column.title for column in table.columns):
        titles = tuple(Cell(column.title, Tone.QUIET) for column in table.columns)
        lines += _row(titles, table.columns, room, indent, paper)
    for group in table.groups:
        lines += _group(group, table.columns, room, indent, paper)
    return lines


def _group(group: Group, columns: Sequence[Column], room: Sequence[int], indent: int, paper: Paper) -> Iterator[Line]:
    yield from wrap(group.head, paper.width, paper)
    for row in group.rows:
        yield from _row(row, columns, room, indent, paper)
    for note in group.notes:
        for number, line in enumerate(wrap(note, paper.width - indent - 2, paper)):
            yield (Piece(" " * (indent + (2 if number else 0))), *line)


def _row(
    row: Sequence[Cell], columns: Sequence[Column], room: Sequence[int], indent: int, paper: Paper
) -> Iterator[Line]:
    """One row; it takes several lines where a column runs on."""
    cells = [_cell(cell, column, size, paper) for cell, column, size in zip(row, columns, room, strict=True)]
    for number in range(max(map(len, cells))):
        line: list[Piece] = [Piece(" " * indent)]
        for place, (lines, column, size) in enumerate(zip(cells, columns, room, strict=True)):
            piece = lines[number] if number < len(lines) else Piece("")
            line += [Piece(" " * (_GAP if place else 0)), *padded(piece, size, right=column.kind == "number")]
        yield tuple(line)


def _cell(cell: Cell, column: Column, room: int, paper: Paper) -> list[Piece]:
    if column.kind == "bar" and cell.share is not None:
        return [Piece(bar(cell.share, room, paper), cell.tone)]
    if column.kind == "words":
        lines = wrap((Piece(cell.text, cell.tone),), room, paper)
        return [Piece("".join(piece.text for piece in line), cell.tone) for line in lines] or [Piece("")]
    return [Piece(cut(one_line(cell.text, paper), room, paper), cell.tone)]


def bar(share: int, room: int, paper: Paper) -> str:
    """A bar as long as the share of `room` columns, in eighths of a column where the paper can show them."""
    eighths = round(8 * room * share / 100)
    if not paper.draws:
        return "#" * round(eighths / 8)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def _widths(table: Table, paper: Paper, room: int) -> list[int]:
    """How wide each column is: what it needs, less what does not fit, taken from the widest columns of text."""
    columns = table.columns
    rows = [
        [column.title for column in columns],
        *([c.text for c in row] for group in table.groups for row in group.rows),
    ]
    widths = [
        _BAR if column.kind == "bar" else max(width(one_line(row[place], paper)) for row in rows)
        for place, column in enumerate(columns)
    ]
    excess = sum(widths) + _GAP * (len(columns) - 1) - room
    while excess > 0:
        widest = max(range(len(columns)), key=lambda place: (_may_shrink(columns[place], widths[place]), widths[place]))
        if widths[widest] <= 1:
            break
        widths[widest] -= 1
        excess -= 1
    return widths


def _may_shrink(column: Column, size: int) -> bool:
    return column.kind in ("text", "words") and size > _NARROWEST
