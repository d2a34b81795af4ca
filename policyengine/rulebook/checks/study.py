"""What the checks of quality share: the rulebook, the packs that were asked for, and proofs about its conditions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from policyengine.lang.nodes import Node
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.reasoning.proofs import Prover
from policyengine.rulebook.reasoning.ranges import Ranges, ranges_of
from policyengine.rulebook.reasoning.witness import Evaluate
from policyengine.rulebook.rule import Pack, Rule, Rulebook


@dataclass
class Study:
    """A rulebook under examination; only the packs `asked` for are reported on.

    `evaluate` confirms the facts that a finding shows; without it none are shown. `broken` are packs of which some file
    could not be read: what they lack may stand in there.
    """

    rulebook: Rulebook
    asked: Collection[str]
    evaluate: Evaluate | None = None
    broken: Collection[str] = field(default_factory=frozenset)

    @cached_property
    def ranges(self) -> Ranges:
        """All values that names and parameters can have."""
        return ranges_of(self.rulebook)

    @cached_property
    def prover(self) -> Prover:
        """Proofs whatever the parameters."""
        return Prover(self.ranges)

    @cached_property
    def ranges_at_present(self) -> Ranges:
        """All values that names can have, with the parameters as they stand."""
        return ranges_of(self.rulebook, self.rulebook.parameter_values)

    @cached_property
    def prover_at_present(self) -> Prover:
        """Proofs for the parameters as they stand."""
        return Prover(self.ranges_at_present)

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
