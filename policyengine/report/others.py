"""In short, why the others do not lead: each reason once, for all of those for whom it holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from policyengine.explanation import NEAREST, Contribution, Failed, NotFired, Why
from policyengine.report.blocks import Block, Item, Items, Paragraph, Phrase, code, phrase, quiet, strong
from policyengine.report.facts import Facts
from policyengine.report.names import Names
from policyengine.report.not_fired import verdict
from policyengine.report.why import LEADS, contribution, part_of
from policyengine.report.words import listing, points

_MOST_NAMED = 3

_Who = tuple[str, ...]
_Failures = tuple[tuple[str, tuple[tuple[str, str], ...], float | None], ...]


def others(whys: Sequence[Why], facts: Facts) -> Iterator[Block]:
    """Who else has how many points on one layer, what speaks against each, and the rules that came nearest.

    `facts` are of the result that is explained.
    """
    following = [why for why in whys if why.standing.role not in LEADS]
    if not following:
        return
    if any(why.standing.score for why in whys):
        yield Paragraph(_standings(whys, facts.names))
    everybody = tuple(why.standing.jurisdiction for why in following)
    items = [*_against(following), *_nearest(following, facts)]
    if items:
        yield Items(tuple(_item(facts.names, everybody, who, said) for who, said in items))


def how_many_are_named() -> Paragraph:
    """What is to be said once of all these short accounts."""
    command = code("policyengine explain SCENARIO --jurisdiction ID")
    note = f"Of the rules that did not fire, the {NEAREST} that came nearest to each jurisdiction are named; "
    return Paragraph(phrase(quiet(note), command, quiet(" names all.")))


def _standings(whys: Sequence[Why], names: Names) -> Phrase:
    """The points of all who do not lead, by what part they have, beside those of the best lead."""
    best = max((why.standing.score for why in whys if why.standing.role in LEADS), default=None)
    head = f"The best lead has {_amount(best)}." if best is not None else ""
    parts: dict[str, list[Phrase]] = {}
    for why in whys:
        if why.standing.role not in LEADS:
            score = why.standing.score
            who = phrase(strong(names.actor(why.standing.jurisdiction)), f" with {_amount(score)}" if score else "")
            parts.setdefault(part_of(why.standing), []).append(who)
    said = [phrase(" " if head else "", f"{part}: ", *_listed(who), ".") for part, who in parts.items()]
    return phrase(head, *said)


def _amount(score: int) -> str:
    return "1 point" if points(score) == "1" else f"{points(score)} points"


def _listed(phrases: Sequence[Phrase]) -> Iterator[Phrase | str]:
    for place, each in enumerate(phrases):
        yield "" if place == 0 else ", "
        yield each


def _against(whys: Sequence[Why]) -> Iterator[tuple[_Who, Item]]:
    """Rules that bar or take points."""
    found: dict[Contribution, list[str]] = {}
    for why in whys:
        for each in why.contributions:
            if each.bar or each.strength < 0:
                found.setdefault(each, []).append(why.standing.jurisdiction)
    for each in sorted(found, key=lambda each: not each.bar):
        yield tuple(found[each]), contribution(each)


def _nearest(whys: Sequence[Why], facts: Facts) -> Iterator[tuple[_Who, Item]]:
    """Rules that did not fire, undecided ones first; those that failed alike for the same jurisdictions together."""
    alike: dict[tuple[str, bool, _Failures], list[tuple[str, NotFired]]] = {}
    for why in whys:
        for each in [each for each in why.not_fired if not each.elsewhere][:NEAREST]:
            key = each.rule, each.undecided, _failures(each)
            alike.setdefault(key, []).append((why.standing.jurisdiction, each))
    together: dict[tuple[bool, _Who, tuple[Failed, ...]], list[str]] = {}
    for (rule, undecided, _), found in alike.items():
        who = tuple(jurisdiction for jurisdiction, _ in found)
        failed = tuple(map(_merged, zip(*(each.failed for _, each in found), strict=True)))
        together.setdefault((undecided, who, failed), []).append(rule)
    for undecided, who, failed in sorted(together, key=lambda key: not key[0]):
        rules = together[undecided, who, failed]
        yield who, verdict(listing(rules), failed, undecided=undecided, facts=facts)


def _failures(rule: NotFired) -> _Failures:
    """What failed, but for what it lacks."""
    return tuple((part.text, () if part.missing else part.seen, part.distance) for part in rule.failed)


def _merged(parts: Sequence[Failed]) -> Failed:
    """The same part of a condition for several jurisdictions: what any of them lacks."""
    if len(parts) == 1:
        return parts[0]
    missing = tuple(dict.fromkeys(path for part in parts for path in part.missing))
    return replace(parts[0], seen=() if missing else parts[0].seen, missing=missing)


def _item(names: Names, everybody: _Who, who: _Who, said: Item) -> Item:
    named = "All of them" if who == everybody and len(who) > _MOST_NAMED else listing(names.actors(who))
    return Item(phrase(strong(named), ": ", said.phrase), said.inner)
