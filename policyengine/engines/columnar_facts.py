"""Ragged tables of scenarios whose facts are ready as plain records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np

from policyengine.engines.columnar_tables import (
    Elements,
    Links,
    Marks,
    Path,
    Places,
    Table,
    Tables,
    elements,
    lengths,
    spread,
)
from policyengine.rulebook.facts import PARTNER, TIE, Facts, Record
from policyengine.rulebook.schema import MARKED


class FactsTables(Tables):
    """The tables of several facts. A record may stand in several tables, so marks are found by the record itself."""

    def __init__(self, many: Sequence[Facts]) -> None:
        super().__init__(len(many), [facts.scenario for facts in many])
        self._many = many

    @cached_property
    def kinds(self) -> dict[str, Table]:
        """The table of each root of a subject."""
        jurisdictions = self._table(lambda facts: facts.jurisdictions)
        return {
            "threat": self._table(lambda facts: facts.threats),
            "jurisdiction": jurisdictions,
            "other": jurisdictions,
            "tie": self.links.elements.table,
            "model": self._table(lambda facts: facts.models),
            "burden": self._table(lambda facts: [record for _, record in facts.burdens]),
        }

    def _table(self, records_of: Callable[[Facts], Sequence[Record]]) -> Table:
        lists = [records_of(facts) for facts in self._many]
        scenario, place = spread(lengths(lists))
        return Table(list(chain.from_iterable(lists)), scenario, place)

    @cached_property
    def links(self) -> Links:
        """The ties as rows."""
        owners = np.repeat(np.arange(self.count), [len(facts.jurisdictions) for facts in self._many])
        found = _elements([own for facts in self._many for own in facts.links], owners)
        tie, partner = (np.array([link[key] for link in found.table.records], np.intp) for key in (TIE, PARTNER))
        return Links(found, tie, partner)

    @cached_property
    def _partners(self) -> Places | None:
        """The other party of each link among all jurisdictions; None where some are records of their own."""
        links, actors = self.links.elements.table, self.kinds["jurisdiction"]
        places = self.starts(actors)[links.scenario] + self.links.partner
        same = all(
            place < actors.rows and link["partner"] is actors.records[place]
            for link, place in zip(links.records, places.tolist(), strict=True)
        )
        return places if same else None

    @cached_property
    def _burdens(self) -> tuple[Places, Places, Places]:
        """How many burdens each jurisdiction has, where they begin, and the burdens in the order of jurisdictions."""
        actors = self.kinds["jurisdiction"]
        starts = self.starts(actors).tolist()
        owners = [starts[number] + owner for number, facts in enumerate(self._many) for owner, _ in facts.burdens]
        owned = np.array(owners, np.intp)
        counts = np.bincount(owned, minlength=actors.rows).astype(np.intp)
        return counts, np.cumsum(counts) - counts, np.argsort(owned, kind="stable")

    def burdens(self, owners: Places) -> tuple[Places, Places]:
        """Each of these jurisdictions once for each burden of it: its number among them, and the burden."""
        counts, starts, order = self._burdens
        parent, place = spread(counts[owners])
        return parent, order[starts[owners][parent] + place]

    def elsewhere(self, table: Table, path: Path) -> tuple[Table, Places, Path] | None:
        """What is said of a partner stands in the table of jurisdictions."""
        if path[1:] and path[0] == "partner" and table is self.links.elements.table and self._partners is not None:
            return self.kinds["jurisdiction"], self._partners, path[1:]
        return None

    def values(self, table: Table, path: Path, marks: Marks) -> Sequence[Any]:
        """A value of each record, None for unknown; of marks those that are given."""
        records = [_walk(record, path[:-1]) for record in table.records] if path[1:] else table.records
        leaf = path[-1]
        if not leaf.startswith("marks."):
            return [None if record is None else record.get(leaf) for record in records]
        found = []
        for record in records:
            owner, row = self._marked.get(id(record), ("", 0))
            own = marks.get((owner, leaf))
            found.append(own[row] if own else None if record is None else record.get(leaf))
        return found

    @cached_property
    def _marked(self) -> dict[int, tuple[str, int]]:
        """The kind and row of each record that can carry a mark."""
        return {id(record): (kind, row) for kind in MARKED for row, record in enumerate(self.kinds[kind].records)}

    def given(self, kind: str, path: str) -> list[bool | None]:
        """Which records of a kind carry a mark before any rule has put it."""
        return [record.get(path, False) for record in self.kinds[kind].records]

    def collection(self, table: Table, path: Path) -> Elements:
        """The elements of a collection of each record."""
        (name,) = path
        if table is self.scenario:
            lists = [facts.roots({})[name] for facts in self._many]
        else:
            lists = [record.get(name) for record in table.records]
        return self._shared(name, table, lists) or _elements(lists, table.scenario)

    def made(self) -> Iterator[Table]:
        """All tables that hold something that was made of the records."""
        for table in (self.scenario, *self.kinds.values()):
            yield from (each.table for each in table.elements.values())
            yield table

    def _shared(self, name: str, owner: Table, lists: Sequence[Sequence[Record] | None]) -> Elements | None:
        """The elements of a collection whose records stand in another table already, so that none is read twice."""
        if name in ("threats", "jurisdictions") and owner is self.scenario:
            own = [getattr(facts, name) for facts in self._many]
            table = self.kinds[name.removesuffix("s")]
        elif name == "ties" and owner is self.kinds["jurisdiction"]:
            own = [each for facts in self._many for each in facts.links]
            table = self.links.elements.table
        else:
            return None
        if not all(one is other or (one is None and not other) for one, other in zip(lists, own, strict=True)):
            return None
        return elements(table, lengths(own), _known(lists))


def _elements(lists: Sequence[Sequence[Record] | None], scenario: Places) -> Elements:
    """The elements of a collection, given for each owner."""
    given = [each or () for each in lists]
    counts = lengths(given)
    parent, place = spread(counts)
    return elements(Table(list(chain.from_iterable(given)), scenario[parent], place), counts, _known(lists))


def _known(lists: Sequence[Any]) -> Any:
    return np.array([each is not None for each in lists], np.bool_)


def _walk(record: Record, hops: Path) -> Record | None:
    found: Record | None = record
    for hop in hops:
        found = None if found is None else found.get(hop)
    return found
