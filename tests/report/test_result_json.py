"""The fast writer of results writes the very bytes of the plain one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_packs import a_pack, a_scenario, write_pack

from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.assess.result import Result, plain
from policyengine.report.data import render_json
from policyengine.report.result_json import ResultWriter
from policyengine.shipped import folder

WRITER = ResultWriter()
SHIPPED = load_packs()
BASE = evaluate(load_scenario(min(folder("scenarios").glob("*.yaml")), SHIPPED), SHIPPED, "reference")


def assert_same(result: Result) -> None:
    wanted = render_json(plain(result))
    assert WRITER.write(result) == wanted
    assert WRITER.write(result) == wanted, "what is remembered is what was written"
    assert ResultWriter().write(result) == wanted


def test_shipped_scenarios(scenario_path: Path) -> None:
    assert_same(evaluate(load_scenario(scenario_path, SHIPPED), SHIPPED, "reference"))


@pytest.mark.parametrize("seed", range(20))
def test_random_rules_and_scenarios(tmp_path: Path, seed: int) -> None:
    random = Random(seed)
    made = a_pack(random)
    rulebook = load_packs([write_pack(made, tmp_path / "pack")])
    (tmp_path / "s.json").write_text(json.dumps(a_scenario(random, made["pack"]["vocabulary"])), "utf-8")
    assert_same(evaluate(load_scenario(tmp_path / "s.json", rulebook), rulebook, "reference"))


@given(st.text(), st.floats(allow_nan=False, allow_infinity=False), st.integers(-(2**53), 2**53))
def test_whatever_text_and_numbers(text: str, number: float, year: int) -> None:
    scenario = replace(BASE.scenario, title=text, year=year)
    parameters = {text: number, "x": 0.1}
    assert_same(replace(BASE, scenario=scenario, parameters=parameters, layers=(text, text)))


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_no_such_number_is_written(number: float) -> None:
    with pytest.raises(ValueError, match="JSON has no such number"):
        WRITER.write(replace(BASE, parameters={"x": number}))
