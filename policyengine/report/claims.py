"""The claims of sources, each with the rules and parameters that carry it or the reason why none does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from typing import Any

from policyengine.report.blocks import (
    Block,
    Heading,
    Item,
    Items,
    Paragraph,
    Phrase,
    Title,
    phrase,
    quiet,
    strong,
    warning,
)
from policyengine.report.words import count, listing, what_was_read
from policyengine.rulebook.rule import Rulebook


@dataclass(frozen=True, slots=True)
class CarriedClaim:
    """A claim with what carries it: rules as `pack/rule`, parameters as `pack/name`."""

    claim: str
    source: str
    heading: str
    position: int
    kind: str
    polarity: str
    paraphrase: str
    rules: tuple[str, ...]
    parameters: tuple[str, ...]
    excuse: str | None

    @property
    def carried(self) -> bool:
        """Whether anything carries it."""
        return bool(self.rules or self.parameters)


def carried_claims(rulebook: Rulebook, source: str | None = None, *, uncarried: bool = False) -> list[CarriedClaim]:
    """The claims of all sources, or of one, in their order; with `uncarried`, those that nothing carries."""
    rules: dict[str, list[str]] = {}
    for rule in rulebook.rules:
        for claim in rule.claims:
            rules.setdefault(claim, []).append(rule.name)
    parameters: dict[str, list[str]] = {}
    for key, parameter in rulebook.parameters.items():
        name, _, pack = key.partition("@")
        parameters.setdefault(parameter.claim or "", []).append(f"{pack}/{name}")
    found = [
        CarriedClaim(
            claim=name,
            source=name.partition("/")[0],
            heading=claim.heading,
            position=claim.position,
            kind=claim.kind,
            polarity=claim.polarity,
            paraphrase=claim.paraphrase,
            rules=tuple(rules.get(name, ())),
            parameters=tuple(parameters.get(name, ())),
            excuse=claim.excuse,
        )
        for name, claim in rulebook.claims.items()
        if source is None or name.partition("/")[0] == source
    ]
    return [claim for claim in found if not (uncarried and claim.carried)]


def claims_data(claims: Sequence[CarriedClaim]) -> list[dict[str, Any]]:
    """The claims as plain data."""
    return [asdict(claim) for claim in claims]


def claims_report(rulebook: Rulebook, claims: Sequence[CarriedClaim]) -> Iterator[Block]:
    """The claims, source by source and heading by heading."""
    yield Title("Claims and what carries them")
    holes = sum(not claim.carried and not claim.excuse for claim in claims)
    lost = f", {holes} of them without a written reason" if holes else ""
    bare = sum(not claim.carried for claim in claims)
    yield Paragraph(phrase(f"{count(len(claims), 'claim')}; {bare} carried by no rule or parameter{lost}."))
    for name, of_source in groupby(claims, key=lambda claim: claim.source):
        source = rulebook.sources[name]
        yield Heading(name)
        yield Paragraph(phrase(f"{source.citation} ({what_was_read(source.seen)})"))
        for heading, under in groupby(of_source, key=lambda claim: claim.heading):
            yield Heading(heading, 2)
            yield Items(tuple(map(_claim, under)))


def _claim(claim: CarriedClaim) -> Item:
    denied = " denied," if claim.polarity == "denied" else ""
    head = phrase(strong(claim.claim.partition("/")[2]), quiet(f" ({claim.kind},{denied} number {claim.position})"))
    return Item(phrase(head, f": {claim.paraphrase}"), tuple(map(Item, _carriers(claim))))


def _carriers(claim: CarriedClaim) -> Iterator[Phrase]:
    if claim.rules:
        yield phrase(f"carried by {listing(claim.rules)}")
    if claim.parameters:
        yield phrase(f"gives {'parameter' if len(claim.parameters) == 1 else 'parameters'} {listing(claim.parameters)}")
    if claim.excuse:
        yield phrase("no rule: " if not claim.carried else "note: ", claim.excuse)
    elif not claim.carried:
        yield (warning("carried by nothing, and no reason is written"),)
