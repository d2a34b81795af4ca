"""Which rules set a mark and which test it: the order in which rules build on one another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from policyengine.rulebook.rule import Rule


@dataclass(frozen=True, slots=True)
class MarkGraph:
    """Rules and marks with the steps between them.

    `rules` are those that set or test a mark, in order; `marks` as effects name them; `sets` leads from
    rules to marks and `tests` from marks to rules, by name.
    """

    rules: tuple[Rule, ...]
    marks: tuple[str, ...]
    sets: tuple[tuple[str, str], ...]
    tests: tuple[tuple[str, str], ...]

    def column(self, name: str) -> int:
        """How far from the beginning a rule or mark stands: rules of stratum s at 2s, marks between them."""
        strata = {rule.name: rule.stratum for rule in self.rules}
        if name in strata:
            return 2 * strata[name]
        return 1 + max((2 * strata[rule] for rule, mark in self.sets if mark == name), default=-2)


def mark_graph(rules: Iterable[Rule], only: str | None = None) -> MarkGraph:
    """The graph of rules; with `only`, of the rule of that name and all that it builds on or that builds on it."""
    linked = [rule for rule in rules if rule.sets or rule.reads]
    kept = linked if only is None else _around(linked, only)
    sets = tuple((rule.name, mark) for rule in kept for mark in sorted(rule.sets))
    tests = tuple((mark, rule.name) for rule in kept for mark in sorted(rule.reads))
    marks = dict.fromkeys([*(mark for _, mark in sets), *(mark for mark, _ in tests)])
    return MarkGraph(tuple(kept), tuple(marks), sets, tests)


def _around(rules: Sequence[Rule], only: str) -> list[Rule]:
    before = _reach(rules, only, forward=False)
    after = _reach(rules, only, forward=True)
    return [rule for rule in rules if rule.name in before | after]


def _reach(rules: Sequence[Rule], start: str, *, forward: bool) -> set[str]:
    """The rules that can be reached from one over marks, itself included."""
    found, size = {start}, 0
    while len(found) > size:
        size = len(found)
        inside = [rule for rule in rules if rule.name in found]
        marks = {mark for rule in inside for mark in (rule.sets if forward else rule.reads)}
        found |= {rule.name for rule in rules if marks & (rule.reads if forward else rule.sets)}
    return found
