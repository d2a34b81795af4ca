"""The order of rules: one that tests a mark comes after all that set it."""

from __future__ import annotations

from collections.abc import Sequence
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
    level = [0] * len(rules)
    for _ in range(len(rules) + 1):
        raised = [max((level[setter] + 1 for setter in before[index]), default=0) for index in range(len(rules))]
        if raised == level:
            return tuple(replace(rule, stratum=level[index]) for index, rule in enumerate(rules)), []
        level = raised
    return tuple(rules), [[rules[index] for index in cycle] for cycle in _cycles(before)]


def _cycles(before: Sequence[Sequence[int]]) -> list[list[int]]:
    """One shortest cycle through each group of rules that wait for one another."""
    found: list[list[int]] = []
    covered: set[int] = set()
    for start in range(len(before)):
        if start in covered:
            continue
        path = _way_back(start, before)
        if path:
            found.append(path)
            covered |= set(path)
    return found


def _way_back(start: int, before: Sequence[Sequence[int]]) -> list[int]:
    """The shortest way from a rule through those it waits for back to itself, setters first."""
    paths = {index: [index] for index in before[start]}
    queue = list(before[start])
    for index in queue:
        if index == start:
            return list(reversed(paths[index]))
        for earlier in before[index]:
            if earlier not in paths:
                paths[earlier] = [*paths[index], earlier]
                queue.append(earlier)
    return []
