"""The claims behind rules, source by source, with what of each source was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policyengine.assess.result import ClaimNote, Result
from policyengine.report.blocks import Block, Heading, Item, Items, Phrase, phrase, quiet, strong
from policyengine.report.words import listing, what_was_read


def citations(result: Result, rules: Iterable[str]) -> Iterator[Block]:
    """Each claim once, in our own words, with the rules that rest on it."""
    carried: dict[str, dict[str, None]] = {}
    for rule in rules:
        for claim in result.rules[rule].claims:
            carried.setdefault(claim, {})[rule] = None
    if not carried:
        return
    yield Heading("The claims behind these rules, and their sources")
    by_source: dict[str, list[str]] = {}
    for claim in sorted(carried):
        by_source.setdefault(result.claims[claim].source, []).append(claim)
    yield Items(
        tuple(
            Item(
                _source(result, source), tuple(_claim(claim, result.claims[claim], carried[claim]) for claim in claims)
            )
            for source, claims in by_source.items()
        )
    )


def _source(result: Result, name: str) -> Phrase:
    source = result.sources[name]
    return phrase(strong(name), f": {source.citation} ({what_was_read(source.seen)})")


def _claim(name: str, claim: ClaimNote, rules: Iterable[str]) -> Item:
    denied = "; stated as a denial" if claim.polarity == "denied" else ""
    where = f"“{claim.heading}”{denied}; behind {listing(list(rules))}"
    return Item(phrase(f"{name.partition('/')[2]}: {claim.paraphrase} ", quiet(f"({where})")))
