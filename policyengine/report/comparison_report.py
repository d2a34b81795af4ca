"""Two sets of results side by side: what differs, largest first, and through which rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from policyengine.analysis.comparison import Comparison, Unpaired
from policyengine.analysis.fact_changes import FactChange
from policyengine.report.blocks import (
    Block,
    Heading,
    Item,
    Items,
    Paragraph,
    Phrase,
    Title,
    code,
    phrase,
    strong,
    warning,
)
from policyengine.report.change_advice import ARROW
from policyengine.report.change_data import change_data
from policyengine.report.change_words import sections
from policyengine.report.words import count

_MOST_LISTED = 40


def comparison_report(comparison: Comparison, most: int) -> Iterator[Block]:
    """All sections; only the first `most` scenarios in full, unless it is 0."""
    yield Title(f"{comparison.before} and {comparison.after} compared")
    yield Paragraph(_in_short(comparison))
    if comparison.basis:
        yield Heading("What the results were made from")
        pairs = len(comparison.changes) + comparison.unchanged
        yield Items(tuple(_basis(what, number, pairs) for what, number in comparison.basis.items()))
    if comparison.facts:
        yield Heading("Facts that differ")
        yield Items(tuple(_facts(comparison.facts, most)))
    if comparison.changes:
        yield Heading("What differs")
        yield from sections(comparison.changes, most)
    if comparison.unpaired:
        yield Heading("What was not compared")
        yield Items(tuple(_unpaired(comparison.unpaired, most)))


def _in_short(comparison: Comparison) -> Phrase:
    pairs = len(comparison.changes) + comparison.unchanged
    if not pairs:
        return phrase("Nothing was compared.")
    if not comparison.changes:
        return phrase(strong("No result differs"), f" in {count(pairs, 'pair')} compared.")
    if pairs == 1:
        return _of_one(comparison)
    leads, other = comparison.leads, len(comparison.changes) - comparison.leads
    told = f"{count(leads, 'has', 'have')} other leads" if leads else "none has other leads"
    return phrase(
        f"Of {count(pairs, 'pair')}, ",
        warning(told) if leads else strong(told),
        f"; {other} {'differs' if other == 1 else 'differ'} in something else" if other else "",
        f"; {count(comparison.unchanged, 'is', 'are')} the same." if comparison.unchanged else ".",
    )


def _of_one(comparison: Comparison) -> Phrase:
    (change,) = comparison.changes
    if not change.leads:
        return phrase(strong("The leads are the same"), "; what differs otherwise follows, largest first.")
    return phrase(warning(f"The leads differ on {count(change.leads, 'layer')}"), "; all that differs follows.")


def _basis(what: str, number: int, pairs: int) -> Item:
    return Item(phrase(what, f" (in {number} of {pairs})" if number < pairs else ""))


def _facts(facts: Sequence[FactChange], most: int) -> Iterator[Item]:
    shown = facts[:_MOST_LISTED] if most else facts
    for each in shown:
        yield Item(phrase(code(each.path), f": {_stated(each.before)} {ARROW} {_stated(each.after)}"))
    yield from _more(len(facts) - len(shown))


def _stated(value: str | None) -> str:
    return "not stated" if value is None else value


def _unpaired(all_of_them: Sequence[Unpaired], most: int) -> Iterator[Item]:
    shown = all_of_them[:_MOST_LISTED] if most else all_of_them
    for each in shown:
        told = [f"{side}: {why}" for side, why in (("before", each.before), ("after", each.after)) if why]
        yield Item(phrase(warning(each.name), f", {'; '.join(told)}"))
    yield from _more(len(all_of_them) - len(shown))


def _more(number: int) -> Iterator[Item]:
    if number:
        yield Item(phrase(f"{number:,} more: --most 0 shows all, and so does --format json."))


def comparison_data(comparison: Comparison) -> dict[str, Any]:
    """The same as plain data."""
    return {
        "format": "policyengine-comparison/1",
        "before": comparison.before,
        "after": comparison.after,
        "leads_changed": comparison.leads,
        "basis": [{"difference": what, "pairs": number} for what, number in comparison.basis.items()],
        "facts": [{"path": each.path, "before": each.before, "after": each.after} for each in comparison.facts],
        "scenarios": [change_data(change) for change in comparison.changes],
        "unchanged": comparison.unchanged,
        "not_compared": [
            {"scenario": each.name, "before": each.before, "after": each.after} for each in comparison.unpaired
        ],
    }
