"""Many different scenarios: scenarios in, one row for each scenario, threat and layer out, chunk by chunk."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

import numpy as np

from policyengine.assess.allocation import pooled_shares, positive, roles, side_shares
from policyengine.assess.case import Case
from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar import Columnar
from policyengine.engines.columnar_many import Wave
from policyengine.engines.columnar_tables import Tables, places_in
from policyengine.firing import FiringTable
from policyengine.rulebook.facts import Facts
from policyengine.rulebook.lazy_facts import lazy_facts_of, let_go
from policyengine.rulebook.rule import Rulebook
from policyengine.tables import arrow
from policyengine.tables.cells import Sums
from policyengine.tables.leads import MODES, Leads, distinct, leads_of

CHUNK = 2_000
"""Scenarios evaluated together."""
NARROW = {
    "scenario": "names", "threat": "names", "layer": "names", "leads": "names", "mode": "names", "undecided": "count",
}  # fmt: skip
WIDE = {
    "scenario": "names", "threat": "names", "layer": "names", "jurisdiction": "names", "role": "names",
    "score": "score", "share": "share", "share_of_side": "share",
}  # fmt: skip
ROLES = ("none", "support", "co-lead", "lead")


def reader_of(scenarios: Iterable[Scenario], rulebook: Rulebook, wide: bool) -> Any:
    """A stream of results; `wide` gives a row for each jurisdiction, with role, score and shares."""
    schema = arrow.schema_of(WIDE if wide else NARROW, 0, {})
    return arrow.reader_from(schema, lambda: _batches(iter(scenarios), rulebook, wide, schema))


def _batches(scenarios: Iterator[Scenario], rulebook: Rulebook, wide: bool, schema: Any) -> Iterator[Any]:
    engine, labels = Columnar(rulebook), _Labels(rulebook.vocabulary.words("layers"))
    while chunk := list(islice(scenarios, CHUNK)):
        with _without_garbage_collection():
            evaluated = Evaluated(engine, rulebook, chunk, labels)
            columns = evaluated.wide() if wide else evaluated.narrow()
            evaluated.let_go()
            del evaluated
        yield arrow.batch_of(schema, columns)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """All that a chunk makes lives to its end: looking for garbage among it took half of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class Evaluated:
    """A chunk of scenarios with the sums of each view.

    Arrays have the shape (threats of all scenarios, layers, most jurisdictions of a scenario); where a scenario has
    fewer, its last places stand for nobody.
    """

    def __init__(self, engine: Columnar, rulebook: Rulebook, scenarios: Sequence[Scenario], labels: _Labels) -> None:
        self._rulebook, self._scenarios, self._labels = rulebook, scenarios, labels
        burdens = rulebook.speaks_of_burdens
        many = [lazy_facts_of(scenario, rulebook.vocabulary, burdens=burdens) for scenario in scenarios]
        self._many = many
        self._cases = [self._case(scenario, facts) for scenario, facts in zip(scenarios, many, strict=True)]
        evaluation = engine.waves(many)
        self._tables: Tables = evaluation.tables
        self._layers = rulebook.vocabulary.words("layers")
        self._most = max(len(scenario.jurisdictions) for scenario in scenarios)
        size = (len(self._tables.kinds["threat"].records), len(self._layers), self._most)
        self._views = {
            name: Sums(np.zeros(size, np.int64), np.zeros(size, np.bool_), np.zeros(size, np.bool_))
            for name in self._cases[0].views
        }
        self._undecided = np.zeros(size[:2], np.int32)
        for wave in evaluation.waves():
            self._add(wave)

    def let_go(self) -> None:
        """Give up the facts and what was made of them; nothing more can be evaluated."""
        let_go(self._many)
        self._tables.let_go()

    def _case(self, scenario: Scenario, facts: Facts) -> Case:
        return Case(scenario, self._rulebook, facts, FiringTable((), ()), {})

    def _add(self, wave: Wave) -> None:
        rule = self._rulebook.rules[wave.rule]
        effect = rule.effects[wave.effect]
        if effect.kind not in ("score", "bar"):
            return
        layer = self._layers.index(effect.target)
        threats, actors = wave.scope.at("threat"), places_in(wave.scope, "jurisdiction")
        np.add.at(self._undecided[:, layer], threats[wave.undecided], 1)
        cells: Any = (threats[wave.fired], layer, actors[wave.fired])
        for name, packs in self._cases[0].views.items():
            sums = self._views[name]
            if rule.pack not in packs:
                continue
            if effect.kind == "score":
                np.add.at(sums.scores, cells, wave.strength[wave.fired])
            else:
                (sums.lead_barred if effect.lead_only else sums.barred)[cells] = True

    def _sides(self) -> Any:
        """The side of each jurisdiction of each threat's scenario; -1 where there is nobody."""
        sides = np.full((len(self._scenarios), 1, self._most), -1)
        number = {side: place for place, side in enumerate(self._rulebook.vocabulary.words("sides"))}
        own = [number[each.side] for scenario in self._scenarios for each in scenario.jurisdictions]
        table = self._tables.kinds["jurisdiction"]
        sides[table.scenario, 0, table.place] = own
        return sides[self._tables.kinds["threat"].scenario]

    def _roles(self, sums: Sums, sides: Any) -> Any:
        return roles(positive(sums.scores, sums.barred), sums.lead_barred, sides, self._cases[0].thresholds)

    def _names(self) -> dict[str, Any]:
        """Scenario, threat and layer of each cell."""
        table, layers = self._tables.kinds["threat"], len(self._layers)
        threats = [threat.id for scenario in self._scenarios for threat in scenario.threats]
        return {
            "scenario": _coded([scenario.scenario for scenario in self._scenarios], np.repeat(table.scenario, layers)),
            "threat": _coded(threats, np.repeat(np.arange(len(threats)), layers)),
            "layer": _coded(self._layers, np.tile(np.arange(layers), len(threats))),
        }

    def narrow(self) -> dict[str, Any]:
        """Leads, mode and number of undecided effects of each cell."""
        sides, layers = self._sides(), len(self._layers)
        leads = [leads_of(self._roles(sums, sides)).reshape(-1, self._most) for sums in self._views.values()]
        kinds = np.array([self._labels.kind(self._kind(case)) for case in self._cases])
        rows = np.repeat(self._tables.kinds["threat"].scenario, layers)
        first, inverse = distinct(leads, kinds[rows] * layers + np.arange(len(rows)) % layers)
        found = [
            self._labels.of(int(kinds[rows[place]]), place % layers, self._cases[rows[place]], leads, place)
            for place in first.tolist()
        ]
        labels, modes = np.array(found, np.int32).reshape(-1, 2)[inverse].T
        return self._names() | {
            "leads": (labels, tuple(self._labels.names)),
            "mode": (modes, MODES),
            "undecided": self._undecided.ravel(),
        }

    @staticmethod
    def _kind(case: Case) -> tuple[Any, ...]:
        """All that names and modes of leads depend on besides who leads: equal scenarios share them."""
        actors = tuple((each.id, each.side) for each in case.scenario.jurisdictions)
        ties = tuple(
            (tie.kind, tuple(tie.parties), None if tie.layers is None else tuple(tie.layers))
            for tie in case.scenario.ties or ()
        )
        return actors, ties

    def wide(self) -> dict[str, Any]:
        """Role, score and shares of each jurisdiction in each cell."""
        sides, sums = self._sides(), self._views["all"]
        counted = positive(sums.scores, sums.barred)
        there = np.broadcast_to(sides >= 0, counted.shape)
        places = np.nonzero(there)
        names = self._names()
        cell = places[0] * len(self._layers) + places[1]
        first = np.cumsum([0, *(len(scenario.jurisdictions) for scenario in self._scenarios)])
        actor = first[self._tables.kinds["threat"].scenario[places[0]]] + places[2]
        actors = [each.id for scenario in self._scenarios for each in scenario.jurisdictions]
        return {
            **{name: (codes[cell], words) for name, (codes, words) in names.items()},
            "jurisdiction": _coded(actors, actor),
            "role": (self._roles(sums, sides)[there], ROLES),
            "score": sums.scores[there],
            "share": pooled_shares(counted)[there],
            "share_of_side": side_shares(counted, sides)[there],
        }


class _Labels:
    """Names and modes of leads, remembered over all scenarios of a stream."""

    def __init__(self, layers: Sequence[str]) -> None:
        self.names: dict[str, int] = {}
        self._layers = layers
        self._kinds: dict[tuple[Any, ...], int] = {}
        self._seen: dict[tuple[Any, ...], tuple[int, int]] = {}

    def of(self, kind: int, layer: int, case: Case, leads: Sequence[Any], place: int) -> tuple[int, int]:
        """The numbers of the leads' names and of the mode in one cell."""
        found = [tuple(np.flatnonzero(flags[place]).tolist()) for flags in leads]
        key = (kind, layer, tuple(found))
        if key not in self._seen:
            self._seen[key] = Leads(case, self._layers[layer], self.names).one(found, list(case.scenario.ties or ()))
        return self._seen[key]

    def kind(self, parts: tuple[Any, ...]) -> int:
        """The number of a kind of scenario."""
        return self._kinds.setdefault(parts, len(self._kinds))


def _coded(words: Sequence[str], places: Any) -> tuple[Any, tuple[str, ...]]:
    """Words by place as numbers into the distinct ones."""
    numbers: dict[str, int] = {}
    codes = np.array([numbers.setdefault(word, len(numbers)) for word in words], np.int32)
    return codes[places], tuple(numbers)
