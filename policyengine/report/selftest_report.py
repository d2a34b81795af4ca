"""What a selftest compared, and what it found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.analysis.selftest import Selftest
from policyengine.report.blocks import Block, Facts, Item, Items, Paragraph, Title, phrase, strong, warning
from policyengine.report.words import count, listing
from policyengine.rulebook.rule import Rulebook

_MOST_SHOWN = 10


def selftest_data(found: Selftest, rulebook: Rulebook, seed: int, file: str | None) -> dict[str, Any]:
    """The outcome as plain data."""
    return {
        "packs": [{"id": pack.id, "version": pack.file.version} for pack in rulebook.packs],
        "rules": len(rulebook.rules), "engines": list(found.engines),
        "left_out": [{"engine": name, "why": why} for name, why in found.left_out.items()],
        "cases": found.cases, "scenarios": found.scenarios, "rows": found.rows, "first_seed": seed,
        "differences": list(found.differences), "file": file,
    }  # fmt: skip


def selftest_report(found: Selftest, rulebook: Rulebook, seed: int, file: str | None) -> Iterator[Block]:
    """What was compared, how much of it, and what differs."""
    yield Title("Selftest of the engines")
    packs = ", ".join(f"{pack.id} {pack.file.version}" for pack in rulebook.packs)
    left_out = ", ".join(f"{name} ({why})" for name, why in found.left_out.items())
    yield Facts(
        (
            ("packs", phrase(f"{packs} ({count(len(rulebook.rules), 'rule')})")),
            ("engines", phrase(f"{listing(found.engines)}; the reference is what the others are held to")),
            *((("left out", phrase(warning(left_out))),) if left_out else ()),
        )
    )
    yield Items(
        (
            Item(phrase(f"firings and undecided effects of {found.scenarios:,} random scenarios, by every engine")),
            Item(
                phrase("leads, modes, scores and shares of many scenarios at once, against each alone, to the last bit")
            ),
            Item(phrase(f"the same of every row of {found.rows:,} in tables of variations, and of that row alone")),
        )
    )
    last = seed + found.cases - 1
    compared = f"{count(found.cases, 'case')} ({f'seeds {seed} to {last}' if last > seed else f'seed {seed}'}): "
    if not found.differences:
        yield Paragraph(phrase(compared, strong("no disagreement"), "."))
        return
    yield Paragraph(phrase(compared, warning("the engines disagree"), f" on the case of seed {last}."))
    yield from _differences(found, last, file)


def _differences(found: Selftest, seed: int, file: str | None) -> Iterator[Block]:
    yield Items(tuple(Item(phrase(each)) for each in found.differences[:_MOST_SHOWN]))
    if len(found.differences) > _MOST_SHOWN:
        yield Paragraph(phrase(f"And {len(found.differences) - _MOST_SHOWN:,} more, all in --format json."))
    where = f"The case stands in {file}" if file else f"The case comes again with --seed {seed} --cases 1"
    yield Paragraph(phrase(f"{where}; please report it with the packs."))
