"""The index over many scenarios: counts, who leads what, where packs disagree, what is unknown, what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from typing import Any, Final
from urllib.parse import quote

from policyengine.report.words import count, words

MOST_LISTED: Final = 10
MOST_ERRORS: Final = 500
UNTAGGED: Final = "no tag"
_REPORTS: Final = (".html", ".json", ".md")
_NOBODY: Final = "nobody"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario in the table of all; `link` leads to its report, or is empty if there is none."""

    title: str
    link: str
    year: int | None
    tags: tuple[str, ...]
    threats: int
    led: int
    firm: int
    contested: int
    unsettled: int
    disagreement: int
    open: int
    could_change: int


@dataclass(frozen=True, slots=True)
class Spread:
    """In which part of the cells of one layer, or of one kind of threat, each level leads; in whole per cents."""

    name: str
    cells: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A file with problems: the first ones, each with its place."""

    source: str
    problems: tuple[str, ...]


@dataclass(slots=True)
class Index:
    """What the index says above its table; `groups` are the tags of the table with how many scenarios each has.

    `tables` are files of tables over all scenarios.
    """

    good: int = 0
    bad: int = 0
    unbegun: int = 0
    led: int = 0
    cells: int = 0
    firm: int = 0
    contested: int = 0
    unsettled: int = 0
    levels: tuple[str, ...] = ()
    by_layer: tuple[Spread, ...] = ()
    by_kind: tuple[Spread, ...] = ()
    disputed: tuple[Row, ...] = ()
    unknown: tuple[Row, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    groups: tuple[tuple[str, int], ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    tables: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        if not self.good:
            return "No scenario could be evaluated."
        return (
            f"{count(self.good, 'scenario')}; {self.led:,} of {count(self.cells, 'layer')} have a lead: "
            f"{self.firm:,} firm, {self.contested:,} contested, {self.unsettled:,} unsettled."
        )


@dataclass(slots=True)
class _Leads:
    """Counts of cells by the levels that lead them."""

    cells: Counter[str] = field(default_factory=Counter)
    levels: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, name: str, levels: Iterable[str]) -> None:
        self.cells[name] += 1
        self.levels.setdefault(name, Counter()).update(levels)


def index_of(records: Iterable[Record]) -> Index:
    """Count everything in one pass; only what is listed is held."""
    index, layers, kinds, tags, first, levels = Index(), _Leads(), _Leads(), Counter[str](), Counter[str](), {}
    disputed: list[tuple[tuple[int, ...], int, Row]] = []
    unknown: list[tuple[tuple[int, ...], int, Row]] = []
    mistakes: list[Mistake] = []
    for place, record in enumerate(records):
        if record["status"] != "good":
            index.bad += record["status"] == "bad"
            index.unbegun += record["status"] != "bad"
            if record["status"] == "bad" and len(mistakes) < MOST_ERRORS:
                mistakes.append(_mistake(record))
            continue
        row, summary = _row(record), record["summary"]
        index.good += 1
        index.led += row.led
        index.firm += row.firm
        index.contested += row.contested
        index.unsettled += row.unsettled
        tags.update(row.tags)
        first[group_of(record)] += 1
        for cell in summary["cells"]:
            index.cells += 1
            found = cell["levels"] or [_NOBODY]
            levels.update(dict.fromkeys(cell["levels"]))
            layers.add(cell["layer"], found)
            kinds.add(cell["kind"], found)
        disputed = _most(disputed, (row.disagreement, row.contested), place, row)
        unknown = _most(unknown, (row.could_change, row.open), place, row)
    index.levels = (*levels, _NOBODY)
    # Layers stand in the order in which they are met, which is that of the packs.
    index.by_layer = _spreads(layers.cells.items(), layers, index.levels)
    index.by_kind = _spreads(sorted(kinds.cells.items()), kinds, index.levels)
    index.disputed, index.unknown = _rows(disputed), _rows(unknown)
    index.mistakes = tuple(mistakes)
    index.groups = tuple(sorted(first.items(), key=lambda each: (each[0] == UNTAGGED, each[0])))
    index.tags = tuple(sorted(tags.items()))
    return index


def rows_of(records: Callable[[], Iterable[Record]], group: str) -> Iterator[Row]:
    """The rows of one group of the table, in the order of the records."""
    return (_row(each) for each in records() if each["status"] == "good" and group_of(each) == group)


def group_of(record: Record) -> str:
    """The group of the table that a scenario stands in: its first tag."""
    tags = record["summary"]["tags"]
    return str(tags[0]) if tags else UNTAGGED


def _row(record: Record) -> Row:
    summary = record["summary"]
    numbers = ("threats", "led", "firm", "contested", "unsettled", "disagreement", "open", "could_change")
    reports = [name for name in record["files"] if name.endswith(_REPORTS)]
    link = quote(min(reports, key=lambda name: (not name.endswith(".html"), name), default=""))
    return Row(
        summary["title"], link, summary["year"], tuple(summary["tags"]), **{name: summary[name] for name in numbers}
    )


def _most(
    best: list[tuple[tuple[int, ...], int, Row]], weight: tuple[int, ...], place: int, row: Row
) -> list[tuple[tuple[int, ...], int, Row]]:
    """The weightiest so far; of equals, those that come first."""
    if not any(weight):
        return best
    return nlargest(MOST_LISTED, [*best, (weight, -place, row)], key=lambda each: each[:2])


def _rows(found: Sequence[tuple[tuple[int, ...], int, Row]]) -> tuple[Row, ...]:
    return tuple(row for _, _, row in found)


def _spreads(found: Iterable[tuple[str, int]], leads: _Leads, levels: Sequence[str]) -> tuple[Spread, ...]:
    return tuple(
        Spread(words(name), cells, tuple(round(100 * leads.levels[name][level] / cells) for level in levels))
        for name, cells in found
    )


def _mistake(record: Record) -> Mistake:
    said = []
    for problem in record["problems"][:3]:
        place = f":{problem['line']}:{problem['column']}" if problem["line"] else ""
        hint = f" ({problem['hint']})" if problem["hint"] else ""
        said.append(f"{place.lstrip(':')} {problem['code']} {problem['message']}{hint}".strip())
    rest = len(record["problems"]) - len(said)
    return Mistake(record["source"], (*said, *([f"and {rest} more"] if rest else [])))
