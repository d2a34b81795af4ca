"""Ragged tables: the records of many scenarios, kind by kind, and the rows that rules speak of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

import numpy as np

from policyengine.engines.columnar_kernels import Array, Column
from policyengine.lang.nodes import Node
from policyengine.rulebook.facts import PARTNER, Facts, Record
from policyengine.rulebook.lazy_facts import LazyRecord

Places = np.ndarray[Any, np.dtype[np.intp]]


@dataclass(eq=False)
class Table:
    """Records of one kind: of which scenario each is, and its place there."""

    records: Sequence[Record]
    scenario: Places
    place: Places
    columns: dict[tuple[str, ...], Column] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    elements: dict[tuple[str, ...], Elements] = field(default_factory=dict)
    read: dict[str, list[Any]] = field(default_factory=dict)

    def let_go(self) -> None:
        """Give up what was made of the records: tables and scopes hold one another."""
        for made in (self.columns, self.scopes, self.elements, self.read):
            made.clear()

    def scope(self, root: str) -> Scope:
        """The rows of this table alone, under the name by which an expression speaks of them."""
        if root not in self.scopes:
            self.scopes[root] = Scope(len(self.records), self.scenario, {root: (self, None)})
        return self.scopes[root]


@dataclass(eq=False)
class Scope:
    """Rows for which expressions are evaluated: for each root, its table and the place of each row in it.

    A place of None says that rows and records are the same.
    """

    rows: int
    scenario: Places
    index: dict[str, tuple[Table, Places | None]]
    values: dict[Node, Column] = field(default_factory=dict)
    inner: dict[tuple[Node, str], Inner] = field(default_factory=dict)

    def at(self, root: str) -> Places:
        """The place of each row among the records of a root."""
        table, places = self.index[root]
        return np.arange(len(table.records)) if places is None else places


@dataclass(eq=False)
class Elements:
    """The elements of one collection of each owner, one after the other; `known` is None if all collections are."""

    table: Table
    counts: Places
    starts: Places
    known: Any


@dataclass(eq=False)
class Inner:
    """The rows inside a quantifier, and how to gather them again.

    Rows outside are in `order` of falling number of elements, so that those with a further element come first:
    `steps` has, for each further element, its row inside for each of the first rows.
    """

    scope: Scope
    order: Places
    steps: list[Places]
    known: Any


def spread(counts: Places) -> tuple[Places, Places]:
    """Repeat each row as often as it counts: the row that each comes from, and its number there."""
    parent = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return parent, np.arange(len(parent)) - starts[parent]


def take(column: Column, places: Places | None) -> Column:
    """The column for other rows; what stands for every row still does."""
    if places is None:
        return column
    values, known = column
    return Column(values if np.ndim(values) == 0 else values[places], known if np.ndim(known) == 0 else known[places])


def elements_of(lists: Sequence[Sequence[Record] | None], scenario: Places) -> Elements:
    """The elements of a collection, given for each owner."""
    counts = np.array([len(each or ()) for each in lists], np.intp)
    parent, place = spread(counts)
    table = Table([record for each in lists for record in each or ()], scenario[parent], place)
    known = np.array([each is not None for each in lists], np.bool_) if None in lists else None
    return Elements(table, counts, np.cumsum(counts) - counts, known)


def inside(outer: Scope, elements: Elements, owners: Places, variable: str) -> Inner:
    """The rows inside a quantifier over the elements that each row of the outer scope owns."""
    counts = elements.counts[owners]
    parent, place = spread(counts)
    index: dict[str, tuple[Table, Places | None]] = {
        root: (table, parent if places is None else places[parent]) for root, (table, places) in outer.index.items()
    }
    index[variable] = (elements.table, elements.starts[owners][parent] + place)
    scope = Scope(len(parent), outer.scenario[parent], index)
    order = np.argsort(-counts, kind="stable")
    starts = (np.cumsum(counts) - counts)[order]
    falling = counts[order]
    steps = [starts[: int((falling > step).sum())] + step for step in range(int(falling[0]) if len(falling) else 0)]
    known = None if elements.known is None else elements.known[owners]
    return Inner(scope, order, steps, known)


class Tables:
    """The tables of several scenarios, and the rows of every subject that a rule can have."""

    def __init__(self, many: Sequence[Facts]) -> None:
        self.many = many
        self.count = len(many)
        everywhere = np.arange(self.count)
        self.scenario = Table([facts.scenario for facts in many], everywhere, everywhere)
        self._subjects: dict[tuple[str, ...], Scope] = {}

    @cached_property
    def kinds(self) -> dict[str, Table]:
        """The table of each root of a subject."""
        jurisdictions = self._table(lambda facts: facts.jurisdictions)
        return {
            "threat": self._table(lambda facts: facts.threats),
            "jurisdiction": jurisdictions,
            "other": jurisdictions,
            "tie": self.links.table,
            "model": self._table(lambda facts: facts.models),
            "burden": self._table(lambda facts: [record for _, record in facts.burdens]),
        }

    def shared(self, name: str, owner: Table, lists: Sequence[Sequence[Record] | None]) -> Elements | None:
        """The elements of a collection whose records stand in another table already, so that none is read twice."""
        if name in ("threats", "jurisdictions") and owner is self.scenario:
            own = [getattr(facts, name) for facts in self.many]
            table = self.kinds[name.removesuffix("s")]
        elif name == "ties" and owner is self.kinds["jurisdiction"]:
            own = [each for facts in self.many for each in facts.links]
            table = self.links.table
        else:
            return None
        if not all(one is other or (one is None and not other) for one, other in zip(lists, own, strict=True)):
            return None
        counts = np.array([len(each) for each in own], np.intp)
        known = np.array([each is not None for each in lists], np.bool_) if None in lists else None
        return Elements(table, counts, np.cumsum(counts) - counts, known)

    def counts(self, root: str) -> Places:
        """How many records of a root each scenario has."""
        return np.bincount(self.kinds[root].scenario, minlength=self.count).astype(np.intp)

    def starts(self, root: str) -> Places:
        """Where the records of each scenario begin."""
        counts = self.counts(root)
        return np.cumsum(counts) - counts

    @cached_property
    def links(self) -> Elements:
        """The ties of each jurisdiction, once for each other party."""
        owners = np.repeat(np.arange(self.count), [len(facts.jurisdictions) for facts in self.many])
        return elements_of([own for facts in self.many for own in facts.links], owners)

    @cached_property
    def partners(self) -> Places | None:
        """The other party of each link among all jurisdictions; None where some are records of their own."""
        table, actors = self.links.table, self.kinds["jurisdiction"].records
        if not table.records:
            return None
        links = cast("list[dict[str, Any]]", table.records)
        places = self.starts("jurisdiction")[table.scenario] + np.array([link[PARTNER] for link in links], np.intp)
        same = isinstance(links[0], LazyRecord) or all(
            place < len(actors) and link["partner"] is actors[place]
            for link, place in zip(links, places.tolist(), strict=True)
        )
        return places if same else None

    def let_go(self) -> None:
        """Give up what was made of the records, which would else wait for a search for garbage."""
        for table in (self.scenario, *self.kinds.values()):
            for elements in table.elements.values():
                elements.table.let_go()
            table.let_go()

    def _table(self, records_of: Callable[[Facts], Sequence[Record]]) -> Table:
        lists = [records_of(facts) for facts in self.many]
        scenario, place = spread(np.array([len(each) for each in lists], np.intp))
        return Table([record for each in lists for record in each], scenario, place)

    def subjects(self, roots: tuple[str, ...]) -> Scope:
        """The rows of rules that speak of these roots."""
        if roots not in self._subjects:
            self._subjects[roots] = self._make(roots)
        return self._subjects[roots]

    def _make(self, roots: tuple[str, ...]) -> Scope:
        index: dict[str, Places] = {}
        scenario: Places = np.arange(self.count)
        for root in ("jurisdiction", "tie", "other", "burden", "threat", "model"):
            if root in roots:
                parent, found = self._further(root, index, scenario)
                index = {name: places[parent] for name, places in index.items()} | {root: found}
                scenario = scenario[parent]
        return Scope(len(scenario), scenario, {root: (self.kinds[root], places) for root, places in index.items()})

    def _further(self, root: str, index: dict[str, Places], scenario: Places) -> tuple[Places, Places]:
        """Each row once for each record of one more root: the row it comes from, and the record."""
        if root == "tie":
            owner = index["jurisdiction"]
            parent, place = spread(self.links.counts[owner])
            return parent, self.links.starts[owner][parent] + place
        if root == "burden":
            owners, order = self._burdens
            counts = np.bincount(owners, minlength=len(self.kinds["jurisdiction"].records)).astype(np.intp)
            owner = index["jurisdiction"]
            parent, place = spread(counts[owner])
            return parent, order[(np.cumsum(counts) - counts)[owner][parent] + place]
        parent, place = spread(self.counts(root)[scenario])
        found = self.starts(root)[scenario][parent] + place
        if root == "other":
            away = found != index["jurisdiction"][parent]
            return parent[away], found[away]
        return parent, found

    @cached_property
    def _burdens(self) -> tuple[Places, Places]:
        """The jurisdiction of each burden, and the burdens in the order of their jurisdictions."""
        starts = self.starts("jurisdiction").tolist()
        owners = [starts[number] + owner for number, facts in enumerate(self.many) for owner, _ in facts.burdens]
        owned = np.array(owners, np.intp)
        return owned, np.argsort(owned, kind="stable")


def places_in(scope: Scope, root: str) -> Array:
    """The place of each row's record in its own scenario; -1 where rows do not speak of the root."""
    if root not in scope.index:
        return np.full(scope.rows, -1)
    table, places = scope.index[root]
    return table.place if places is None else table.place[places]
