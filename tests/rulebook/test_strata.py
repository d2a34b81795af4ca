"""Rules run after those that set the marks they test, however many build on one another."""

from __future__ import annotations

from dataclasses import replace

from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.rulebook.strata import stratify


def chain(small_rulebook: Rulebook, length: int) -> list[Rule]:
    """Rules of which each tests the mark that the one before it sets, the last one first."""
    (rule,) = small_rulebook.rules
    return [
        replace(rule, id=f"r{place}", sets=frozenset({f"m{place}"}), reads=frozenset({f"m{place - 1}"}))
        for place in reversed(range(length))
    ]


def test_each_rule_of_a_long_chain_runs_one_step_later(small_rulebook: Rulebook) -> None:
    ordered, cycles = stratify(chain(small_rulebook, 1_500))
    assert not cycles
    assert [rule.stratum for rule in ordered] == list(reversed(range(1_500)))


def test_of_a_chain_that_begins_in_a_circle_only_the_circle_is_told(small_rulebook: Rulebook) -> None:
    rules = chain(small_rulebook, 400)
    rules[-1] = replace(rules[-1], reads=frozenset({"m2"}))
    _, cycles = stratify(rules)
    assert [sorted(rule.id for rule in cycle) for cycle in cycles] == [["r0", "r1", "r2"]]


def test_circles_apart_are_told_each_once(small_rulebook: Rulebook) -> None:
    rules = chain(small_rulebook, 6)
    rules[-1] = replace(rules[-1], reads=frozenset({"m1", "m2"}))
    rules[0] = replace(rules[0], reads=frozenset({"m4", "m5"}))
    _, cycles = stratify(rules)
    assert [sorted(rule.id for rule in cycle) for cycle in cycles] == [["r5"], ["r0", "r1", "r2"]]
