"""How often who leads over many variations of a scenario."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from policyengine.report.blocks import Block, Cell, Column, Facts, Group, Paragraph, Table, Title, phrase, strong
from policyengine.report.words import SPACE, count, short_hash, words
from policyengine.rulebook.rule import Pack
from policyengine.rulebook.scenario_reading import ScenarioFile
from policyengine.version import VERSION

_MOST = 5
LEAD_COLUMNS = (Column("leads"), Column("", "bar"), Column("rows", "number"), Column("of all", "number"))


About = tuple[ScenarioFile, tuple[Pack, ...], Mapping[str, Any]]
"""The base, the packs, and how the rows were made: a design with what varied, or a table."""


def sweep_report(about: About, rows: int, files: tuple[str, str], tally: Mapping[str, Counter[str]]) -> Iterator[Block]:
    """For each threat and layer who leads in how many of the rows, the most frequent first.

    `files` are the table and its manifest; `tally` counts the names in the columns `THREAT.LAYER.leads`.
    """
    base, packs, variations = about
    table, manifest = files
    yield Title(f"{count(rows, 'variation')} of {base.scenario.title}")
    yield Paragraph(phrase(f"Written to {table}, with what varied and what came out of each."))
    yield Table(LEAD_COLUMNS, tuple(lead_group(name, counts, rows) for name, counts in tally.items()), "layer")
    yield Paragraph(phrase("The parts say how often the chosen variations agree, not how likely anything is."))
    yield Facts(
        (
            ("base", phrase(f"{base.scenario.scenario} ({short_hash(base.sha256)})")),
            (
                "packs",
                phrase(", ".join(f"{pack.id} {pack.file.version} ({short_hash(pack.sha256)})" for pack in packs)),
            ),
            ("rows", phrase(_origin(rows, variations))),
            ("engine", phrase("columnar")),
            ("version", phrase(f"policyengine {VERSION}")),
            ("manifest", phrase(manifest)),
        )
    )


def _origin(rows: int, variations: Mapping[str, Any]) -> str:
    if "table" in variations:
        return f"{variations['table']} ({short_hash(variations['sha256'])})"
    design, seed = variations["design"], f"with seed {variations.get('seed')}"
    if design == "full":
        return "all combinations"
    if design == "lhs":
        return f"Latin hypercube {seed}"
    power = 1 << (rows - 1).bit_length()
    even = "" if power == rows else f"; {power // 2} or {power} rows would fill the space more evenly"
    return f"Sobol sequence {seed}{even}"


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
