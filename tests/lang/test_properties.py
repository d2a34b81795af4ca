"""What holds for every expression."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import Case, cases, expressions, schemas

from policyengine.engines.reference import evaluate
from policyengine.lang.bounds import bounds
from policyengine.lang.check import check
from policyengine.lang.nodes import Node
from policyengine.lang.operators import OPERATORS
from policyengine.lang.show import show
from policyengine.lang.types import Boolean, Number, Schema

KINDS = st.sampled_from([Boolean, Number])
FEW, MANY = settings(max_examples=200), settings(max_examples=400)


def checked(text: str, schema: Schema, kind: type[Boolean | Number]) -> Node:
    found = check(text, schema, kind)
    assert found.node is not None, (text, found.mistakes)
    return found.node


@FEW
@given(st.data(), schemas(), KINDS)
def test_printing_and_reading_again_gives_the_identical_node(
    data: st.DataObject, schema: Schema, kind: type[Boolean | Number]
) -> None:
    node = checked(data.draw(expressions(schema, kind)), schema, kind)
    assert checked(show(node), schema, kind) is node
    assert pickle.loads(pickle.dumps(node)) is node


@MANY
@given(cases(Number))
def test_bounds_contain_the_value(case: Case) -> None:
    node = checked(case.expression, case.schema, Number)
    value = evaluate(node, case.bindings)
    low, high = bounds(node)
    assert low <= high
    assert value is None or low <= value <= high


@FEW
@given(cases(Boolean))
def test_a_value_that_becomes_known_never_turns_a_decided_condition(case: Case) -> None:
    node = checked(case.expression, case.schema, Boolean)
    if any(part.op == "known" for part in node.walk()):
        return
    less = {root: value for root, value in case.bindings.items() if root != "place"}
    decided = evaluate(node, less)
    assert decided is None or evaluate(node, case.bindings) is decided


def test_random_expressions_use_every_operator() -> None:
    seen: set[str] = set()

    @settings(max_examples=500, database=None)
    @given(cases(Number), cases(Boolean))
    def look(number: Case, condition: Case) -> None:
        for case, kind in ((number, Number), (condition, Boolean)):
            seen.update(part.op for part in checked(case.expression, case.schema, kind).walk())

    look()
    assert seen >= set(OPERATORS)


@pytest.mark.parametrize("kind", [Boolean, Number])
def test_random_conditions_have_every_value(kind: type[Boolean | Number]) -> None:
    seen: set[object] = set()

    @settings(max_examples=200, database=None)
    @given(cases(kind))
    def look(case: Case) -> None:
        value = evaluate(checked(case.expression, case.schema, kind), case.bindings)
        seen.add(value if value in {None, True, False} else "a number")

    look()
    assert seen >= ({None, True, False} if kind is Boolean else {None, "a number"})
