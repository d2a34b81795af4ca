"""Why somebody leads, and why somebody does not, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.explanation import NEAREST, Contribution, Explanation, NotFired, Why
from policyengine.report.blocks import (
    Block,
    Heading,
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
from policyengine.report.not_fired import reasons
from policyengine.report.words import count, listing, per_cent, points

_LEADS = ("lead", "co-lead")


def leads(explanation: Explanation, whys: Sequence[Why]) -> Iterator[Block]:
    """The reasons of those who lead one layer."""
    leading = [why for why in whys if why.standing.role in _LEADS]
    if not leading:
        yield Paragraph(_nobody(explanation, whys))
    for alike in same_reasons(leading):
        yield Paragraph(phrase(*_joined([_standing(explanation, why) for why in alike]), ", because:"))
        yield Items((*map(_contribution, alike[0].contributions), *map(_could_bar, alike[0].could_bar)))


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


def others(explanation: Explanation, whys: Sequence[Why]) -> Iterator[Block]:
    """In short, why the others do not lead: what speaks against them, and the rules that came nearest."""
    following = [why for why in whys if why.standing.role not in _LEADS]
    if following:
        yield Heading("Why not the others", 2)
        yield Items(tuple(_in_short(explanation, why) for why in following))


def in_full(explanation: Explanation, why: Why) -> Iterator[Block]:
    """Everything about one jurisdiction on one layer."""
    yield Paragraph(phrase(_standing(explanation, why), _behind(why), "."))
    if why.contributions:
        yield Paragraph(phrase("Rules that count here:"))
        yield Items(tuple(_contribution(each) for each in why.contributions))
    else:
        yield Paragraph(phrase("No rule gives or takes a point here."))
    if why.could_bar:
        yield Paragraph(phrase("What is not known and could keep it from leading:"))
        yield Items(tuple(map(_could_bar, why.could_bar)))
    if why.not_fired:
        yield Paragraph(phrase("Rules that might have given points and did not:"))
        yield Items(tuple(_rules_not_fired(why.not_fired)))


def _nobody(explanation: Explanation, whys: Sequence[Why]) -> Phrase:
    names = Names(explanation.result)
    able = names.actors(why.standing.jurisdiction for why in whys if why.standing.share)
    if able:
        return phrase(f"Nobody leads: {listing(able)} {'have' if len(able) > 1 else 'has'} points but may not lead.")
    return phrase("No recommendation: no rule gives points here.")


def _standing(explanation: Explanation, why: Why) -> Phrase:
    who = strong(Names(explanation.result).actor(why.standing.jurisdiction))
    verbs = {"lead": "leads", "co-lead": "leads with others", "support": "supports", "none": "has no part"}
    verb = verbs[why.standing.role]
    if why.standing.role == "none" and why.standing.score > 0 and why.standing.barred != "from layer":
        verb = "has less than a supporting part"
    score = why.standing.score
    amount = "1 point" if points(score) == "1" else f"{points(score)} points"
    if why.standing.share is None:
        return phrase(who, f" {verb}, with {amount}")
    side = f", {per_cent(why.standing.share_of_side)} of its side" if why.standing.share_of_side is not None else ""
    return phrase(who, f" {verb}, with {amount} ({per_cent(why.standing.share)} of all{side})")


def _behind(why: Why) -> Phrase:
    barred = {"from lead": "; a rule keeps it from leading", "from layer": "; a rule keeps it out", "no": ""}
    behind = f", {points(why.behind)} behind the best lead" if why.behind else ""
    return phrase(behind, warning(barred[why.standing.barred]))


def _contribution(each: Contribution) -> Item:
    if each.bar:
        head: Phrase = (warning("may not"),)
    else:
        times = f" ({each.times} times)" if each.times > 1 else ""
        head = phrase(strong(points(each.strength, sign=True)), times)
    return Item(phrase(head, " ", each.rule, quiet(f" ({each.nature})"), f": {each.why}"))


def _could_bar(each: NotFired) -> Item:
    needed = dict.fromkeys(path for part in each.failed for path in part.missing)
    shown = [piece for path in needed for piece in (", ", code(path))][1:]
    return Item(phrase(warning("might be barred"), f" by {each.rule}, undecided; missing: ", *shown))


def _in_short(explanation: Explanation, why: Why) -> Item:
    against = [_contribution(each) for each in why.contributions if each.bar or each.strength < 0]
    near = [each for each in why.not_fired if not each.elsewhere]
    shown = [_not_fired(each) for each in near[:NEAREST]]
    rest = len(why.not_fired) - len(shown)
    more = [Item((quiet(f"and {count(rest, 'more rule')} that did not fire; explain --jurisdiction "
                        f"{why.standing.jurisdiction} shows all"),))] if rest else []  # fmt: skip
    return Item(phrase(_standing(explanation, why), _behind(why)), (*against, *shown, *more))


def _rules_not_fired(rules: Sequence[NotFired]) -> Iterator[Item]:
    """Those that came nearest first; those that speak of other jurisdictions by name only."""
    for each in rules:
        if not each.elsewhere:
            yield _not_fired(each)
    elsewhere = sorted(each.rule for each in rules if each.elsewhere)
    if elsewhere:
        head = f"{count(len(elsewhere), 'rule')} for jurisdictions of another level or side: "
        yield Item(phrase(head, quiet(", ".join(elsewhere))))


def _not_fired(each: NotFired) -> Item:
    verdict = warning("undecided") if each.undecided else "did not fire"
    said = list(reasons(each))
    if len(said) == 1:
        return Item(phrase(each.rule, " ", verdict, ": ", said[0]))
    return Item(phrase(each.rule, " ", verdict, ":"), tuple(map(Item, said)))
