"""Ragged tables straight from validated scenarios, without facts in between: a field is read when a rule asks for it.

They hold what `rulebook.facts.facts_of` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any

import numpy as np

from policyengine.domain.burden import burdens_of
from policyengine.domain.fields import Model
from policyengine.domain.jurisdiction import Jurisdiction
from policyengine.domain.scenario import Scenario
from policyengine.domain.threat import Threat
from policyengine.domain.tie import Tie
from policyengine.engines.columnar_tables import (
    Elements,
    Links,
    Marks,
    Path,
    Places,
    Table,
    Tables,
    cut,
    elements,
    lengths,
    spread,
)
from policyengine.rulebook.facts import BURDEN_FIELDS, with_parents
from policyengine.rulebook.schema import MARKED
from policyengine.rulebook.vocabulary import Vocabulary

Columns = Mapping[str, Sequence[Any]]
Computed = Mapping[str, Callable[[], Sequence[Any]]]


class Entries:
    """Entries of scenarios, field by field; some values are computed when they are asked for."""

    def __init__(self, fields: Columns, computed: Computed | None = None) -> None:
        self._read = dict(fields)
        self._computed = computed or {}
        for path in self._computed:
            self._read.pop(path, None)

    def values(self, path: str) -> Sequence[Any]:
        """A value of each entry as it stands there, None for unknown."""
        if path not in self._read:
            self._read[path] = self._computed[path]() if path in self._computed else self._below(path)
        return self._read[path]

    def _below(self, path: str) -> Sequence[Any]:
        group, _, leaf = path.partition(".")
        return [values.get(leaf) for values in self._read[group]]


def fields_of(kind: type[Model], models: Sequence[Model]) -> Columns:
    """The fields of validated entries of one kind, each as a column.

    All of them at once, and from the models' own dictionaries: to ask each model for one field after the other means to
    fetch all of them from memory each time.
    """
    names = tuple(kind.model_fields)
    rows = list(map(itemgetter(*names), map(vars, models)))
    return dict(zip(names, zip(*rows, strict=True), strict=True)) if rows else dict.fromkeys(names, ())


class ScenarioTables(Tables):
    """The tables of several scenarios; burdens are computed only if a rule reads them."""

    def __init__(self, scenarios: Sequence[Scenario], vocabulary: Vocabulary, *, burdens: bool) -> None:
        super().__init__(len(scenarios), Entries(fields_of(Scenario, scenarios)))
        self._scenarios, self._vocabulary, self._read_burdens = scenarios, vocabulary, burdens

    @cached_property
    def kinds(self) -> dict[str, Table]:
        """The table of each root of a subject."""
        words = self._vocabulary.words("models")
        models = Table(Entries({"id": words * self.count}), *spread(np.full(self.count, len(words))))
        return {
            "threat": self._table(Threat, "threats", _of_threats(self._scenarios)),
            "jurisdiction": self._jurisdictions,
            "other": self._jurisdictions,
            "tie": self.links.elements.table,
            "model": models,
            "burden": self._burdens.table,
        }

    @cached_property
    def _jurisdictions(self) -> Table:
        return self._table(Jurisdiction, "jurisdictions")

    @cached_property
    def ties(self) -> Table:
        """The ties, each once."""
        return self._table(Tie, "ties")

    def _table(self, kind: type[Model], section: str, computed: Computed | None = None) -> Table:
        """The entries of a section of all scenarios."""
        lists = [entries or () for entries in self.scenario.records.values(section)]
        return Table(Entries(fields_of(kind, list(chain.from_iterable(lists))), computed), *spread(lengths(lists)))

    @cached_property
    def links(self) -> Links:
        """The ties as rows."""
        owners, partners, ties = self._linked
        actors = self._jurisdictions
        counts = np.bincount(owners, minlength=actors.rows).astype(np.intp)
        table = Table((), actors.scenario[owners], spread(counts)[1])
        found = elements(table, counts, self._knows_ties[actors.scenario])
        return Links(found, self.ties.place[ties], actors.place[partners])

    @cached_property
    def _linked(self) -> tuple[Places, Places, Places]:
        """The jurisdiction, its partner and the tie of each link, jurisdiction by jurisdiction."""
        return pairs(*self._parties)

    @cached_property
    def _parties(self) -> tuple[Places, Places]:
        """The tie and the jurisdiction of each party of each tie."""
        actors, ties = self._jurisdictions, self.ties
        keys = zip(actors.scenario.tolist(), actors.records.values("id"), strict=True)
        rows = {key: row for row, key in enumerate(keys)}
        parties = ties.records.values("parties")
        tie, _ = spread(lengths(parties))
        named = zip(ties.scenario[tie].tolist(), chain.from_iterable(parties), strict=True)
        return tie, np.fromiter(map(rows.__getitem__, named), np.intp, len(tie))

    def parties(self) -> Iterator[tuple[int, ...]]:
        """The places of the parties of each tie among the jurisdictions of its scenario."""
        tie, party = self._parties
        return cut(self._jurisdictions.place[party].tolist(), np.bincount(tie, minlength=self.ties.rows))

    @cached_property
    def _knows_ties(self) -> Any:
        return np.array([ties is not None for ties in self.scenario.records.values("ties")], np.bool_)

    @cached_property
    def _burdens(self) -> Elements:
        """The burdens of each jurisdiction, with their places among all of their scenario."""
        actors, vocabulary = self._jurisdictions, self._vocabulary
        measures = {name: measure.counts for name, measure in vocabulary.terms("cost_measures").items()}
        bases = vocabulary.words("benefit_bases") if self._read_burdens else ()
        lists = [burdens_of(scenario.jurisdictions, measures, bases) for scenario in self._scenarios]
        rows = list(chain.from_iterable(lists))
        scenario, place = spread(lengths(lists))
        owners = self.starts(actors)[scenario] + np.array([row.jurisdiction for row in rows], np.intp)
        order = np.argsort(owners, kind="stable")
        ordered = [rows[row] for row in order.tolist()]
        records = Entries({name: [getattr(row, name) for row in ordered] for name in BURDEN_FIELDS})
        counts = np.bincount(owners, minlength=actors.rows).astype(np.intp)
        return elements(Table(records, scenario[order], place[order]), counts, None)

    def burdens(self, owners: Places) -> tuple[Places, Places]:
        """Each of these jurisdictions once for each burden of it: its number among them, and the burden."""
        parent, place = spread(self._burdens.counts[owners])
        return parent, self._burdens.starts[owners][parent] + place

    def elsewhere(self, table: Table, path: Path) -> tuple[Table, Places, Path] | None:
        """What is said of a link stands in the table of ties, of a partner in that of jurisdictions."""
        if table is not self.links.elements.table:
            return None
        _, partners, ties = self._linked
        return (self._jurisdictions, partners, path[1:]) if path[1:] else (self.ties, ties, path)

    def values(self, table: Table, path: Path, marks: Marks) -> Sequence[Any]:
        """A value of each record, None for unknown; of marks those that are given."""
        (leaf,) = path
        if leaf.startswith("marks."):
            (owner,) = (each for each in MARKED if self.kinds[each] is table)
            return marks.get((owner, leaf)) or [None] * table.rows
        entries: Entries = table.records
        return entries.values(leaf)

    def given(self, kind: str, _path: str) -> list[bool | None]:
        """Which records of a kind carry a mark before any rule has put it: no scenario gives one."""
        return [False] * self.kinds[kind].rows

    def collection(self, table: Table, path: Path) -> Elements:
        """The elements of a collection of each record."""
        (name,) = path
        if table is not self.scenario:
            return self.links.elements if name == "ties" else self._burdens
        own = self.ties if name == "ties" else self.kinds[name.removesuffix("s")]
        return elements(own, self.counts(own), self._knows_ties if name == "ties" else None)

    def made(self) -> Iterator[Table]:
        """All tables that hold something that was made of the records."""
        yield from (self.scenario, self.ties, *self.kinds.values())


def pairs(tie: Places, party: Places) -> tuple[Places, Places, Places]:
    """Each party of a tie with each other one, in the order of the first: both, and the tie."""
    counts = np.bincount(tie).astype(np.intp)
    one, number = spread(counts[tie])
    other = (np.cumsum(counts) - counts)[tie[one]] + number
    order = np.argsort(party[one], kind="stable")
    order = order[party[one[order]] != party[other[order]]]
    return party[one[order]], party[other[order]], tie[one[order]]


def _of_threats(scenarios: Sequence[Scenario]) -> Computed:
    """What rules read of threats that does not stand in them as it is."""

    def places() -> list[frozenset[str] | None]:
        found: list[frozenset[str] | None] = []
        for scenario in scenarios:
            placed = any(threat.places for threat in scenario.threats)
            parents = {each.id: each.parent for each in scenario.jurisdictions} if placed else {}
            found += [with_parents(threat.places, parents) for threat in scenario.threats]
        return found

    def diffuseness() -> list[float | None]:
        return [threat.diffuseness_value for scenario in scenarios for threat in scenario.threats]

    return {"places": places, "diffuseness": diffuseness}
