"""Many different scenarios at once: each part of an expression on the smallest rows that it speaks of.

A part about one record is computed once for each such record, whatever else the rule is about; a
part about several, once for each row of the rule.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from policyengine.engines.columnar_kernels import (
    OPERATORS,
    QUANTIFIERS,
    Column,
    Flags,
    both,
    contains,
    falsity,
    listed,
    strengths,
)
from policyengine.engines.columnar_tables import Elements, Inner, Path, Places, Scope, Table, Tables, inside, take
from policyengine.engines.columnar_words import Words
from policyengine.lang.nodes import Node
from policyengine.lang.types import BOOLEAN, Collection, Type
from policyengine.rulebook.rule import Effect, Rule, Rulebook


class Wave(NamedTuple):
    """One effect of one rule for many rows: where it fires and how strongly, and where it is undecided."""

    rule: int
    effect: int
    scope: Scope
    fired: Flags
    undecided: Flags
    strength: Any


class Many:
    """The evaluation of one rulebook for several scenarios."""

    def __init__(self, rulebook: Rulebook, tables: Tables, names: dict[Node, tuple[str, ...]]) -> None:
        self._rulebook = rulebook
        self._parameters: Mapping[str, float] = rulebook.parameter_values
        self._words = Words()
        self._names = names
        self.tables = tables
        self._marks: dict[tuple[str, str], list[bool | None]] = {}

    def waves(self) -> Iterator[Wave]:
        """Every effect of every rule, stratum by stratum."""
        self._clear_marks()
        with np.errstate(all="ignore"):
            for stratum in self._rulebook.strata:
                found = [wave for index in stratum for wave in self._judge(index, self._rulebook.rules[index])]
                self._put_marks(found)
                yield from found

    def _judge(self, index: int, rule: Rule) -> Iterator[Wave]:
        scope = self.tables.subjects(rule.subject)
        holds = self.evaluate(rule.when, scope)
        never = np.broadcast_to(falsity(holds), scope.rows)
        for place, effect in enumerate(() if never.all() else rule.effects):
            points = Column(np.float64(0.0)) if effect.points is None else self.evaluate(effect.points, scope)
            fired = np.broadcast_to(both(holds.values, points.known), scope.rows)
            strength = np.where(fired, strengths(points.values, rule.weight), 0.0).astype(np.int64)
            yield Wave(index, place, scope, fired, ~(fired | never), strength)

    def _clear_marks(self) -> None:
        for mark in self._rulebook.marks:
            kind, _, path = mark.partition(".")
            self._marks[kind, path] = self.tables.given(kind, path)

    def _put_marks(self, waves: Sequence[Wave]) -> None:
        """What is undecided first, so that whatever holds has the last word."""
        setting = [(wave, effect) for wave in waves if (effect := self._effect(wave)).kind == "mark"]
        for value in (None, True):
            for wave, effect in setting:
                kind, _, path = effect.target.partition(".")
                marks = self._marks[kind, path]
                for row in wave.scope.at(kind)[wave.fired if value else wave.undecided].tolist():
                    marks[row] = value or (True if marks[row] is True else None)

    def _effect(self, wave: Wave) -> Effect:
        return self._rulebook.rules[wave.rule].effects[wave.effect]

    def evaluate(self, node: Node, scope: Scope) -> Column:
        """The values of an expression for the rows of a scope."""
        if node.op == "literal":
            return self._words.scalar(node.value)
        found = scope.values.get(node)
        if found is None:
            found = scope.values[node] = self._evaluate(node, scope)
        return found

    def _evaluate(self, node: Node, scope: Scope) -> Column:
        names = self._names_of(node)
        if len(names) > 1:
            return self._compute(node, scope)
        if not names:
            own = self.tables.scenario.scope("scenario")
            return self._compute(node, own) if own is scope else take(self.evaluate(node, own), scope.scenario)
        table, places = scope.index[names[0]]
        own = table.scope(names[0])
        return self._compute(node, own) if own is scope else take(self.evaluate(node, own), places)

    def _names_of(self, node: Node) -> tuple[str, ...]:
        """The roots and variables on which a value depends, besides the scenario."""
        found = self._names.get(node)
        if found is None:
            if node.op == "name":
                whole = node.value[0] in ("scenario", "param") or len(node.value) == 1
                found = () if whole else (node.value[0],)
            else:
                parts = dict.fromkeys(name for arg in node.args for name in self._names_of(arg))
                bound = node.value if node.op in QUANTIFIERS else None
                found = tuple(name for name in parts if name != bound)
            self._names[node] = found
        return found

    def _compute(self, node: Node, scope: Scope) -> Column:
        if node.op == "name":
            return self._named(node, scope)
        if node.op in QUANTIFIERS:
            return self._quantify(node, scope)
        if node.op == "known" and isinstance(node.args[0].type, Collection):
            elements, owners = self._elements(node.args[0], scope)
            return Column(np.True_ if elements.known is None else elements.known[owners])
        args = [self.evaluate(arg, scope) for arg in node.args]
        if node.op == "in":
            return listed(args[0], [self._words.option(value) for value in node.value])
        if node.op == "contains":
            return contains(args[0], args[1], self._words.holds())
        return OPERATORS[node.op](args)

    def _named(self, node: Node, scope: Scope) -> Column:
        root, *hops = node.value
        if root == "param":
            return self._words.scalar(self._parameters.get(hops[0]))
        table = self.tables.scenario if root == "scenario" else scope.index[root][0]
        return self._column(table, tuple(hops), node.type)

    def _column(self, table: Table, path: Path, kind: Type) -> Column:
        """The values of a path for the records of a table."""
        if path not in table.columns:
            elsewhere = self.tables.elsewhere(table, path)
            if elsewhere is None:
                values = self.tables.values(table, path, self._marks)
                table.columns[path] = self._words.column(values, kind)
            else:
                other, places, rest = elsewhere
                table.columns[path] = take(self._column(other, rest, kind), places)
        return table.columns[path]

    def _elements(self, node: Node, scope: Scope) -> tuple[Elements, Places]:
        """The elements of a collection, and for each row of the scope its owner among theirs."""
        root, *leaf = node.value
        if leaf:
            table, owners = scope.index[root][0], scope.at(root)
        else:
            table, owners = self.tables.scenario, scope.scenario
        path = tuple(leaf) or (root,)
        if path not in table.elements:
            table.elements[path] = self.tables.collection(table, path)
        return table.elements[path], owners

    def _quantify(self, node: Node, scope: Scope) -> Column:
        key = (node.args[0], node.value)
        if key not in scope.inner:
            elements, owners = self._elements(node.args[0], scope)
            scope.inner[key] = inside(scope, elements, owners, node.value)
        inner = scope.inner[key]
        kept, value = (self.evaluate(arg, inner.scope) for arg in node.args[1:])
        steps = [(len(rows), take(kept, rows), take(value, rows)) for rows in inner.steps]
        return _in_order(QUANTIFIERS[node.op](scope.rows, steps), inner, node.type == BOOLEAN)


def _in_order(found: Column, inner: Inner, truth: bool) -> Column:
    """Rows in their own order again, unknown where the collection is."""
    values, known = np.empty_like(found.values), np.empty_like(found.known)
    values[inner.order], known[inner.order] = found.values, found.known
    if inner.known is not None:
        known &= inner.known
        values = values & known if truth else values
    return Column(values) if known.all() else Column(values, known)
