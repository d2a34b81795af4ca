"""`policyengine selftest`, and that it finds an engine that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.conftest import Run

from policyengine.analysis.selftest import a_case, differences
from policyengine.engines import columnar_kernels, columnar_many
from policyengine.rulebook.rule import Rulebook

HARBOUR = Path(__file__).parent.parent.parent / "docs" / "examples" / "harbour"
WORDLESS = """pack: bare
title: Bare
version: 1.0.0
role: opinion
summary: It has no words.
"""


def test_engines_that_agree_are_told_with_how_much_was_compared(run: Run) -> None:
    shown = run("selftest", "--cases", "3", "--seed", "5")
    assert shown.exit_code == 0
    assert "3 cases (seeds 5 to 7), 15 rows of tables: no disagreement." in shown.output


def test_the_outcome_is_there_as_data(run: Run) -> None:
    shown = run("selftest", "--pack", "competence", "--cases", "2", "--format", "json")
    data = json.loads(shown.output)
    assert (data["cases"], data["rows"], data["differences"], data["file"]) == (2, 10, [], None)


def test_an_engine_that_is_wrong_is_found_and_its_case_kept(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook
) -> None:
    monkeypatch.setattr(
        columnar_many, "strengths", lambda points, weight: columnar_kernels.strengths(points, weight) + 1
    )
    shown = run("selftest", "--cases", "3", "--output", "found.json")
    assert shown.exit_code == 1
    assert "the engines disagree" in shown.output
    assert "engine columnar, scenario" in shown.output
    case = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert differences(case, rulebook)
    monkeypatch.undo()
    assert differences(case, rulebook) == []


def test_packs_without_some_lists_of_words_are_compared_as_well(run: Run) -> None:
    shown = run("selftest", "--pack", HARBOUR, "--cases", "5")
    assert shown.exit_code == 0, shown.output
    assert "no disagreement" in shown.output


def test_the_same_seed_gives_the_same_case(rulebook: Rulebook) -> None:
    assert a_case(9, rulebook) == a_case(9, rulebook)
    assert a_case(9, rulebook) != a_case(10, rulebook)


def test_packs_without_words_for_a_scenario_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "pack.yaml").write_text(WORDLESS, "utf-8")
    shown = run("selftest", "--pack", "bare")
    assert shown.exit_code == 1
    assert "the packs declare no sides and no levels and no threat_kinds" in shown.output


def test_without_pyarrow_the_command_says_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    for name in [name for name in sys.modules if name.startswith(("policyengine.tables", "policyengine.analysis.a"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delitem(sys.modules, "policyengine.analysis.selftest", raising=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    shown = run("selftest")
    assert shown.exit_code == 1
    assert "pip install 'layered-policyengine[batch]'" in shown.output


def test_packs_that_leave_lists_of_words_empty_can_be_compared(run: Run, tmp_path: Path) -> None:
    assert run("init", ".", "--pack", "smoke").exit_code == 0
    shown = run("selftest", "--pack", tmp_path / "smoke", "--cases", "20")
    assert (shown.exit_code, shown.stderr) == (0, "")
