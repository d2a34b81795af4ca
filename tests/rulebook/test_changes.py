"""What a pack changes in those that it extends: values of parameters, rules switched off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rulebook.conftest import SCENARIO, LoadPack, PackProblems, a_rule, brief, marked

from policyengine.assess.result import Result, plain, read_result
from policyengine.engines.interface import ENGINES, make_engine
from policyengine.evaluation import evaluate_scenario
from policyengine.report.changes import changes
from policyengine.report.evaluation_report import evaluation_report
from policyengine.report.paper import Paper
from policyengine.report.rules import rule_data, rule_report, rules_data, rules_report
from policyengine.report.text import render_text
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import read_scenario

MORE = "pack: {name}\ntitle: More\nversion: 1.0.0\nrole: {role}\nsummary: More.\nextends: [mine]\n{changes}\n"
SEVERE = SCENARIO.replace("kind: fire", "kind: fire, severity: 0.6")
LIFTED = 'overrides: {high: {value: 0.7, because: "Measured anew."}}'
OFF = 'switch_off: {mine/one: "Not ours."}'


def more(changes: str, name: str = "more", role: str = "opinion") -> dict[str, str]:
    """A pack that extends the small one."""
    return {f"{name}/pack.yaml": MORE.format(name=name, role=role, changes=changes)}


def result_of(rulebook: Rulebook, folder: Path, engine: str = "reference") -> Result:
    path = folder / "severe.yaml"
    path.write_text(SEVERE, "utf-8")
    file = read_scenario(path, rulebook.vocabulary)
    return evaluate_scenario(file.scenario, file.sha256, rulebook, make_engine(engine, rulebook))


@pytest.mark.parametrize("key", ["high", "mine/high"])
@pytest.mark.parametrize("engine", ENGINES)
def test_an_override_changes_what_fires_on_every_engine(
    load_pack: LoadPack, tmp_path: Path, key: str, engine: str
) -> None:
    as_it_is = load_pack({"one": a_rule("one")})
    lifted = load_pack(more(LIFTED.replace("{high", f"{{{key}")), "more")
    assert (lifted.parameter_values, as_it_is.parameter_values) == ({"high@mine": 0.7}, {"high@mine": 0.5})
    assert len(result_of(as_it_is, tmp_path, engine).firings) == 2
    assert result_of(lifted, tmp_path, engine).firings == ()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_rule_that_is_switched_off_neither_fires_nor_sets_its_marks(
    load_pack: LoadPack, tmp_path: Path, engine: str
) -> None:
    setting = a_rule("one", then="[{mark: threat.hot}]")
    testing = a_rule("two", when="threat.marks.hot")
    for changed, expected in (("", {"mine/one", "mine/two"}), (OFF, set())):
        rulebook = load_pack({"one": setting, "two": testing, **more(changed)}, "more")
        result = result_of(rulebook, tmp_path, engine)
        assert {firing.rule for firing in result.firings} == expected
        assert result.undecided == ()


def test_switching_a_rule_off_breaks_a_circle(load_pack: LoadPack) -> None:
    files = {
        "one": a_rule("one", when="threat.marks.two", then="[{mark: threat.one}]"),
        "two": a_rule("two", when="threat.marks.one", then="[{mark: threat.two}]"),
    }
    assert [rule.id for rule in load_pack({**files, **more(OFF)}, "more").rules] == ["two"]


def test_the_result_repeats_every_change_with_its_reason(load_pack: LoadPack, tmp_path: Path) -> None:
    result = result_of(load_pack({"one": a_rule("one"), **more(f"{LIFTED}\n{OFF}")}, "more"), tmp_path)
    data = plain(result)
    assert data["overrides"] == [
        {"by": "more", "parameter": "high@mine", "value": 0.7, "instead_of": 0.5, "because": "Measured anew."}
    ]
    assert data["switched_off"] == [{"by": "more", "rule": "mine/one", "because": "Not ours."}]
    assert read_result(json.dumps(data)) == result
    text = " ".join(render_text(evaluation_report(result, ["severe.yaml"]), Paper()).split())
    assert "high [mine] is 0.7 instead of 0.5, set by the pack more: Measured anew." in text
    assert "rule mine/one is switched off by the pack more: Not ours." in text


def test_a_result_without_changes_says_nothing_of_them(load_pack: LoadPack, tmp_path: Path) -> None:
    assert list(changes(result_of(load_pack({"one": a_rule("one")}), tmp_path))) == []


def test_lists_of_rules_show_what_is_changed(load_pack: LoadPack) -> None:
    rulebook = load_pack({"one": a_rule("one"), **more(f"{LIFTED}\n{OFF}")}, "more")
    (rule,) = rulebook.off
    shown = " ".join(render_text(rule_report(rulebook, rule), Paper()).split())
    assert "Switched off by the pack more: Not ours." in shown
    assert "high = 0.7 (from 0 to 1): High [mine] Set by the pack more instead of 0.5: Measured anew." in shown
    data = rule_data(rulebook, rule)
    assert (len(data["switched_off"]), len(data["overrides"])) == (1, 1)
    assert [each.get("switched_off") for each in rules_data([rule], rulebook.off)] == [True]
    assert "score field; switched off" in render_text(rules_report([rule], rulebook.off), Paper())


def test_changes_hold_in_every_view(load_pack: LoadPack, tmp_path: Path) -> None:
    rulebook = load_pack({"one": a_rule("one"), **more(LIFTED)}, "more")
    result = result_of(rulebook, tmp_path)
    assert [view.id for view in result.views] == ["all", "mine", "more"]
    assert all(cell.leads == () for view in result.views for cell in view.cells)


@pytest.mark.parametrize(
    ("changed", "code", "under", "hint"),
    [
        ("overrides: {hihg: {value: 0.7, because: B}}", "P517", "hihg", "did you mean 'high'?"),
        ("overrides: {mine/hihg: {value: 0.7, because: B}}", "P517", "mine/hihg", "did you mean 'mine/high'?"),
        ("overrides: {high: {value: 1.5, because: B}}", "P507", "1.5", "from 0 to 1"),
        ("switch_off: {mine/onn: B}", "P519", "mine/onn", "did you mean 'mine/one'?"),
        ("switch_off: {more/one: B}", "P519", "more/one", "did you mean 'mine/one'?"),
        ("switch_off: {mine/one: ''}", "P108", "''", ""),
        ("overrides: {high: {value: 0.7}}", "P103", "", ""),
        (f"parameters:\n  own: {{value: 0, low: 0, high: 1, means: O}}\n{LIFTED.replace('high', 'own')}", "P517", "own",
         "under 'parameters'"),
    ],
)  # fmt: skip
def test_a_change_of_nothing_is_told(
    pack_problems: PackProblems, changed: str, code: str, under: str, hint: str
) -> None:
    (problem,) = pack_problems({"one": a_rule("one"), **more(changed)}, "more")
    assert problem.code == code
    assert under in marked(problem)
    assert hint in problem.hint


def test_two_packs_that_override_differently_are_told_with_both(pack_problems: PackProblems, tmp_path: Path) -> None:
    files = {**more(LIFTED), **more(LIFTED.replace("0.7", "0.2"), "less")}
    (problem,) = pack_problems(files, "more", "less")
    assert brief((problem,), tmp_path) == ["less/pack.yaml:7:27 P518"]
    assert problem.message == '"mine/high" is set to 0.2 by the pack "less" and to 0.7 by the pack "more"'


def test_two_packs_that_override_alike_agree(load_pack: LoadPack) -> None:
    rulebook = load_pack({**more(LIFTED), **more(LIFTED, "less")}, "more", "less")
    assert rulebook.parameter_values == {"high@mine": 0.7}
    assert [each.by for each in rulebook.changes.overrides] == ["more", "less"]


def test_a_rule_file_that_cannot_be_read_is_not_missed(pack_problems: PackProblems) -> None:
    problems = pack_problems({"one": "rule: [", **more(OFF)}, "more")
    assert "P519" not in [problem.code for problem in problems]
