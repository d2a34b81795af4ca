"""How measures, cautions and the labels of burdens differ between two results, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from policyengine.analysis.advice_changes import AdviceChange, VerdictChange
from policyengine.analysis.result_changes import ResultChange
from policyengine.assess.result import BurdenVerdict
from policyengine.report.blocks import Item, Phrase, phrase, quiet, strong, warning
from policyengine.report.words import count, listing, words

ARROW: Final = "→"
_MOST_ABOUT: Final = 5


def from_to(before: str, after: str) -> str:
    """Two values with an arrow between, or one if they are the same."""
    return before if before == after else f"{before} {ARROW} {after}"


def advice_items(change: ResultChange) -> Iterator[Item]:
    """One item for each label, measure and caution that differs."""
    for verdict in change.verdicts:
        yield _verdict(verdict, change.names)
    for advice in change.advice:
        yield _advice(advice, change.names)


def _verdict(change: VerdictChange, names: Mapping[str, str]) -> Item:
    said = from_to(_bases(change.before), _bases(change.after))
    parts = [f"{each.rule} ({each.before} {ARROW} {each.after})" for each in change.parts]
    why = f", by {listing(parts)}" if parts else ""
    who = names[change.jurisdiction]
    return Item(phrase("burden: ", strong(f"{who}, {words(change.label)}"), f": {said}", quiet(why) if why else ""))


def _bases(verdict: BurdenVerdict | None) -> str:
    """Under how many bases a label holds; never the bare label."""
    if verdict is None:
        return "not said"
    unsure = f", undetermined on {verdict.undetermined}" if verdict.undetermined else ""
    return f"under {verdict.holds} of {count(verdict.bases, 'basis', 'bases')}{unsure}"


def _advice(change: AdviceChange, names: Mapping[str, str]) -> Item:
    parties = f": {' with '.join(names[party] for party in change.parties)}" if change.parties else ""
    what = phrase(f"{change.kind}: ", strong(change.text.rstrip(".")), parties)
    if change.before is None:
        return Item(phrase(warning("new "), what, _why(change.after or (), change.rules_after, names)))
    if change.after is None:
        return Item(phrase(warning("dropped "), what, _why(change.before, change.rules_before, names)))
    rules = _more_and_less(change.rules_before, change.rules_after)
    about = _more_and_less(*([_named(each, names) for each in side] for side in (change.before, change.after)))
    told = [f"about {about}" if about else "", f"by {rules}" if rules else ""]
    return Item(phrase(what, "; ", ", ".join(filter(None, told))))


def _why(about: Sequence[str], rules: Sequence[str], names: Mapping[str, str]) -> Phrase:
    named = [_named(each, names) for each in about]
    told = [f"about {listing(named, _MOST_ABOUT)}" if named else "", f"by {listing(rules)}" if rules else ""]
    said = ", ".join(filter(None, told))
    return phrase(quiet(f" ({said})")) if said else ()


def _more_and_less(before: Sequence[str], after: Sequence[str]) -> str:
    """What came and what went."""
    came = [f"+ {each}" for each in after if each not in before]
    went = [f"- {each}" for each in before if each not in after]
    return ", ".join([*came, *went])


def _named(about: str, names: Mapping[str, str]) -> str:
    """The subjects of a firing by name, where they have one."""
    return " / ".join(names.get(part, words(part)) for part in about.split(", "))
