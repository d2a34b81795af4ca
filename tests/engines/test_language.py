"""Every engine gives every case of the language's table the value that stands there, and has every operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from language_cases import SCHEMA, Case, cases

from policyengine.engines import columnar_fold, columnar_kernels, functions
from policyengine.engines.columnar_facts import FactsTables
from policyengine.engines.columnar_fold import Fold, Residual, Residue
from policyengine.engines.columnar_kernels import Column
from policyengine.engines.columnar_many import Many
from policyengine.engines.columnar_program import Chunk, Program
from policyengine.engines.columnar_tables import Scope, Table
from policyengine.engines.columnar_words import Words
from policyengine.engines.functions import Functions
from policyengine.engines.reference import evaluate
from policyengine.lang.check import check
from policyengine.lang.nodes import Node
from policyengine.lang.operators import OPERATORS
from policyengine.lang.types import BOOLEAN, NUMBER, Boolean, Number, Type, Word
from policyengine.rulebook.facts import Facts
from policyengine.rulebook.rule import Rulebook

CASES = cases()
Value = Callable[[Node, dict[str, Any]], Any]


def plain(column: Column) -> Any:
    """The only value of a column, None if it is unknown."""
    known = True if column.known is None else np.broadcast_to(column.known, 1)[0]
    return np.broadcast_to(column.values, 1)[0].item() if known else None


def in_tables(rulebook: Rulebook) -> Value:
    """The columnar engine's evaluation of many scenarios, with one."""

    def value(node: Node, bindings: dict[str, Any]) -> Any:
        collections: dict[str, list[dict[str, Any]] | None] = {"things": None, "parts": None}
        collections |= {name: found for name, found in bindings.items() if isinstance(found, list)}
        facts = Facts({}, [], [], None, [], [], [], collections=collections)
        many = Many(replace(rulebook, rules=(), parameters={}), FactsTables([facts]), {})
        many._parameters = bindings.get("param", {})
        first = np.zeros(1, np.intp)
        records = {name: found for name, found in bindings.items() if isinstance(found, dict)}
        scope = Scope(1, first, {name: (Table([record], first, first), None) for name, record in records.items()})
        with np.errstate(all="ignore"):
            return plain(many.evaluate(node, scope))

    return value


def varied(_: Rulebook) -> Value:
    """Partial evaluation with a column of one row for every plain value, and the program that is left."""

    def value(node: Node, bindings: dict[str, Any]) -> Any:
        residue, words = Residue(), Words()
        columns: dict[str, Column] = {}
        folded = Fold(residue).fold(
            node, {name: vary(found, residue, words, columns) for name, found in bindings.items()}
        )
        if not isinstance(folded, Residual):
            return folded
        with np.errstate(all="ignore"):
            return plain(Chunk(Program(residue, [folded], words), columns, 1).value(folded))

    return value


def vary(value: Any, residue: Residue, words: Words, columns: dict[str, Column]) -> Any:
    """Plain data with what stands for a column in the place of each value."""
    if isinstance(value, dict):
        return {name: vary(each, residue, words, columns) for name, each in value.items()}
    if isinstance(value, list):
        return [vary(each, residue, words, columns) for each in value]
    kinds: dict[type, Type] = {bool: BOOLEAN, float: NUMBER}
    kind = kinds.get(type(value), Word("any"))
    name = f"c{len(columns)}"
    columns[name] = words.column([value], kind)
    return residue.column(name)


def fixed(_: Rulebook) -> Value:
    """Partial evaluation with nothing that varies."""
    return lambda node, bindings: Fold(Residue()).fold(node, bindings)


def in_functions(_: Rulebook) -> Value:
    return lambda node, bindings: Functions().of(node)(bindings)


EVALUATORS: dict[str, Callable[[Rulebook], Value]] = {
    "reference": lambda _: evaluate,
    "rete": in_functions,
    "columnar, many scenarios": in_tables,
    "columnar, all varied": varied,
    "columnar, all fixed": fixed,
}


@pytest.mark.parametrize("name", list(EVALUATORS))
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.shows}: {case.expression}")
def test_an_expression_has_the_value_of_the_table(case: Case, name: str, rulebook: Rulebook) -> None:
    wanted = [case.wanted] if case.value is not None else [Boolean, Number]
    (node,) = [found for kind in wanted if (found := check(case.expression, SCHEMA, kind).node)]
    value = EVALUATORS[name](rulebook)(node, {"thing": {}, **case.bindings})
    assert (value, type(value)) == (case.value, type(case.value))


APART = {"in", "contains"}
"""Operators whose row is a function of its own, because they take a list or a table beside the arguments."""


@pytest.mark.parametrize(
    "found",
    [
        {*columnar_kernels.OPERATORS, *columnar_kernels.QUANTIFIERS, *APART},
        {*columnar_fold.SCALARS, *columnar_fold.QUANTIFIERS, "and", "or", "not", "known", "in"},
        {*functions._COMBINE, *functions._GATHER, "in"},
    ],
    ids=["columnar, columns", "columnar, plain values", "rete"],
)
def test_an_engine_has_every_operator(found: set[str]) -> None:
    assert found == set(OPERATORS)


def test_an_operator_that_an_engine_lacks_is_missed(monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook) -> None:
    monkeypatch.delitem(columnar_kernels.OPERATORS, "clip")
    case = next(case for case in CASES if "clip" in case.expression)
    node = check(case.expression, SCHEMA, case.wanted).node
    assert node is not None
    with pytest.raises(KeyError, match="clip"):
        in_tables(rulebook)(node, case.bindings)
