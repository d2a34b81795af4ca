"""Names and modes of leads in many scenarios: each is made once for all cells that cannot differ in it."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from policyengine.assess.allocation import Flags
from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar_scenarios import ScenarioTables
from policyengine.engines.columnar_tables import cut
from policyengine.rulebook.rule import Rulebook
from policyengine.tables.leads import distinct, mode_number

Named = tuple[Any, tuple[str, ...]]
"""Numbers into words, and the words."""

_MOST_SEEN = 1 << 16
"""So many modes are remembered, so that a stream of ever new scenarios does not fill the memory."""


def coded(words: Sequence[str], places: Any) -> Named:
    """Words by place as numbers into the distinct ones."""
    numbers, distinct_words = numbered(words)
    return numbers[places], distinct_words


def numbered(values: Iterable[Hashable]) -> tuple[Any, tuple[Any, ...]]:
    """Each value as a number into the distinct ones, in the order in which they come first."""
    numbers: dict[Hashable, int] = {}
    codes = [numbers.setdefault(value, len(numbers)) for value in values]
    return np.array(codes, np.int32), tuple(numbers)


def names_of(tables: ScenarioTables, rows: Any, leads: Flags) -> Named:
    """Who leads in each cell, by name.

    `rows` has the scenario of each cell; `leads` the shape (cells, most jurisdictions of a scenario).
    """
    actors = tables.kinds["jurisdiction"]
    ids = list(cut(actors.records.values("id"), tables.counts(actors)))
    first, inverse = distinct([leads], numbered(ids)[0][rows])
    each = zip(rows[first].tolist(), _places(leads[first]), strict=True)
    return coded([" ".join([ids[row][place] for place in places]) for row, places in each], inverse)


class Modes:
    """How leads work together, remembered over all scenarios of a stream."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._layers = rulebook.vocabulary.words("layers")
        self._seen: dict[Hashable, int] = {}

    def of(self, tables: ScenarioTables, scenarios: Sequence[Scenario], rows: Any, leads: Sequence[Flags]) -> Any:
        """For each cell (threat by threat, layer by layer) the number of its mode; `leads` for each view."""
        shapes, layers = list(_shapes(tables)), len(self._layers)
        first, inverse = distinct(leads, numbered(shapes)[0][rows] * layers + np.arange(len(rows)) % layers)
        if len(self._seen) > _MOST_SEEN:
            self._seen.clear()
        each = zip(rows[first].tolist(), first.tolist(), *(_places(flags[first]) for flags in leads), strict=True)
        found = [self._one(shapes[row], scenarios[row], cell % layers, views) for row, cell, *views in each]
        return np.array(found, np.int32)[inverse]

    def _one(self, shape: Hashable, scenario: Scenario, layer: int, views: Sequence[tuple[int, ...]]) -> int:
        key = (shape, layer, *views)
        if key not in self._seen:
            actors = scenario.jurisdictions
            side_of = {each.id: each.side for each in actors}
            named = [[actors[place].id for place in view] for view in views]
            self._seen[key] = mode_number(self._rulebook, side_of, self._layers[layer], named, scenario.ties or ())
        return self._seen[key]


def _shapes(tables: ScenarioTables) -> Iterator[Hashable]:
    """All that modes depend on besides who leads: the sides, and which places of jurisdictions each tie joins."""
    actors, ties = tables.kinds["jurisdiction"], tables.ties
    layers = [None if each is None else tuple(each) for each in ties.records.values("layers")]
    joined = list(zip(ties.records.values("kind"), tables.parties(), layers, strict=True))
    sides = cut(actors.records.values("side"), tables.counts(actors))
    return zip(sides, cut(joined, tables.counts(ties)), strict=True)


def _places(flags: Flags) -> Iterator[tuple[int, ...]]:
    """The places in each row at which a flag is set."""
    return cut(np.nonzero(flags)[1].tolist(), flags.sum(axis=1))
