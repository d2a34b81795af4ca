"""The engine for batches: NumPy columns instead of one scenario after the other. One scenario is a batch of one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from policyengine.engines.columnar_many import Many, Wave
from policyengine.engines.columnar_tables import Scope, places_in
from policyengine.firing import Firing, FiringTable, Subject, Undecided
from policyengine.lang.nodes import Node
from policyengine.rulebook.facts import PARTNER, TIE, Facts
from policyengine.rulebook.rule import Rulebook

NAME = "columnar"


class Columnar:
    """The engine for one rulebook."""

    name = NAME

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._names: dict[Node, tuple[str, ...]] = {}

    def run(self, facts: Facts) -> FiringTable:
        """The firings for one scenario."""
        (found,) = self.run_many([facts])
        return found

    def run_many(self, many: Sequence[Facts]) -> list[FiringTable]:
        """The firings for each of several scenarios."""
        fired: list[list[Firing]] = [[] for _ in many]
        undecided: list[list[Undecided]] = [[] for _ in many]
        for wave in self.waves(many).waves():
            rows, scenarios = np.flatnonzero(wave.fired), wave.scope.scenario
            strengths = wave.strength[rows].tolist()
            for subject, scenario, strength in zip(
                _subjects(wave, rows), scenarios[rows].tolist(), strengths, strict=True
            ):
                fired[scenario].append(Firing(wave.rule, wave.effect, subject, strength))
            rows = np.flatnonzero(wave.undecided)
            for subject, scenario in zip(_subjects(wave, rows), scenarios[rows].tolist(), strict=True):
                undecided[scenario].append(Undecided(wave.rule, wave.effect, subject))
        return [
            FiringTable(tuple(sorted(one)), tuple(sorted(other))) for one, other in zip(fired, undecided, strict=True)
        ]

    def waves(self, many: Sequence[Facts]) -> Many:
        """The evaluation of several scenarios, as columns."""
        return Many(self._rulebook, many, self._names)

    def close(self) -> None:
        """Nothing is held outside Python."""


def _subjects(wave: Wave, rows: Any) -> Iterator[Subject]:
    scope: Scope = wave.scope
    columns = {root: places_in(scope, root)[rows] for root in Subject._fields if root not in ("tie", "partner")}
    if "tie" in scope.index:
        table = scope.index["tie"][0]
        links = [table.records[place] for place in scope.at("tie")[rows].tolist()]
        columns["tie"] = np.array([link[TIE] for link in links], np.intp)
        columns["partner"] = np.array([link[PARTNER] for link in links], np.intp)
    else:
        columns["tie"] = columns["partner"] = np.full(len(rows), -1)
    return map(Subject, *(columns[name].tolist() for name in Subject._fields))
