"""What the checks of quality share: the rulebook, the packs that were asked for, and proofs about its conditions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple

from policyengine.lang.check import Checked, check
from policyengine.lang.nodes import Node
from policyengine.lang.show import show
from policyengine.lang.types import Boolean
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.reasoning.proofs import Prover
from policyengine.rulebook.reasoning.ranges import Ranges, ranges_of
from policyengine.rulebook.reasoning.witness import Evaluate, Values, cases, facts_at_large, records
from policyengine.rulebook.rule import Pack, Rule, Rulebook

_MOST_CASES = 22
"""So many facts are tried against a conclusion before a proof of it is looked for."""


class Case(NamedTuple):
    """Values of the names of a condition, and the records that it is evaluated for."""

    values: Values
    facts: dict[str, Any]


@dataclass
class Study:
    """A rulebook under examination; only the packs `asked` for are reported on.

    `evaluate` confirms the facts that a finding shows; without it none are shown. `broken` are packs of which some file
    could not be read: what they lack may stand in there. `readers` are rules of packs that are not examined themselves,
    and may use what these declare.
    """

    rulebook: Rulebook
    asked: frozenset[str]
    evaluate: Evaluate | None = None
    broken: Collection[str] = field(default_factory=frozenset)
    readers: tuple[Rule, ...] = ()
    _read: dict[str, Checked] = field(default_factory=dict, init=False, repr=False)
    _at_large: dict[tuple[Node, ...], tuple[dict[str, Any], ...]] = field(default_factory=dict, init=False, repr=False)
    _cases: dict[Node, tuple[Case, ...]] = field(default_factory=dict, init=False, repr=False)

    @cached_property
    def ranges(self) -> Ranges:
        """All values that names and parameters can have."""
        return ranges_of(self.rulebook, unset=frozenset(self.unset))

    @cached_property
    def prover(self) -> Prover:
        """Proofs whatever the parameters."""
        return Prover(self.ranges)

    @cached_property
    def ranges_at_present(self) -> Ranges:
        """All values that names can have, with the parameters as they stand."""
        return ranges_of(self.rulebook, self.rulebook.parameter_values, frozenset(self.unset))

    @cached_property
    def prover_at_present(self) -> Prover:
        """Proofs for the parameters as they stand."""
        return Prover(self.ranges_at_present)

    @cached_property
    def unset(self) -> Mapping[str, Rule]:
        """The marks (`marks.name@pack`) that only rules set which can never fire, each with one of these rules."""
        setters: dict[str, list[Rule]] = {}
        for rule in (*self.rulebook.rules, *self.rulebook.off):
            for mark in rule.sets:
                setters.setdefault(mark.partition(".")[2], []).append(rule)
        unset: dict[str, Rule] = {}
        while True:  # a rule that waits for such a mark can never fire either
            prover = Prover(ranges_of(self.rulebook, unset=frozenset(unset)))
            found = {
                mark: rules[0]
                for mark, rules in setters.items()
                if rules[0].pack not in self.broken and all(prover.cannot((rule.when, True)) for rule in rules)
            }
            if len(found) == len(unset):
                return unset
            unset = found

    @cached_property
    def named(self) -> frozenset[tuple[str, ...]]:
        """The path of every name that a condition or points of any rule use."""
        trees = (node for rule in self.all_rules for node in expressions(rule))
        return frozenset(part.value for tree in trees for part in tree.walk() if part.op == "name")

    def places(self, rule: Rule) -> Mapping[Node, tuple[int, int]]:
        """For each part of a rule's condition the characters in which it is written."""
        return self.read(rule).places

    def read(self, rule: Rule) -> Checked:
        """The condition of a rule as it is read from its text."""
        if rule.name not in self._read:
            self._read[rule.name] = check(rule.when_text, self.rulebook.schemas[rule.pack], Boolean)
        return self._read[rule.name]

    def written(self, rule: Rule, part: Node) -> str:
        """A part of a rule's condition as its author wrote it; a pair of `0.2 <= x < 0.6` has no text of its own."""
        places = self.places(rule)
        place = places.get(part)
        alone = place is not None and list(places.values()).count(place) == 1
        return show(part) if place is None or not alone else " ".join(rule.when_text[slice(*place)].split())

    def cases(self, condition: Node) -> tuple[Case, ...]:
        """Some cases for which a condition is true: what is not true for them does not follow from it."""
        if self.evaluate is None:
            return ()
        if condition not in self._cases:
            found = islice(cases([condition], self.ranges, self.evaluate), _MOST_CASES)
            self._cases[condition] = tuple(Case(values, self._with_parameters(records(values))) for values in found)
        return self._cases[condition]

    def _with_parameters(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Facts with a value for every parameter, also those that only a conclusion names: none is ever unknown."""
        return {**facts, "param": {**self.rulebook.parameter_values, **facts.get("param", {})}}

    def answers(self, condition: Node) -> tuple[bool, ...]:
        """For some facts whether a condition holds: conditions on the same names that hold alike answer alike."""
        if self.evaluate is None:
            return ()
        names = sorted({part for part in condition.walk() if part.op == "name"}, key=show)
        if tuple(names) not in self._at_large:
            facts = facts_at_large(names, self.ranges)
            self._at_large[tuple(names)] = tuple(map(self._with_parameters, facts))
        return tuple(self.evaluate(condition, facts) is True for facts in self._at_large[tuple(names)])

    def follows(self, narrow: Node, wide: Node) -> bool:
        """Whether one condition is certainly true wherever another is: looked for a case against it, then proven."""
        evaluate = self.evaluate
        against = evaluate and any(evaluate(wide, case.facts) is not True for case in self.cases(narrow))
        return not against and self.prover.follows([narrow], wide)

    @property
    def all_rules(self) -> tuple[Rule, ...]:
        """Every rule that could use what a pack declares."""
        return (*self.rulebook.rules, *self.readers)

    @property
    def rules(self) -> Iterator[Rule]:
        """The rules to report on."""
        return (rule for rule in self.rulebook.rules if rule.pack in self.asked)

    @property
    def packs(self) -> Iterator[Pack]:
        """The packs to report on."""
        return (pack for pack in self.rulebook.packs if pack.id in self.asked)

    def reads_whole(self, pack: str) -> bool:
        """Whether every file that could use what a pack declares was read."""
        return not any(name in self.broken for name, seen in self.rulebook.sees.items() if pack in seen)


QualityCheck = Callable[[Study], Iterator[Finding]]


def expressions(rule: Rule) -> Iterator[Node]:
    """The condition of a rule and its points."""
    yield rule.when
    yield from (effect.points for effect in rule.effects if effect.points is not None)
