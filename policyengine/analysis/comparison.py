"""Two sets of results side by side: pairs of one name are compared, each pair read when its turn comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from policyengine.analysis.fact_changes import FactChange
from policyengine.analysis.result_changes import ResultChange, compare_results, largest_first
from policyengine.assess.result import Result
from policyengine.errors import InputError, Problem
from policyengine.lang.show import number_text

Load = Callable[[], Result]


@dataclass(frozen=True, slots=True)
class Side:
    """One of two sets of results: how it was given, and for each name how its result is had."""

    label: str
    results: Mapping[str, Load]


@dataclass(frozen=True, slots=True)
class Unpaired:
    """What is not compared: its name, and why each side lacks it; None where it is there."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two sides. `changes` are largest first; `basis` says what they were made from otherwise.

    `basis` counts in how many pairs each difference is found.
    """

    before: str
    after: str
    basis: Mapping[str, int]
    facts: tuple[FactChange, ...]
    changes: tuple[ResultChange, ...]
    unchanged: int
    unpaired: tuple[Unpaired, ...]

    @property
    def leads(self) -> int:
        """In how many pairs a lead differs."""
        return sum(bool(change.leads) for change in self.changes)


Pair = tuple[str, Load | None, Load | None]


def pairs_of(before: Side, after: Side) -> list[Pair]:
    """What is compared with what: results of one name; a single result with a single one, whatever they are called."""
    old, new = before.results, after.results
    if len(old) == len(new) == 1:
        (one, first), (other, second) = *old.items(), *new.items()
        return [(one if one == other else f"{one} → {other}", first, second)]
    return [(name, old.get(name), new.get(name)) for name in sorted(old.keys() | new)]


def compare_sides(before: Side, after: Side, pairs: Iterable[Pair], facts: tuple[FactChange, ...] = ()) -> Comparison:
    """Compare pair by pair."""
    basis: Counter[str] = Counter()
    changes: list[ResultChange] = []
    unpaired: list[Unpaired] = []
    same = 0
    for name, first, second in pairs:
        was, now = _attempt(first), _attempt(second)
        if isinstance(was, str) or isinstance(now, str):
            unpaired.append(
                Unpaired(name, was if isinstance(was, str) else None, now if isinstance(now, str) else None)
            )
            continue
        basis.update(set(_basis(was, now)))
        change = compare_results(was, now, name)
        same += not change.anything
        changes += [change] if change.anything else []
    ordered = dict(sorted(basis.items(), key=lambda each: (-each[1], each[0])))
    return Comparison(
        before.label, after.label, ordered, facts, tuple(largest_first(changes)), same, tuple(unpaired)
    )  # fmt: skip


def _attempt(load: Load | None) -> Result | str:
    if load is None:
        return "it is not there"
    try:
        return load()
    except InputError as error:
        return _told(error.problems)


def _told(problems: Iterable[Problem]) -> str:
    # That there are more problems than are shown stands first in a file, and tells nothing.
    problem = next(each for each in problems if each.code != "S039")
    line = f" in line {problem.span.line}" if problem.span and problem.span.line else ""
    return f"{problem.message}{line}"


def _basis(before: Result, after: Result) -> Iterator[str]:
    """In what two results differ before any scenario is looked at: version, packs, parameters, changes by packs."""
    if before.version != after.version:
        yield f"version of policyengine: {before.version} → {after.version}"
    old, new = ({pack.id: pack for pack in result.packs} for result in (before, after))
    yield from (f"pack {pack}: only before" for pack in old.keys() - new)
    yield from (f"pack {pack}: only after" for pack in new.keys() - old)
    for pack in old.keys() & new:
        was, now = old[pack], new[pack]
        if was.sha256 != now.sha256:
            yield f"pack {pack}: {was.version} ({was.sha256[:12]}) → {now.version} ({now.sha256[:12]})"
    for name in before.parameters.keys() & after.parameters:
        one, other = before.parameters[name], after.parameters[name]
        if one != other:
            yield f"parameter {name}: {number_text(one)} → {number_text(other)}"
    off_before, off_after = ({each.rule for each in result.switched_off} for result in (before, after))
    yield from (f"rule {rule}: switched off only before" for rule in off_before - off_after)
    yield from (f"rule {rule}: switched off only after" for rule in off_after - off_before)
