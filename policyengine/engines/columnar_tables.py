"""Ragged tables: the records of many scenarios, kind by kind, and the rows that rules speak of."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from policyengine.engines.columnar_kernels import Array, Column
from policyengine.lang.nodes import Node

Places = np.ndarray[Any, np.dtype[np.intp]]


Path = tuple[str, ...]
"""The steps from a record to a value: other records on the way, and the dotted path in the last of them."""
Marks = Mapping[tuple[str, str], list[bool | None]]
"""For each kind of record and mark its values, row by row."""


@dataclass(eq=False)
class Table:
    """Records of one kind: of which scenario each is, and its place there."""

    records: Any
    scenario: Places
    place: Places
    columns: dict[Path, Column] = field(default_factory=dict)
    scopes: dict[str, Scope] = field(default_factory=dict)
    elements: dict[Path, Elements] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many records there are."""
        return len(self.scenario)

    def let_go(self) -> None:
        """Give up what was made of the records: tables and scopes hold one another."""
        for made in (self.columns, self.scopes, self.elements):
            made.clear()

    def scope(self, root: str) -> Scope:
        """The rows of this table alone, under the name by which an expression speaks of them."""
        if root not in self.scopes:
            self.scopes[root] = Scope(self.rows, self.scenario, {root: (self, None)})
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
        return np.arange(table.rows) if places is None else places


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


def cut(values: Sequence[Any], counts: Places) -> Iterator[tuple[Any, ...]]:
    """The values that follow one another, so many at a time."""
    for start, end in pairwise([0, *np.cumsum(counts).tolist()]):
        yield tuple(values[start:end])


def take(column: Column, places: Places | None) -> Column:
    """The column for other rows; what stands for every row still does."""
    if places is None:
        return column
    values, known = column
    return Column(values if np.ndim(values) == 0 else values[places], known if np.ndim(known) == 0 else known[places])


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


def lengths(lists: Sequence[Sequence[Any]]) -> Places:
    """How long each list is."""
    return np.fromiter(map(len, lists), np.intp, len(lists))


def elements(table: Table, counts: Places, known: Any) -> Elements:
    """The elements of collections that follow one another in a table, given how many each owner has."""
    return Elements(table, counts, np.cumsum(counts) - counts, None if known is None or known.all() else known)


class Links(NamedTuple):
    """The ties of each jurisdiction, once for each other party; and for each, both as places in their scenario."""

    elements: Elements
    tie: Places
    partner: Places


class Tables(ABC):
    """The tables of several scenarios, and the rows of every subject that a rule can have."""

    def __init__(self, count: int, scenario: Any) -> None:
        self.count = count
        everywhere = np.arange(count)
        self.scenario = Table(scenario, everywhere, everywhere)
        self._subjects: dict[tuple[str, ...], Scope] = {}

    @property
    @abstractmethod
    def kinds(self) -> Mapping[str, Table]:
        """The table of each root of a subject."""

    @property
    @abstractmethod
    def links(self) -> Links:
        """The ties as rows."""

    @abstractmethod
    def burdens(self, owners: Places) -> tuple[Places, Places]:
        """Each of these jurisdictions once for each burden of it: its number among them, and the burden."""

    @abstractmethod
    def elsewhere(self, table: Table, path: Path) -> tuple[Table, Places, Path] | None:
        """The table in which a value stands that another one has as well, so that it is read once; where, and how."""

    @abstractmethod
    def values(self, table: Table, path: Path, marks: Marks) -> Sequence[Any]:
        """A value of each record, None for unknown, lists of words in any form; of marks those that are given."""

    @abstractmethod
    def given(self, kind: str, path: str) -> list[bool | None]:
        """Which records of a kind carry a mark before any rule has put it."""

    @abstractmethod
    def collection(self, table: Table, path: Path) -> Elements:
        """The elements of a collection of each record."""

    @abstractmethod
    def made(self) -> Iterator[Table]:
        """All tables that hold something that was made of the records."""

    def let_go(self) -> None:
        """Give up what was made of the records, which would else wait for a search for garbage."""
        for table in self.made():
            table.let_go()

    def counts(self, table: Table) -> Places:
        """How many records of a table each scenario has."""
        return np.bincount(table.scenario, minlength=self.count).astype(np.intp)

    def starts(self, table: Table) -> Places:
        """Where the records of each scenario begin."""
        counts = self.counts(table)
        return np.cumsum(counts) - counts

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
            parent, place = spread(self.links.elements.counts[owner])
            return parent, self.links.elements.starts[owner][parent] + place
        if root == "burden":
            return self.burdens(index["jurisdiction"])
        table = self.kinds[root]
        parent, place = spread(self.counts(table)[scenario])
        found = self.starts(table)[scenario][parent] + place
        if root == "other":
            away = found != index["jurisdiction"][parent]
            return parent[away], found[away]
        return parent, found


def places_in(scope: Scope, root: str) -> Array:
    """The place of each row's record in its own scenario; -1 where rows do not speak of the root."""
    if root not in scope.index:
        return np.full(scope.rows, -1)
    table, places = scope.index[root]
    return table.place if places is None else table.place[places]
