"""The engine for batches: NumPy columns instead of one scenario after the other. One scenario is a batch of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar_facts import FactsTables
from policyengine.engines.columnar_many import Many, Wave
from policyengine.engines.columnar_scenarios import ScenarioTables
from policyengine.engines.columnar_tables import Tables, places_in
from policyengine.firing import Firing, FiringTable, Subject, Undecided
from policyengine.lang.nodes import Node
from policyengine.rulebook.facts import Facts
from policyengine.rulebook.rule import Rulebook

NAME = "columnar"


class Columnar:
    """The engine for one rulebook."""

    name = NAME

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._names: dict[Node, tuple[str, ...]] = {}
        self._burdens = rulebook.speaks_of_burdens

    def run(self, facts: Facts) -> FiringTable:
        """The firings for one scenario."""
        (found,) = self.run_many([facts])
        return found

    def run_many(self, many: Sequence[Facts]) -> list[FiringTable]:
        """The firings for each of several scenarios."""
        return _firings(self.many(FactsTables(many)))

    def run_scenarios(self, scenarios: Sequence[Scenario]) -> list[FiringTable]:
        """The firings for each of several scenarios, without facts in between."""
        return _firings(self.many(self.tables(scenarios)))

    def tables(self, scenarios: Sequence[Scenario]) -> ScenarioTables:
        """The tables of several scenarios, from which nothing has been read yet."""
        return ScenarioTables(scenarios, self._rulebook.vocabulary, burdens=self._burdens)

    def many(self, tables: Tables) -> Many:
        """The evaluation of several scenarios, as columns."""
        return Many(self._rulebook, tables, self._names)

    def close(self) -> None:
        """Nothing is held outside Python."""


def _firings(many: Many) -> list[FiringTable]:
    """The waves of all scenarios, told apart."""
    fired: list[list[Firing]] = [[] for _ in range(many.tables.count)]
    undecided: list[list[Undecided]] = [[] for _ in range(many.tables.count)]
    for wave in many.waves():
        rows, scenarios = np.flatnonzero(wave.fired), wave.scope.scenario
        strengths = wave.strength[rows].tolist()
        subjects = _subjects(many.tables, wave, rows)
        for subject, scenario, strength in zip(subjects, scenarios[rows].tolist(), strengths, strict=True):
            fired[scenario].append(Firing(wave.rule, wave.effect, subject, strength))
        rows = np.flatnonzero(wave.undecided)
        subjects = _subjects(many.tables, wave, rows)
        for subject, scenario in zip(subjects, scenarios[rows].tolist(), strict=True):
            undecided[scenario].append(Undecided(wave.rule, wave.effect, subject))
    return [FiringTable(tuple(sorted(one)), tuple(sorted(other))) for one, other in zip(fired, undecided, strict=True)]


def _subjects(tables: Tables, wave: Wave, rows: Any) -> Iterator[Subject]:
    scope = wave.scope
    columns = {root: places_in(scope, root)[rows] for root in Subject._fields if root not in ("tie", "partner")}
    if "tie" in scope.index:
        links = scope.at("tie")[rows]
        columns["tie"], columns["partner"] = tables.links.tie[links], tables.links.partner[links]
    else:
        columns["tie"] = columns["partner"] = np.full(len(rows), -1)
    return map(Subject, *(columns[name].tolist() for name in Subject._fields))
