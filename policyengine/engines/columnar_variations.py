"""One base scenario with many variations: every rule folded for every subject, with what is left of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policyengine.engines.columnar_fold import Fold, Residual, Residue, conjunction, disjunction
from policyengine.engines.columnar_kernels import Column, both, falsity
from policyengine.engines.columnar_program import Chunk
from policyengine.firing import Subject, fixed_point
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Rule, Rulebook


@dataclass(frozen=True, slots=True)
class Outcome:
    """One effect of one rule for one subject, unless its condition is surely false.

    `holds` is True, None for unknown, or what is left; `strength` likewise millionths of a point.
    """

    rule: int
    effect: int
    subject: Subject
    holds: Any
    strength: Any

    @property
    def varies(self) -> bool:
        """Whether it depends on the row."""
        return isinstance(self.holds, Residual) or (self.holds is True and isinstance(self.strength, Residual))

    @property
    def fires(self) -> bool:
        """Whether it fires in every row."""
        return self.holds is True and isinstance(self.strength, int)

    @property
    def wanted(self) -> tuple[Residual, ...]:
        """The parts that one look at it needs."""
        return tuple(part for part in (self.holds, self.strength) if self.varies and isinstance(part, Residual))

    def judge(self, chunk: Chunk) -> tuple[Any, Any, Any]:
        """Where it fires, where it is undecided, and how strongly it fires, in the rows of a chunk."""
        holds = chunk.value(self.holds) if isinstance(self.holds, Residual) else _SURE
        strength = chunk.value(self.strength) if isinstance(self.strength, Residual) else _plain(self.strength)
        fired = both(holds.values, strength.known)
        if holds.known is None and strength.known is None:
            return fired, np.False_, strength.values
        return fired, ~(fired | falsity(holds)), strength.values


_SURE = Column(np.True_)


def _plain(strength: int | None) -> Column:
    return Column(np.int64(0), np.False_) if strength is None else Column(np.int64(strength))


class Folding:
    """Folds all rules of a rulebook over facts in which `Residual`s stand for what varies.

    `facts` are marked as the rules say; `parameters` (by `name@pack`) and `weights` (by place of the
    rule) may vary as well.
    """

    def __init__(
        self,
        rulebook: Rulebook,
        facts: Facts,
        residue: Residue,
        parameters: Mapping[str, Any],
        weights: Mapping[int, Any],
    ) -> None:
        self._rulebook = rulebook
        self._facts = facts
        self._weights = weights
        self._fold = Fold(residue)
        self._residue = residue
        self._roots = facts.roots(parameters)
        self._subjects: dict[tuple[str, ...], list[tuple[Subject, Bindings]]] = {}

    def outcomes(self) -> list[Outcome]:
        """Every outcome that some row can have, stratum by stratum."""
        self._clear_marks()
        found: list[Outcome] = []
        for stratum in self._rulebook.strata:
            wave = [each for index in stratum for each in self._judge(index, self._rulebook.rules[index])]
            self._put_marks(wave)
            found += wave
        return found

    def _judge(self, index: int, rule: Rule) -> Iterator[Outcome]:
        fold = self._fold.fold
        if rule.subject not in self._subjects:
            found = self._facts.subjects(rule.subject)
            self._subjects[rule.subject] = [(subject, self._roots | bound) for subject, bound in found]
        for subject, bindings in self._subjects[rule.subject]:
            holds = fold(rule.when, bindings)
            for place, effect in enumerate(rule.effects if holds is not False else ()):
                points = 0.0 if effect.points is None else fold(effect.points, bindings)
                yield Outcome(
                    index, place, subject, holds, self._strength(points, self._weights.get(index, rule.weight))
                )

    def _strength(self, points: Any, weight: Any) -> Any:
        if points is None or weight is None:
            return None
        if isinstance(points, Residual) or isinstance(weight, Residual):
            return self._residue.make("strength", (points, weight))
        return fixed_point(points, weight)

    def _clear_marks(self) -> None:
        for mark in {mark for rule in self._rulebook.rules for mark in rule.sets}:
            for record in self._facts.marked(mark):
                record.setdefault(mark.partition(".")[2], False)

    def _put_marks(self, wave: Sequence[Outcome]) -> None:
        """A mark is true if one rule sets it, else unknown if one is undecided, else false."""
        for outcome in wave:
            effect = self._rulebook.rules[outcome.rule].effects[outcome.effect]
            if effect.kind == "mark":
                kind, _, path = effect.target.partition(".")
                record = self._facts.marked(effect.target)[getattr(outcome.subject, kind)]
                sets = conjunction(self._residue, (outcome.holds, outcome.strength is not None or None))
                record[path] = disjunction(self._residue, (record[path], sets))
