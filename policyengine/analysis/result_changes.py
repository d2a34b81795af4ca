"""Two results side by side: everything that differs, layer by layer, largest first, each with the rules behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from policyengine.analysis.advice_changes import (
    AdviceChange,
    VerdictChange,
    advice_changes,
    verdict_changes,
    with_rules,
    with_threat,
)
from policyengine.analysis.attribution import RulePart, StandingChange, attribute, together
from policyengine.analysis.rule_changes import SAME_NAMES, Renaming
from policyengine.assess.result import Cell, Fired, ModelRank, Result


@dataclass(frozen=True, slots=True)
class CellChange:
    """One layer for one threat that differs; None where a result does not have it. Standings are largest first."""

    threat: str
    layer: str
    before: Cell | None
    after: Cell | None
    standings: tuple[StandingChange, ...]

    @property
    def leads(self) -> bool:
        """Whether the leads differ."""
        return set(_leads(self.before)) != set(_leads(self.after))

    @property
    def size(self) -> int:
        """The greatest difference of a score, in millionths of a point."""
        return max((abs(each.difference) for each in self.standings), default=0)


@dataclass(frozen=True, slots=True)
class ModelChange:
    """A model with other points or another rank; the parts add up exactly to the difference of the points."""

    model: str
    before: ModelRank | None
    after: ModelRank | None
    parts: tuple[RulePart, ...]

    @property
    def difference(self) -> int:
        """By how much the points differ: exactly the sum of the parts."""
        return sum(part.difference for part in self.parts)


@dataclass(frozen=True, slots=True)
class FiringChange:
    """How many firings of a rule appear, vanish, or have another strength."""

    rule: str
    appear: int
    vanish: int
    differ: int


@dataclass(frozen=True, slots=True)
class ResultChange:
    """All that differs between two results; `names` are of the jurisdictions and threats of both."""

    id: str
    title: str
    names: Mapping[str, str]
    cells: tuple[CellChange, ...]
    models: tuple[ModelChange, ...]
    firings: tuple[FiringChange, ...]
    advice: tuple[AdviceChange, ...]
    verdicts: tuple[VerdictChange, ...]

    @property
    def anything(self) -> bool:
        """Whether anything differs."""
        return bool(self.cells or self.models or self.firings or self.advice or self.verdicts)

    @property
    def leads(self) -> int:
        """On how many layers the leads differ."""
        return sum(cell.leads for cell in self.cells)

    @property
    def size(self) -> int:
        """The greatest difference of a score, in millionths of a point."""
        return max((cell.size for cell in self.cells), default=0)


def compare_results(before: Result, after: Result, name: str, renaming: Renaming = SAME_NAMES) -> ResultChange:
    """Tell what differs; `name` is what the pair is called.

    Threats and jurisdictions are told apart by their ids; where each result has one threat, it is compared with the
    other's whatever they are called.
    """
    before = _with_threat_of(_renamed(before, renaming), after)
    named = [*before.threats, *after.threats, *before.jurisdictions, *after.jurisdictions]
    return ResultChange(
        id=name,
        title=after.scenario.title,
        names={each.id: each.name for each in named},
        cells=_cells(before, after),
        models=tuple(_models(before, after)),
        firings=tuple(_firings(before.firings, after.firings)),
        advice=tuple(advice_changes(before, after)),
        verdicts=tuple(verdict_changes(before, after)),
    )


def largest_first(changes: Iterable[ResultChange]) -> list[ResultChange]:
    """Results with more changed leads first, then those with greater differences."""
    return sorted(changes, key=lambda change: (-change.leads, -change.size, not change.anything, change.id))


def _renamed(result: Result, renaming: Renaming) -> Result:
    if renaming.before == renaming.after:
        return result
    firings = tuple(replace(each, rule=renaming.rule(each.rule)) for each in result.firings)
    return with_rules(replace(result, firings=firings), renaming.rule)


def _with_threat_of(before: Result, after: Result) -> Result:
    """`before` with its only threat under the id of the other's only one."""
    if len(before.threats) != 1 or len(after.threats) != 1 or before.threats[0].id == after.threats[0].id:
        return before
    threat = after.threats[0].id
    firings = [
        replace(each, subject=each.subject | {"threat": threat}) if "threat" in each.subject else each
        for each in before.firings
    ]
    views = [replace(view, cells=tuple(replace(cell, threat=threat) for cell in view.cells)) for view in before.views]
    advised = with_threat(before, before.threats[0].id, threat)
    return replace(advised, threats=after.threats, firings=tuple(firings), views=tuple(views))


def _leads(cell: Cell | None) -> tuple[str, ...]:
    return cell.leads if cell else ()


def _cells(before: Result, after: Result) -> tuple[CellChange, ...]:
    standings: dict[tuple[str, str], list[StandingChange]] = {}
    for each in attribute(before, after).standings:
        standings.setdefault(each.place[:2], []).append(each)
    old, new = ({(cell.threat, cell.layer): cell for cell in together(each).cells} for each in (before, after))
    found = [
        CellChange(*place, old.get(place), new.get(place), tuple(standings.get(place, ())))
        for place in dict.fromkeys([*new, *old])
        if place in standings or _shown(old.get(place)) != _shown(new.get(place))
    ]
    return tuple(sorted(found, key=lambda change: (not change.leads, -change.size)))


def _shown(cell: Cell | None) -> tuple[object, ...]:
    """What a reader sees of a layer beside its standings; one that nothing is said of is like one that is not there."""
    if cell is None or not (cell.standings or not cell.settled):
        return ()
    return frozenset(cell.leads), cell.mode, cell.settled


def _models(before: Result, after: Result) -> Iterator[ModelChange]:
    old, new = ({each.model: each for each in together(result).models} for result in (before, after))
    changes = []
    for model in sorted(old.keys() | new):
        was, now = old.get(model), new.get(model)
        parts = _parts(_favours(before, was), _favours(after, now))
        if parts or (was and now and (was.rank, _doubt(was)) != (now.rank, _doubt(now))):
            changes.append(ModelChange(model, was, now, parts))
    yield from sorted(changes, key=lambda change: -abs(change.difference))


def _doubt(rank: ModelRank) -> bool:
    return rank.settled is False


def _favours(result: Result, rank: ModelRank | None) -> Counter[str]:
    points: Counter[str] = Counter()
    for number in rank.firings if rank else ():
        points[result.firings[number].rule] += result.firings[number].strength
    return points


def _parts(was: Counter[str], now: Counter[str]) -> tuple[RulePart, ...]:
    parts = [RulePart(rule, was[rule], now[rule]) for rule in sorted(was.keys() | now)]
    return tuple(sorted((part for part in parts if part.difference), key=lambda part: -abs(part.difference)))


_What = tuple[str, str, str, tuple[tuple[str, str], ...]]


def _firings(before: Iterable[Fired], after: Iterable[Fired]) -> Iterator[FiringChange]:
    """Firings are the same if rule, kind, target and subject are; the number of the effect in its rule is not asked."""
    old, new = _strengths(before), _strengths(after)
    counts: dict[str, Counter[str]] = {}
    for what in dict.fromkeys([*old, *new]):
        was, now = old.get(what, []), new.get(what, [])
        both = min(len(was), len(now))
        count = counts.setdefault(what[0], Counter())
        count["appear"] += len(now) - both
        count["vanish"] += len(was) - both
        count["differ"] += sum(one != other for one, other in zip(sorted(was), sorted(now), strict=False))
    for rule in sorted(counts):
        count = counts[rule]
        if count.total():
            yield FiringChange(rule, count["appear"], count["vanish"], count["differ"])


def _strengths(firings: Iterable[Fired]) -> dict[_What, list[int]]:
    found: dict[_What, list[int]] = {}
    for each in firings:
        what = each.rule, each.kind, each.target, tuple(sorted(each.subject.items()))
        found.setdefault(what, []).append(each.strength)
    return found
