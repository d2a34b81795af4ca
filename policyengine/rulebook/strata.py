"""The order of rules: one that tests a mark comes after all that set it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from policyengine.rulebook.rule import Rule


def stratify(rules: Sequence[Rule]) -> tuple[tuple[Rule, ...], list[list[Rule]]]:
    """Give each rule its stratum; returns the rules and the cycles that make this impossible.

    A cycle is a list of rules of which each sets a mark that the next one tests.
    """
    setters: dict[str, list[int]] = {}
    for index, rule in enumerate(rules):
        for mark in rule.sets:
            setters.setdefault(mark, []).append(index)
    before = [sorted({setter for mark in rule.reads for setter in setters.get(mark, [])}) for rule in rules]
    level = _levels(before)
    if len(level) == len(rules):
        return tuple(replace(rule, stratum=level[index]) for index, rule in enumerate(rules)), []
    return tuple(rules), [[rules[index] for index in cycle] for cycle in _cycles(before, level)]


def _levels(before: Sequence[Sequence[int]]) -> dict[int, int]:
    """The level of each rule: one more than the highest that it waits for; none for what waits for a cycle."""
    after: list[list[int]] = [[] for _ in before]
    for index, earlier in enumerate(before):
        for setter in earlier:
            after[setter].append(index)
    missing = [len(earlier) for earlier in before]
    ready = [index for index, count in enumerate(missing) if not count]
    for index in ready:  # grows while it is gone through
        for later in after[index]:
            missing[later] -= 1
            if not missing[later]:
                ready.append(later)
    level: dict[int, int] = {}
    for index in ready:
        level[index] = max((level[setter] + 1 for setter in before[index]), default=0)
    return level


def _cycles(before: Sequence[Sequence[int]], settled: Collection[int]) -> list[list[int]]:
    """One shortest cycle through each group of rules that wait for one another."""
    found: list[list[int]] = []
    covered = set(settled)
    for start in range(len(before)):
        if start in covered:
            continue
        path = _way_back(start, before, settled)
        if path:
            found.append(path)
            covered |= set(path)
    return found


def _way_back(start: int, before: Sequence[Sequence[int]], settled: Collection[int]) -> list[int]:
    """The shortest way from a rule through those it waits for back to itself, setters first."""
    waiting: dict[int, int] = {}
    queue = [start]
    for index in queue:
        for earlier in before[index]:
            if earlier == start:
                return _path(waiting, index, start)
            if earlier not in waiting and earlier not in settled:
                waiting[earlier] = index
                queue.append(earlier)
    return []


def _path(waiting: dict[int, int], first: int, start: int) -> list[int]:
    """The rules from the first setter to the one that all wait for; `waiting` says which waits for each."""
    path = [start]
    while first != start:
        path.append(first)
        first = waiting[first]
    return path
