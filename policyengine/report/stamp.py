"""Where a result comes from: enough to get it again, and to see that it is the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from shlex import join

from policyengine.assess.result import Result
from policyengine.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Facts,
    Group,
    Heading,
    Paragraph,
    Table,
    phrase,
    warning,
)
from policyengine.report.words import short_hash


def who_is_who(result: Result) -> Iterator[Block]:
    """The jurisdictions with their full names and the ids that files and options use."""
    yield Heading("Who is who")
    rows = tuple((Cell(each.id), Cell(each.name), Cell(each.level), Cell(each.side)) for each in result.jurisdictions)
    yield Table((Column("id"), Column("name", "words"), Column("level"), Column("side")), (Group(rows),))


def stamp(result: Result, arguments: Sequence[str], engine: Sequence[str] = ()) -> Iterator[Block]:
    """Packs, engine, version, scenario, and the commands that give this again and its reasons."""
    yield Heading("How this came about")
    packs = [f"{pack.id} {pack.version} ({short_hash(pack.sha256)})" for pack in result.packs]
    yield Facts(
        (
            ("scenario", phrase(f"{result.scenario.id} ({short_hash(result.scenario.sha256)})")),
            ("packs", phrase(", ".join(packs))),
            ("engine", phrase(result.engine.name, warning(f" ({result.engine.note})") if result.engine.note else "")),
            ("version", phrase(f"policyengine {result.version}, format {result.format}")),
        )
    )
    yield Paragraph(phrase("The same again, and the reasons for it:"))
    commands = (["policyengine", "evaluate", *arguments, *engine], ["policyengine", "explain", *arguments])
    yield Code("\n".join(map(join, commands)), command=True)
