"""What is scaffolded is right as it is: it loads, its examples hold on every engine, its scenario evaluates."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.engines.interface import ENGINES, make_engine
from policyengine.errors import Problems
from policyengine.rulebook.examine import examine_packs
from policyengine.rulebook.examples import alone, example_facts, examples_of, outcome
from policyengine.rulebook.rule import Rulebook
from policyengine.ruletests.suite import read_suites, run_suite
from policyengine.scaffold.project import lacking, project_files, write_project
from policyengine.scaffold.rule import rule_text

NAMES = ["smoke", "911", "null", "1e5", "a-b"]


def a_project(folder: Path, name: str = "smoke", base: str | None = None) -> Path:
    vocabulary = None if base is None else load_packs([base]).vocabulary
    write_project(folder, project_files(name, 'A "title": of one', base, vocabulary))
    return folder / name


def examples_hold(rulebook: Rulebook) -> bool:
    return all(
        outcome(rule, make_engine(engine, alone(rulebook, rule)).engine.run(facts)) == example.expected
        for engine in ENGINES
        for rule in rulebook.rules
        for example in examples_of(rule)
        for facts in [example_facts(example.given, rulebook.schemas[rule.pack])]
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("base", [None, "borders"])
def test_a_new_project_is_right_as_it_is(tmp_path: Path, name: str, base: str | None) -> None:
    rulebook = load_packs([a_project(tmp_path, name, base)])
    assert examples_hold(rulebook)
    (rule,) = rulebook.rules
    assert {example.expected for example in examples_of(rule)} == {"fires", "silent", "undecided"}
    result = evaluate(load_scenario(tmp_path / "scenarios" / "first-scenario.yaml", rulebook), rulebook)
    assert [cell.leads for cell in result.views[0].cells if cell.leads] == [("A",)]
    problems = Problems()
    (suite,) = read_suites([str(tmp_path / name)], problems)
    assert problems.items == ()
    assert [outcome.id for outcome in run_suite(suite, tuple(ENGINES)) if not outcome.passed] == []
    assert len(suite.tests) == 2


def test_a_pack_without_levels_is_nothing_to_build_on() -> None:
    harbour = load_packs([Path(__file__).parents[2] / "docs" / "examples" / "harbour"])
    assert lacking(harbour.vocabulary) == []
    assert lacking(load_packs(["borders"]).vocabulary) == []


def test_a_project_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="name too long"):
        write_project(tmp_path / "new", {"good.yaml": "a: 1\n", "x" * 300: "b: 2\n"})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("base", [None, "borders"])
def test_new_rules_pass_everything_and_change_no_result(tmp_path: Path, base: str | None) -> None:
    folder = a_project(tmp_path, base=base)
    for number in range(3):
        rulebook = load_packs([folder])
        text = rule_text(rulebook, f"rule-{number}", ["smoke-source/who-can-act-leads"], "normative")
        (folder / "rules" / f"rule-{number}.yaml").write_text(text, "utf-8")
    rulebook = load_packs([folder])
    assert len(rulebook.rules) == 4
    assert examples_hold(rulebook)
    assert [problem.code for problem in examine_packs([folder]).problems] == []
    problems = Problems()
    (suite,) = read_suites([str(folder)], problems)
    assert [outcome.id for outcome in run_suite(suite, tuple(ENGINES)) if not outcome.passed] == []
