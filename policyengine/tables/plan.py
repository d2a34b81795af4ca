"""What is prepared once for a table: the facts with what varies, every rule folded over them, the cells to add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from policyengine.assess.case import Case
from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar_fold import Residue
from policyengine.engines.columnar_kernels import Column
from policyengine.engines.columnar_program import Program
from policyengine.engines.columnar_variations import Folding, Outcome
from policyengine.engines.columnar_words import Words
from policyengine.errors import Problems
from policyengine.firing import FiringTable
from policyengine.rulebook.facts import TIE, Facts, facts_of
from policyengine.rulebook.rule import Effect, Rulebook
from policyengine.tables.derived import Derived, derived_of, plain_values
from policyengine.tables.paths import Path


@dataclass(frozen=True)
class Plan:
    """The variations of one base; `base` is the scenario of the first row."""

    base: Scenario
    rulebook: Rulebook
    paths: tuple[Path, ...]
    words: Words

    @cached_property
    def derived(self) -> list[Derived]:
        """The facts that follow from several columns."""
        return derived_of(self.base, self.rulebook, self.paths)

    @cached_property
    def case(self) -> Case:
        """What assessments look at, for the first row."""
        return Case(self.base, self.rulebook, self._facts, FiringTable((), ()), {})

    @cached_property
    def _facts(self) -> Facts:
        return facts_of(self.base, self.rulebook.vocabulary).fork()

    @cached_property
    def residue(self) -> Residue:
        """What partial evaluation leaves."""
        return Residue()

    @cached_property
    def outcomes(self) -> list[Outcome]:
        """Every outcome that some row can have."""
        facts, column = self._facts, self.residue.column
        parameters: dict[str, Any] = dict(self.rulebook.parameter_values)
        weights: dict[int, Any] = {}
        whole = {output[0] for derived in self.derived for output in derived.outputs}
        for path in self.paths:
            if path.section == "param":
                parameters[path.field] = column(path.name)
            elif path.section == "weight":
                weights[path.index] = column(path.name)
            elif path.name not in whole:
                for record, key in _places(facts, path):
                    record[key] = column(path.name)
        for derived in self.derived:
            for (record, key), (name, _) in zip(derived.places(facts), derived.outputs, strict=True):
                record[key] = column(name)
        return Folding(self.rulebook, facts, self.residue, parameters, weights).outcomes()

    def effect(self, outcome: Outcome) -> Effect:
        """The effect that an outcome is about."""
        return self.rulebook.rules[outcome.rule].effects[outcome.effect]

    def program(self, outcomes: Sequence[Outcome]) -> Program:
        """What these outcomes need, each judged once."""
        return Program(self.residue, [part for each in outcomes for part in each.wanted], self.words)

    def with_derived(self, columns: Mapping[str, Column], first: int, problems: Problems) -> dict[str, Column]:
        """The columns of a batch together with those that follow from them."""
        found = dict(columns)
        for derived in self.derived:
            plain = {path.name: plain_values(columns[path.name], path, self.words) for path in derived.inputs}
            found |= derived.columns(plain, self.words, first, problems)
        return found


def _places(facts: Facts, path: Path) -> list[tuple[dict[str, Any], str]]:
    """Where the facts hold the value of a column."""
    if path.section == "scenario":
        return [(facts.scenario, path.field)]
    if path.section == "threats":
        return [] if path.field.startswith("diffuseness.") else [(facts.threats[path.index], path.field)]
    if path.section == "jurisdictions":
        return [(facts.jurisdictions[path.index], path.field)]
    links = [link for own in facts.links for link in own if link[TIE] == path.index]
    return [(record, path.field) for record in [*(facts.ties or [])[path.index : path.index + 1], *links]]
