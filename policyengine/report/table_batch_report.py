"""A table of variations in parts: how often who leads over all rows, what went wrong, and how it came about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from policyengine.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Facts,
    Group,
    Heading,
    Item,
    Items,
    Paragraph,
    Piece,
    Table,
    Title,
    code,
    phrase,
    strong,
    warning,
)
from policyengine.report.sweep_report import LEAD_COLUMNS, lead_group
from policyengine.report.words import count


class BadPart(NamedTuple):
    """A part that could not be evaluated, and why."""

    name: str
    source: str
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TableBatch:
    """What came of a table: rows evaluated by file, leads by the columns `THREAT.LAYER.leads`, parts by status."""

    title: str
    rows: Mapping[str, int]
    leads: Mapping[str, Counter[str]]
    counts: Counter[str]
    bad: tuple[BadPart, ...]
    facts: tuple[tuple[str, str], ...]
    command: str

    @property
    def all_rows(self) -> int:
        """How many rows were evaluated."""
        return sum(self.rows.values())


def table_batch_report(batch: TableBatch) -> Iterator[Block]:
    """For each threat and layer who leads in how many of all rows, then the parts, the mistakes and the origin."""
    yield Title(f"{count(batch.all_rows, 'variation')} of {batch.title}")
    yield Paragraph(phrase(f"{count(batch.counts['good'], 'part')} evaluated", *_missing(batch), "."))
    if batch.leads:
        groups = tuple(lead_group(name, counts, batch.all_rows) for name, counts in batch.leads.items())
        yield Table(LEAD_COLUMNS, groups, "layer")
        yield Paragraph(phrase("The parts say how often the chosen variations agree, not how likely anything is."))
    if batch.bad:
        yield from _mistakes(batch)
    yield Heading("How this came about")
    rows = tuple((Cell(source), Cell(f"{number:,}")) for source, number in batch.rows.items())
    if rows:
        yield Table((Column("table", "words"), Column("rows evaluated", "number")), (Group(rows),))
    yield Facts(tuple((label, phrase(text)) for label, text in batch.facts))
    yield Paragraph(phrase("The same again:"))
    yield Code(batch.command, command=True)


def _missing(batch: TableBatch) -> Iterator[str | Piece]:
    if batch.counts["bad"]:
        yield ", "
        yield warning(f"{count(batch.counts['bad'], 'part')} with problems")
    if batch.counts["planned"]:
        yield f", {batch.counts['planned']:,} not begun"


def _mistakes(batch: TableBatch) -> Iterator[Block]:
    yield Heading("Parts with problems")
    yield Items(
        tuple(
            Item(
                phrase(strong(each.name), " of ", code(each.source)),
                tuple(Item(phrase(text)) for text in each.problems),
            )
            for each in batch.bad
        )
    )
    more = batch.counts["bad"] - len(batch.bad)
    if more:
        yield Paragraph(phrase(f"and {more:,} more; errors.json names them all."))
