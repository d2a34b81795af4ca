"""How often who leads over many variations of a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from policyengine.domain.scenario import Scenario
from policyengine.report.blocks import Block, Cell, Column, Group, Paragraph, Table, Title, phrase, strong
from policyengine.report.words import SPACE, count, words

_MOST = 5
LEAD_COLUMNS = (Column("leads"), Column("", "bar"), Column("rows", "number"), Column("of all", "number"))


def sweep_report(scenario: Scenario, rows: int, out: str, tally: Mapping[str, Counter[str]]) -> Iterator[Block]:
    """For each threat and layer who leads in how many of the rows, the most frequent first.

    `tally` counts the names in the columns `THREAT.LAYER.leads` of the results.
    """
    yield Title(f"{count(rows, 'variation')} of {scenario.title}")
    yield Paragraph(phrase(f"Written to {out}, with what varied and what came out of each."))
    yield Table(LEAD_COLUMNS, tuple(lead_group(name, counts, rows) for name, counts in tally.items()), "layer")
    yield Paragraph(phrase("The parts say how often the chosen variations agree, not how likely anything is."))


def lead_group(name: str, counts: Counter[str], rows: int) -> Group:
    """Who leads on one layer in how many of the rows; `name` is that of the column `THREAT.LAYER.leads`."""
    threat, layer, _ = name.rsplit(".", 2)
    most = counts.most_common()
    shown = [(leads.replace(" ", ", ") or "nobody", times) for leads, times in most[:_MOST]]
    rest = sum(times for _, times in most[_MOST:])
    shown += [("others", rest)] if rest else []
    lines = [
        (Cell(leads), Cell(share=100 * times // rows), Cell(f"{times:,}"), Cell(_part(times, rows)))
        for leads, times in shown
    ]
    return Group(tuple(lines), phrase(strong(words(layer)), f" ({threat})"))


def _part(times: int, rows: int) -> str:
    share = 100 * times / rows
    return f"under 1{SPACE}%" if share < 1 else f"{share:.0f}{SPACE}%"
