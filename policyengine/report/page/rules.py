"""The rules of a result: which of them decide, and what each rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from policyengine.analysis.decisive import Change, Weighed, weighed_rules
from policyengine.assess.result import Result
from policyengine.report.names import Names
from policyengine.report.words import listing, what_was_read

MOST_DECISIVE: Final = 5
_WEIGHTIEST: Final = 3
_MOST_CHANGES: Final = 3


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source of claims; `place` numbers it on the page."""

    place: int
    citation: str
    read: str


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim in our own words, and where it stands in its source."""

    paraphrase: str
    denied: bool
    heading: str


@dataclass(frozen=True, slots=True)
class Backing:
    """The claims of one source behind a rule; `again` is the place in the list where it was named in full before."""

    source: SourceLine
    claims: tuple[ClaimLine, ...]
    again: int = 0


@dataclass(frozen=True, slots=True)
class RuleEntry:
    """A rule with its reason and what it rests on; `decides` says whose lead hangs on it, `place` is its number."""

    place: int
    name: str
    nature: str
    why: str
    backing: tuple[Backing, ...]
    decides: tuple[str, ...] = ()


def rule_numbers(result: Result) -> dict[str, int]:
    """A number for each rule on the page."""
    return {rule: number for number, rule in enumerate(result.rules)}


def rule_entries(result: Result) -> tuple[RuleEntry, ...]:
    """Every rule that fired, in the order of packs and names."""
    fired = {each.rule for each in result.firings}
    entry = _Entries(result)
    return tuple(entry.of(rule) for rule in result.rules if rule in fired)


def source_lines(result: Result) -> dict[str, SourceLine]:
    """Every source behind a rule of the result."""
    return {
        name: SourceLine(place, source.citation, what_was_read(source.seen))
        for place, (name, source) in enumerate(result.sources.items())
    }


def decisive_rules(result: Result) -> tuple[RuleEntry, ...]:
    """At most five rules without which somebody else would lead; if there are none, the weightiest three."""
    weighed = weighed_rules(result)
    deciding = [each for each in weighed if each.changes]
    chosen = deciding[:MOST_DECISIVE] or weighed[:_WEIGHTIEST]
    entry = _Entries(result)
    return _named_once([entry.of(each.rule, _decides(result, each)) for each in chosen])


def _named_once(entries: Sequence[RuleEntry]) -> tuple[RuleEntry, ...]:
    """The same, with each source in full only where it is named first."""
    named: dict[int, int] = {}
    found = []
    for number, entry in enumerate(entries, 1):
        backing = tuple(replace(each, again=named.get(each.source.place, 0)) for each in entry.backing)
        for each in backing:
            named.setdefault(each.source.place, number)
        found.append(replace(entry, backing=backing))
    return tuple(found)


class _Entries:
    """Makes entries, with the numbers that rules and sources have on the page."""

    def __init__(self, result: Result) -> None:
        self._result = result
        self._numbers = rule_numbers(result)
        self._sources = source_lines(result)

    def of(self, rule: str, decides: tuple[str, ...] = ()) -> RuleEntry:
        """The entry of a rule."""
        note = self._result.rules[rule]
        by_source: dict[str, list[ClaimLine]] = {}
        for name in note.claims:
            claim = self._result.claims[name]
            line = ClaimLine(claim.paraphrase, claim.polarity == "denied", claim.heading)
            by_source.setdefault(claim.source, []).append(line)
        backing = tuple(Backing(self._sources[source], tuple(claims)) for source, claims in by_source.items())
        return RuleEntry(self._numbers[rule], rule, note.nature, note.why, backing, decides)


def _decides(result: Result, weighed: Weighed) -> tuple[str, ...]:
    """What would be otherwise without the rule, the same change on several layers once."""
    grouped: dict[tuple[str, ...], list[Change]] = {}
    for change in weighed.changes:
        grouped.setdefault(change.leads, []).append(change)
    said = [_without(result, leads, changes) for leads, changes in grouped.items()]
    rest = len(said) - _MOST_CHANGES
    return (*said[:_MOST_CHANGES], *([f"and {rest} more changes"] if rest > 0 else []))


def _without(result: Result, leads: Sequence[str], changes: Sequence[Change]) -> str:
    names = Names(result)
    where = "; ".join(names.places((change.threat, change.layer) for change in changes)[:_MOST_CHANGES])
    who = listing(names.actors(leads), _MOST_CHANGES)
    return f"{who or 'nobody'} would lead on {where}"
