"""Choosing an engine, and going on without durable_rules."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from policyengine import shipped
from policyengine.api import evaluate, load_scenario
from policyengine.assess.result import Engine
from policyengine.engines.interface import ENGINES, make_engine
from policyengine.rulebook.rule import Rulebook

ICE_STORM = shipped.folder("scenarios") / "ice-storm-1998-mutual-aid.yaml"


@pytest.mark.parametrize("name", list(ENGINES))
def test_the_result_says_which_engine_ran(name: str, rulebook: Rulebook) -> None:
    result = evaluate(load_scenario(ICE_STORM, rulebook), rulebook, name)
    assert (result.engine.name, result.engine.note) == (name, "")


def test_results_of_the_engines_differ_only_in_the_name_of_the_engine(scenario_path: Path, rulebook: Rulebook) -> None:
    scenario = load_scenario(scenario_path, rulebook)
    results = [replace(evaluate(scenario, rulebook, name), engine=Engine(name="any")) for name in ENGINES]
    assert all(result == results[0] for result in results)


def test_without_durable_rules_the_reference_engine_runs_and_says_why(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)  # makes the import fail as if it were not there
    result = evaluate(load_scenario(ICE_STORM, rulebook), rulebook, "rete")
    assert result.engine.name == "reference"
    assert result.engine.note.startswith("engine 'rete' is not available (durable_rules cannot be imported: ")
    assert "\n" not in result.engine.note


def test_an_unknown_engine_is_refused_with_a_proposal(rulebook: Rulebook) -> None:
    with pytest.raises(ValueError, match="did you mean 'reference'"):
        evaluate(load_scenario(ICE_STORM, rulebook), rulebook, "referense")


def test_closing_an_engine_twice_does_no_harm(rulebook: Rulebook) -> None:
    engine = make_engine("rete", rulebook).engine
    engine.close()
    engine.close()
