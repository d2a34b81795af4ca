"""Why somebody leads, and why somebody does not, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.assess.result import Standing
from policyengine.explanation import Contribution, Explanation, NotFired, Why
from policyengine.report.blocks import (
    Block,
    Item,
    Items,
    Paragraph,
    Phrase,
    code,
    phrase,
    quiet,
    strong,
    warning,
)
from policyengine.report.names import Names
from policyengine.report.not_fired import verdict
from policyengine.report.words import count, listing, per_cent, points

LEADS = ("lead", "co-lead")
_VERBS = {
    "Support": "supports",
    "Less than a supporting part": "has less than a supporting part",
    "No part": "has no part",
}


def leads(explanation: Explanation, whys: Sequence[Why]) -> Iterator[Block]:
    """The reasons of those who lead one layer."""
    leading = [why for why in whys if why.standing.role in LEADS]
    if not leading:
        yield Paragraph(nobody(explanation, whys))
    for alike in same_reasons(leading):
        yield Paragraph(phrase(*_joined([_standing(explanation, why) for why in alike]), ", because:"))
        yield Items((*map(contribution, alike[0].contributions), *map(_could_bar, alike[0].could_bar)))


def same_reasons(whys: Sequence[Why]) -> list[list[Why]]:
    """Those who stand as they do for the very same reasons, together."""
    grouped: dict[tuple[tuple[Contribution, ...], tuple[NotFired, ...]], list[Why]] = {}
    for why in whys:
        grouped.setdefault((why.contributions, why.could_bar), []).append(why)
    return list(grouped.values())


def _joined(phrases: Sequence[Phrase]) -> Iterator[Phrase | str]:
    for place, each in enumerate(phrases):
        yield "" if place == 0 else ", and " if place == len(phrases) - 1 else ", "
        yield each


def in_full(explanation: Explanation, why: Why) -> Iterator[Block]:
    """Everything about one jurisdiction on one layer."""
    yield Paragraph(phrase(_standing(explanation, why), _behind(why), "."))
    if why.contributions:
        yield Paragraph(phrase("Rules that count here:"))
        yield Items(tuple(contribution(each) for each in why.contributions))
    else:
        yield Paragraph(phrase("No rule gives or takes a point here."))
    if why.could_bar:
        yield Paragraph(phrase("What is not known and could keep it from leading:"))
        yield Items(tuple(map(_could_bar, why.could_bar)))
    if why.not_fired:
        yield Paragraph(phrase("Rules that might have given points and did not:"))
        yield Items(tuple(_rules_not_fired(why.not_fired)))


def nobody(explanation: Explanation, whys: Sequence[Why]) -> Phrase:
    """Why nobody leads a layer."""
    names = Names(explanation.result)
    able = names.actors(why.standing.jurisdiction for why in whys if why.standing.share)
    if able:
        return phrase(f"Nobody leads: {listing(able)} {'have' if len(able) > 1 else 'has'} points but may not lead.")
    return phrase("No recommendation: no rule gives points here.")


def _standing(explanation: Explanation, why: Why) -> Phrase:
    who = strong(Names(explanation.result).actor(why.standing.jurisdiction))
    verbs = {"lead": "leads", "co-lead": "leads with others"}
    verb = verbs.get(why.standing.role) or _VERBS[part_of(why.standing)]
    score = why.standing.score
    amount = "1 point" if points(score) == "1" else f"{points(score)} points"
    if why.standing.share is None:
        return phrase(who, f" {verb}, with {amount}")
    side = f", {per_cent(why.standing.share_of_side)} of its side" if why.standing.share_of_side is not None else ""
    return phrase(who, f" {verb}, with {amount} ({per_cent(why.standing.share)} of all{side})")


def part_of(standing: Standing) -> str:
    """What part somebody has who does not lead."""
    if standing.role == "support":
        return "Support"
    slight = standing.score > 0 and standing.barred != "from layer"
    return "Less than a supporting part" if slight else "No part"


def _behind(why: Why) -> Phrase:
    barred = {"from lead": "; a rule keeps it from leading", "from layer": "; a rule keeps it out", "no": ""}
    behind = f", {points(why.behind)} behind the best lead" if why.behind else ""
    return phrase(behind, warning(barred[why.standing.barred]))


def barred(bar: Contribution) -> str:
    """What a bar does."""
    return "may not lead" if bar.lead_only else "may have no part"


def contribution(each: Contribution) -> Item:
    """A rule that counts, with its reason."""
    if each.bar:
        head = phrase(warning(barred(each)), " by")
    else:
        times = f" ({each.times} times)" if each.times > 1 else ""
        head = phrase(strong(points(each.strength, sign=True)), times)
    return Item(phrase(head, " ", each.rule, quiet(f" ({each.nature})"), f": {each.why}"))


def _could_bar(each: NotFired) -> Item:
    needed = dict.fromkeys(path for part in each.failed for path in part.missing)
    shown = [piece for path in needed for piece in (", ", code(path))][1:]
    return Item(phrase(warning("might be barred"), f" by {each.rule}, undecided; missing: ", *shown))


def _rules_not_fired(rules: Sequence[NotFired]) -> Iterator[Item]:
    """Those that came nearest first; those that speak of other jurisdictions by name only."""
    for each in rules:
        if not each.elsewhere:
            yield verdict(each.rule, each.failed, undecided=each.undecided)
    elsewhere = sorted(each.rule for each in rules if each.elsewhere)
    if elsewhere:
        head = f"{count(len(elsewhere), 'rule')} for jurisdictions of another level or side: "
        yield Item(phrase(head, quiet(", ".join(elsewhere))))
