"""What holds for every expression."""

from __future__ import annotations

import pickle

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
FEW, MANY = settings(max_examples=150), settings(max_examples=300)


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

    @settings(max_examples=300, database=None)
    @given(st.data(), schemas(), KINDS)
    def look(data: st.DataObject, schema: Schema, kind: type[Boolean | Number]) -> None:
        seen.update(part.op for part in checked(data.draw(expressions(schema, kind)), schema, kind).walk())

    look()
    assert seen >= set(OPERATORS)


def test_random_cases_are_true_false_unknown_and_numbers() -> None:
    seen: set[object] = set()

    @settings(max_examples=50, database=None)
    @given(cases(Boolean), cases(Number))
    def look(condition: Case, number: Case) -> None:
        seen.add(evaluate(checked(condition.expression, condition.schema, Boolean), condition.bindings))
        seen.add(type(evaluate(checked(number.expression, number.schema, Number), number.bindings)))

    look()
    assert seen == {None, True, False, float, type(None)}
