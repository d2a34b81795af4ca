"""Every case of the table means under the reference engine what the table says."""

import pytest
from language_cases import SCHEMA, Case, cases

from policyengine.engines.reference import evaluate
from policyengine.lang.check import check
from policyengine.lang.operators import OPERATORS
from policyengine.lang.show import show
from policyengine.lang.types import Boolean, Number

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.shows}: {case.expression}")
def test_an_expression_has_the_value_of_the_table(case: Case) -> None:
    wanted = [case.wanted] if case.value is not None else [Boolean, Number]
    (node,) = [found for kind in wanted if (found := check(case.expression, SCHEMA, kind).node)]
    value = evaluate(node, case.bindings)
    assert value == case.value
    assert type(value) is type(case.value)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.shows}: {case.expression}")
def test_an_expression_that_is_printed_and_read_again_is_the_same_object(case: Case) -> None:
    for kind in (Boolean, Number):
        node = check(case.expression, SCHEMA, kind).node
        if node is not None:
            assert check(show(node), SCHEMA, kind).node is node


def test_the_table_has_every_operator_with_a_known_and_an_unknown_value() -> None:
    seen: dict[str, set[str]] = {name: set() for name in OPERATORS}
    for case in CASES:
        for kind in (Boolean, Number):
            node = check(case.expression, SCHEMA, kind).node
            for part in node.walk() if node else ():
                seen.get(part.op, set()).add("unknown" if case.value is None else "known")
    assert {name for name, values in seen.items() if values != {"known", "unknown"}} == {"known"}
