"""Many different scenarios: scenarios in, one row for each scenario, threat and layer out, chunk by chunk."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from policyengine.assess.allocation import pooled_shares, positive, roles, side_shares
from policyengine.assess.case import packs_of_views, thresholds_of
from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar import Columnar
from policyengine.engines.columnar_many import Wave
from policyengine.engines.columnar_tables import Table, places_in
from policyengine.rulebook.rule import Rulebook
from policyengine.tables import arrow
from policyengine.tables.cells import Sums
from policyengine.tables.labels import Modes, coded, names_of
from policyengine.tables.leads import MODES, leads_of

CHUNK = 2_000
"""Scenarios evaluated together, at most."""
LARGE = 2_000_000
"""So many rows of a threat, a jurisdiction and another one end a chunk as well: with them grows what it takes."""
BLOCK = 256
"""Threats whose roles are computed together."""
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
    engine, modes = Columnar(rulebook), Modes(rulebook)
    for chunk in _chunks(scenarios):
        with _without_garbage_collection():
            evaluated = Evaluated(engine, rulebook, chunk)
            columns = evaluated.wide() if wide else evaluated.narrow(modes)
            evaluated.let_go()
            del evaluated
        yield arrow.batch_of(schema, columns)


def _chunks(scenarios: Iterator[Scenario]) -> Iterator[list[Scenario]]:
    chunk: list[Scenario] = []
    size = 0
    for scenario in scenarios:
        chunk.append(scenario)
        size += len(scenario.threats) * len(scenario.jurisdictions) ** 2
        if len(chunk) == CHUNK or size >= LARGE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


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

    def __init__(self, engine: Columnar, rulebook: Rulebook, scenarios: Sequence[Scenario]) -> None:
        self._rulebook, self._scenarios = rulebook, scenarios
        self._tables = engine.tables(scenarios)
        self._threats, self._actors = (self._tables.kinds[kind] for kind in ("threat", "jurisdiction"))
        self._layers = rulebook.vocabulary.words("layers")
        self._most = int(self._actors.place.max()) + 1
        self._packs = packs_of_views(rulebook)
        self._heard: dict[tuple[str, ...], Sums] = {}
        self._undecided = np.zeros((self._threats.rows, len(self._layers)), np.int32)
        for wave in engine.many(self._tables).waves():
            self._add(wave)

    def _zeros(self, dtype: type[np.generic]) -> Any:
        # Threats next to one another in memory, so that each jurisdiction on each layer is one fast column.
        return np.zeros((self._most, len(self._layers), self._threats.rows), dtype).transpose()

    def let_go(self) -> None:
        """Give up what was made of the scenarios; nothing more can be evaluated."""
        self._tables.let_go()

    def _add(self, wave: Wave) -> None:
        rule = self._rulebook.rules[wave.rule]
        effect = rule.effects[wave.effect]
        if effect.kind not in ("score", "bar"):
            return
        layer = self._layers.index(effect.target)
        threats, actors = wave.scope.at("threat"), places_in(wave.scope, "jurisdiction")
        np.add.at(self._undecided[:, layer], threats[wave.undecided], 1)
        cells: Any = (threats[wave.fired], layer, actors[wave.fired])
        views = tuple(name for name, packs in self._packs.items() if rule.pack in packs)
        if views not in self._heard:
            self._heard[views] = Sums(self._zeros(np.int64), self._zeros(np.bool_), self._zeros(np.bool_))
        sums = self._heard[views]
        if effect.kind == "score":
            np.add.at(sums.scores, cells, wave.strength[wave.fired])
        else:
            (sums.lead_barred if effect.lead_only else sums.barred)[cells] = True

    def _view(self, name: str) -> Sums:
        """The sums over all packs of a view; those that the same views hear were added up together."""
        heard = [sums for views, sums in self._heard.items() if name in views]
        if len(heard) == 1:
            return heard[0]
        total = Sums(self._zeros(np.int64), self._zeros(np.bool_), self._zeros(np.bool_))
        for sums in heard:
            total.scores += sums.scores
            total.barred |= sums.barred
            total.lead_barred |= sums.lead_barred
        return total

    def _values(self, table: Table, field: str) -> Sequence[Any]:
        return self._tables.values(table, (field,), {})

    def _sides(self) -> Any:
        """The side of each jurisdiction of each threat's scenario; -1 where there is nobody."""
        sides = np.full((self._most, len(self._scenarios)), -1)
        number = {side: place for place, side in enumerate(self._rulebook.vocabulary.words("sides"))}
        own = list(map(number.__getitem__, self._values(self._actors, "side")))
        sides[self._actors.place, self._actors.scenario] = own
        return np.ascontiguousarray(sides[:, np.newaxis, self._threats.scenario]).transpose()

    def _roles(self, sums: Sums, sides: Any) -> Any:
        """The roles, block by block: what is computed for one stays in the cache of a core."""
        thresholds, found = thresholds_of(self._rulebook), self._zeros(np.int8)
        for start in range(0, self._threats.rows, BLOCK):
            rows = slice(start, start + BLOCK)
            counted = positive(sums.scores[rows], sums.barred[rows])
            found[rows] = roles(counted, sums.lead_barred[rows], sides[rows], thresholds)
        return found

    def _names(self) -> dict[str, Any]:
        """Scenario, threat and layer of each cell."""
        threats, layers = self._threats, len(self._layers)
        names = [scenario.scenario for scenario in self._scenarios]
        return {
            "scenario": coded(names, np.repeat(threats.scenario, layers)),
            "threat": coded(self._values(threats, "id"), np.repeat(np.arange(threats.rows), layers)),
            "layer": coded(self._layers, np.tile(np.arange(layers), threats.rows)),
        }

    def narrow(self, modes: Modes) -> dict[str, Any]:
        """Leads, mode and number of undecided effects of each cell."""
        sides, rows = self._sides(), np.repeat(self._threats.scenario, len(self._layers))
        leads = [leads_of(self._roles(self._view(name), sides)).reshape(-1, self._most) for name in self._packs]
        return self._names() | {
            "leads": names_of(self._tables, rows, leads[0]),
            "mode": (modes.of(self._tables, self._scenarios, rows, leads), MODES),
            "undecided": self._undecided.ravel(),
        }

    def wide(self) -> dict[str, Any]:
        """Role, score and shares of each jurisdiction in each cell."""
        sides, sums = self._sides(), self._view("all")
        counted = positive(sums.scores, sums.barred)
        there = np.broadcast_to(sides >= 0, counted.shape)
        places = np.nonzero(there)
        names = self._names()
        cell = places[0] * len(self._layers) + places[1]
        actor = self._tables.starts(self._actors)[self._threats.scenario[places[0]]] + places[2]
        return {
            **{name: (codes[cell], words) for name, (codes, words) in names.items()},
            "jurisdiction": coded(self._values(self._actors, "id"), actor),
            "role": (self._roles(sums, sides)[there], ROLES),
            "score": sums.scores[there],
            "share": pooled_shares(counted)[there],
            "share_of_side": side_shares(counted, sides)[there],
        }
