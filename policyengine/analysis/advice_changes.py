"""What two results recommend, warn of and say of burdens: what is new, gone or said otherwise, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from policyengine.assess.result import BurdenVerdict, Caution, Measure, Result

Said = tuple[str, ...]
Kind = Literal["measure", "caution"]


@dataclass(frozen=True, slots=True)
class AdviceChange:
    """A measure or a caution that one result gives and the other does not, or gives otherwise.

    `parties` are those of a measure. `before` and `after` are what it is for or about: the threats of a measure, the
    subjects of a caution; None where it is not given. The rules are those that give it.
    """

    kind: Kind
    text: str
    parties: Said
    before: Said | None
    after: Said | None
    rules_before: Said
    rules_after: Said


@dataclass(frozen=True, slots=True)
class LabelPart:
    """Under how many bases one rule gives a label, before and after."""

    rule: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class VerdictChange:
    """A label of a burden that holds under another number of bases, or is undetermined on another number.

    None where a result does not have it: no rule gives it there or might. `parts` are the rules that make the
    difference; two rules may give the same label on one basis, so they need not add up to it.
    """

    jurisdiction: str
    label: str
    before: BurdenVerdict | None
    after: BurdenVerdict | None
    parts: tuple[LabelPart, ...]


def advice_changes(before: Result, after: Result) -> Iterator[AdviceChange]:
    """Measures first, then cautions, each in the order of the later result; what is gone stands last."""
    old, new = ({(each.text, each.parties): each for each in result.measures} for result in (before, after))
    for text, parties in dict.fromkeys([*new, *old]):
        was, now = old.get((text, parties)), new.get((text, parties))
        rules = _rules(before, was), _rules(after, now)
        yield from _differs(AdviceChange("measure", text, parties, _threats(was), _threats(now), *rules))
    warned, warns = ({each.text: each for each in result.cautions} for result in (before, after))
    for text in dict.fromkeys([*warns, *warned]):
        one, other = warned.get(text), warns.get(text)
        rules = _sorted(one.rules if one else ()), _sorted(other.rules if other else ())
        yield from _differs(AdviceChange("caution", text, (), _about(one), _about(other), *rules))


def _differs(change: AdviceChange) -> Iterator[AdviceChange]:
    if (change.before, change.rules_before) != (change.after, change.rules_after):
        yield change


def _rules(result: Result, measure: Measure | None) -> Said:
    return _sorted(result.firings[place].rule for place in measure.firings) if measure else ()


def _threats(measure: Measure | None) -> Said | None:
    return _sorted(measure.threats) if measure else None


def _about(caution: Caution | None) -> Said | None:
    return _sorted(caution.about) if caution else None


def _sorted(said: Iterable[str]) -> Said:
    return tuple(sorted(set(said)))


def verdict_changes(before: Result, after: Result) -> Iterator[VerdictChange]:
    """The labels whose numbers of bases differ, jurisdiction by jurisdiction."""
    old, new = ({(v.jurisdiction, v.label): v for v in result.burden_verdicts} for result in (before, after))
    for place in sorted(old.keys() | new):
        was, now = old.get(place), new.get(place)
        if _numbers(was) != _numbers(now):
            yield VerdictChange(*place, was, now, tuple(_parts(_given(before, was), _given(after, now))))


def _numbers(verdict: BurdenVerdict | None) -> tuple[int, ...] | None:
    return None if verdict is None else (verdict.holds, verdict.bases, verdict.undetermined)


def _given(result: Result, verdict: BurdenVerdict | None) -> Counter[str]:
    return Counter(result.firings[place].rule for place in (verdict.firings if verdict else ()))


def _parts(was: Counter[str], now: Counter[str]) -> Iterator[LabelPart]:
    for rule in sorted(was.keys() | now):
        if was[rule] != now[rule]:
            yield LabelPart(rule, was[rule], now[rule])


def with_rules(result: Result, name_of: Callable[[str], str]) -> Result:
    """The cautions of a result with other names for their rules; those of measures and labels follow the firings."""
    cautions = tuple(replace(each, rules=tuple(map(name_of, each.rules))) for each in result.cautions)
    return replace(result, cautions=cautions)


def with_threat(result: Result, old: str, new: str) -> Result:
    """The advice of a result with its only threat under another id."""

    def named(about: str) -> str:
        return ", ".join(new if part == old else part for part in about.split(", "))

    return replace(
        result,
        measures=tuple(replace(m, threats=tuple(map(named, m.threats))) for m in result.measures),
        cautions=tuple(replace(c, about=tuple(map(named, c.about))) for c in result.cautions),
    )
