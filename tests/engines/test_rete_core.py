"""The C core is used only as it is safe, and its numbers keep their order."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.engines.rete_core import (
    MOST_RULES,
    Comparison,
    Ruleset,
    fact_text,
    hash_of,
    import_core,
    ordered,
    property_text,
)

CORE = import_core()
FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE, FINITE)
def test_whole_numbers_stand_in_the_order_of_the_floats(a: float, b: float) -> None:
    assert (ordered(a) < ordered(b)) is (a < b)
    assert (ordered(a) == ordered(b)) is (a == b)


@given(st.lists(FINITE, min_size=1, max_size=12), FINITE, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]))
def test_the_core_compares_as_python_does(values: list[float], limit: float, op: str) -> None:
    ruleset = Ruleset(CORE, {"t0c0": [Comparison("p0", op, ordered(limit))]})
    facts = [fact_text(number, property_text("p0", ordered(value))) for number, value in enumerate([*values, limit])]
    compare = {
        "==": float.__eq__,
        "!=": float.__ne__,
        "<": float.__lt__,
        "<=": float.__le__,
        ">": float.__gt__,
        ">=": float.__ge__,
    }[op]
    expected = [number for number, value in enumerate([*values, limit]) if compare(float(value), float(limit))]
    assert sorted(number for _, number in ruleset.match(facts)) == expected
    ruleset.close()


def test_a_missing_property_makes_every_test_false() -> None:
    rules = {f"t{number}c0": [Comparison("p0", op, 1)] for number, op in enumerate(["==", "!=", "<", "<=", ">", ">="])}
    ruleset = Ruleset(CORE, rules)
    assert ruleset.match([fact_text(0, property_text("p1", 1))]) == []
    ruleset.close()


def test_a_ruleset_may_be_empty_and_used_many_times() -> None:
    ruleset = Ruleset(CORE, {})
    assert [ruleset.match([fact_text(0, "")]) for _ in range(3)] == [[], [], []]
    ruleset.close()


@pytest.mark.parametrize(
    "rules",
    [
        {f"t{number}c0": [Comparison("p0", "==", 1)] for number in range(MOST_RULES + 1)},
        {'t0c0","x': [Comparison("p0", "==", 1)]},
        {"t0c0": [Comparison('p0"', "==", 1)]},
        {"t0c0": [Comparison("id", "==", 1)]},
        {"t0c0": [Comparison("p0", "==", 2**63)]},
        {"t0c0": [Comparison(f"p{number}", "==", 1) for number in range(151)]},
    ],
    ids=["too many rules", "rule name", "property name", "property id", "too large", "too many properties"],
)
def test_nothing_unsafe_reaches_the_core(rules: dict[str, list[Comparison]]) -> None:
    with pytest.raises(ValueError, match=r"rules|name|number"):
        Ruleset(CORE, rules)


def test_ids_of_facts_never_collide_in_the_hash_of_the_core() -> None:
    assert len({hash_of(f"f{number}") for number in range(250_000)}) == 250_000


def test_a_closed_ruleset_refuses_to_match() -> None:
    ruleset = Ruleset(CORE, {})
    ruleset.close()
    with pytest.raises(RuntimeError, match="closed"):
        ruleset.match([])


def test_a_comma_as_decimal_point_changes_nothing() -> None:
    """The core reads decimal numbers by the locale; it gets none. Where no such locale is installed, C stands in."""
    program = (
        "import locale\n"
        "for name in ('de_DE.UTF-8', 'fr_FR.UTF-8', 'fr_CA.UTF-8', 'C'):\n"
        "    try: locale.setlocale(locale.LC_ALL, name); break\n"
        "    except locale.Error: pass\n"
        "from policyengine.engines.rete_core import *\n"
        "ruleset = Ruleset(import_core(), {'t0c0': [Comparison('p0', '>=', ordered(0.6))]})\n"
        "facts = [fact_text(n, property_text('p0', ordered(x))) for n, x in enumerate([0.1, 0.6])]\n"
        "print(ruleset.match(facts))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert found.stdout == "[('t0c0', 1)]\n"
