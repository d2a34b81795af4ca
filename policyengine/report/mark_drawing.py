"""The graph of rules and marks as a drawing that needs nothing else: columns from left to right, with few crossings.

The order within columns follows the barycentre heuristic: K. Sugiyama, S. Tagawa and M. Toda, IEEE Transactions on
Systems, Man, and Cybernetics 11(2), 1981, 109-125.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple

from policyengine.errors.printable import printable
from policyengine.report.words import count
from policyengine.rulebook.mark_graph import MarkGraph
from policyengine.rulebook.rule import mark_text

_LETTER, _PADDING, _HEIGHT, _GAP, _BETWEEN, _MARGIN = 7.3, 12.0, 26.0, 10.0, 90.0, 16.0
"""Sizes in pixels: a letter of the font, the space around a text, a box, between boxes, between columns, around all."""
_SWEEPS = 8
_STYLE = (
    "text{font:12px ui-monospace,monospace;fill:#111}.rule rect{fill:#eef2f7;stroke:#345}"
    ".mark rect{fill:#fff7e0;stroke:#865}"
    "path{fill:none;stroke:#556;stroke-width:1.2;opacity:.75}.page{fill:#fff}"
    "@media (prefers-color-scheme:dark){.page{fill:#14171c}text{fill:#eee}.rule rect{fill:#233041;stroke:#9ab}"
    ".mark rect{fill:#3a3220;stroke:#cb8}path{stroke:#99a}}"
)

_ARROWHEAD = (
    '<defs><marker id="end" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0L8 4L0 8" /></marker></defs>'
)


class Box(NamedTuple):
    """A rule or a mark with its place: the left upper corner and the width."""

    name: str
    text: str
    kind: str
    x: float
    y: float
    width: float


def graph_svg(graph: MarkGraph) -> str:
    """The drawing as SVG."""
    boxes = {box.name: box for box in layout(graph)}
    width = max((box.x + box.width for box in boxes.values()), default=0.0) + _MARGIN
    height = max((box.y + _HEIGHT for box in boxes.values()), default=0.0) + _MARGIN
    told = f"{count(len(graph.rules), 'rule')} and {count(len(graph.marks), 'mark')}: arrows lead from a rule to the "
    told += "marks that it sets, and from a mark to the rules that test it."
    size = f'width="{width:.0f}" height="{height:.0f}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size} viewBox="0 0 {width:.0f} {height:.0f}">',
        f"<title>Rules that build on one another</title><desc>{_safe(told)}</desc><style>{_STYLE}</style>",
        _ARROWHEAD,
        f'<rect class="page" {size} />',
        *(_arrow(boxes[start], boxes[end]) for start, end in (*graph.sets, *graph.tests)),
        *map(_box, boxes.values()),
    ]
    return "\n".join([*parts, "</svg>", ""])


def layout(graph: MarkGraph) -> Iterator[Box]:
    """Every rule and mark with its place; no two overlap, and every arrow leads to the right."""
    texts = {rule.name: (rule.name, "rule") for rule in graph.rules}
    texts |= {mark: (mark_text(mark), "mark") for mark in graph.marks}
    columns: dict[int, list[str]] = {}
    for name in texts:
        columns.setdefault(graph.column(name), []).append(name)
    ordered = _ordered([columns[column] for column in sorted(columns)], _neighbours(graph))
    x = _MARGIN
    tallest = max((len(column) for column in ordered), default=0)
    for column in ordered:
        width = max(len(texts[name][0]) for name in column) * _LETTER + 2 * _PADDING
        y = _MARGIN + (tallest - len(column)) * (_HEIGHT + _GAP) / 2
        for place, name in enumerate(column):
            yield Box(name, *texts[name], x, y + place * (_HEIGHT + _GAP), width)
        x += width + _BETWEEN


def _neighbours(graph: MarkGraph) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for start, end in (*graph.sets, *graph.tests):
        found.setdefault(start, []).append(end)
        found.setdefault(end, []).append(start)
    return found


def _ordered(columns: list[list[str]], neighbours: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Bring each name level with what it is joined to, column by column, there and back."""
    for sweep in range(_SWEEPS):
        heights = {name: place / len(column) for column in columns for place, name in enumerate(column)}
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=lambda name: (_mean([heights[each] for each in neighbours.get(name, ())]), name))
            heights |= {name: place / len(column) for place, name in enumerate(column)}
    return columns


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.5


def _arrow(start: Box, end: Box) -> str:
    x1, y1, x2, y2 = start.x + start.width, start.y + _HEIGHT / 2, end.x, end.y + _HEIGHT / 2
    bend = (x2 - x1) / 2
    path = f"M{x1:.1f} {y1:.1f}C{x1 + bend:.1f} {y1:.1f} {x2 - bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}"
    return f'<path d="{path}" marker-end="url(#end)" />'


def _box(box: Box) -> str:
    radius = 3 if box.kind == "rule" else _HEIGHT / 2
    return (
        f'<g class="{box.kind}"><rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{_HEIGHT:.0f}"'
        f' rx="{radius:.0f}" /><text x="{box.x + _PADDING:.1f}" y="{box.y + 17:.1f}">{_safe(box.text)}</text></g>'
    )


def _safe(text: str) -> str:
    return escape(printable(text))
