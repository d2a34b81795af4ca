"""What a selftest found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.analysis.selftest import Selftest
from policyengine.report.blocks import Block, Item, Items, Paragraph, Title, phrase, strong, warning

_MOST_SHOWN = 10


def selftest_data(found: Selftest, rules: int, seed: int, file: str) -> dict[str, Any]:
    """The outcome as plain data."""
    return {
        "rules": rules, "cases": found.cases, "rows": found.rows, "first_seed": seed,
        "differences": list(found.differences), "file": file or None,
    }  # fmt: skip


def selftest_report(found: Selftest, rules: int, seed: int, file: str) -> Iterator[Block]:
    """How much was compared, and what differs."""
    yield Title("Selftest of the engines")
    last = seed + found.cases - 1
    compared = f"{rules} rules, {found.cases} cases (seeds {seed} to {last}), {found.rows} rows of tables: "
    if not found.differences:
        yield Paragraph(phrase(compared, strong("no disagreement"), "."))
        return
    yield Paragraph(phrase(compared, warning("the engines disagree"), f" on the case of seed {last}."))
    yield Items(tuple(Item(phrase(each)) for each in found.differences[:_MOST_SHOWN]))
    yield Paragraph(phrase(f"The case stands in {file}; please report it with the packs."))
