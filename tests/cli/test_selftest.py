"""`policyengine selftest`, and that it finds an engine that is wrong."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Run

from policyengine.analysis.selftest import a_case, differences
from policyengine.engines import columnar_kernels, columnar_many, interface
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
    assert "3 cases (seeds 5 to 7): no disagreement." in shown.output


def test_what_is_compared_is_told(run: Run) -> None:
    shown = " ".join(run("selftest", "--pack", HARBOUR, "--cases", "1").output.split())
    assert "packs harbour 1." in shown
    assert "engines reference, rete and columnar" in shown
    assert "firings and undecided effects of 2 random scenarios" in shown
    assert "every row of 5 in tables of variations" in shown
    assert "1 case (seed 0): no disagreement." in shown


def test_the_outcome_is_there_as_data(run: Run) -> None:
    shown = run("selftest", "--pack", "competence", "--cases", "2", "--format", "json")
    data = json.loads(shown.output)
    assert (data["cases"], data["rows"], data["differences"], data["file"]) == (2, 10, [], None)
    assert (data["scenarios"], data["engines"], data["left_out"]) == (4, ["reference", "rete", "columnar"], [])
    assert [pack["id"] for pack in data["packs"]] == ["borders", "competence"]


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


def test_differences_are_told_even_if_their_case_cannot_be_written(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        columnar_many, "strengths", lambda points, weight: columnar_kernels.strengths(points, weight) + 1
    )
    shown = run("selftest", "--cases", "3", "--output", "nowhere/found.json")
    assert shown.exit_code == 1
    assert "engine columnar, scenario" in shown.output
    assert "--seed 0 --cases 1" in " ".join(shown.output.split())
    assert "cannot write 'nowhere/found.json'" in shown.stderr


def test_packs_without_rules_can_be_compared(run: Run) -> None:
    shown = run("selftest", "--pack", "borders", "--cases", "2")
    assert (shown.exit_code, shown.stderr) == (0, "")


def test_an_engine_that_cannot_be_imported_is_left_out_and_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: Rulebook) -> Any:
        raise ImportError("durable_rules_engine is not there")

    monkeypatch.setitem(interface.ENGINES, "rete", missing)
    shown = run("selftest", "--pack", HARBOUR, "--cases", "2")
    assert (shown.exit_code, shown.stderr) == (0, "")
    told = " ".join(shown.output.split())
    assert "engines reference and columnar" in told
    assert "left out rete (durable_rules_engine is not there)" in told


def test_the_bar_is_gone_before_the_report_is_written(tmp_path: Path) -> None:
    """A bar that is drawn after the report takes its last line away."""
    inner, outer = pty.openpty()
    at_once = "from policyengine.report import progress; progress._MOMENT = -1"
    command = [sys.executable, "-c", f"{at_once}; from policyengine.cli.main import main; main()"]
    command += ["selftest", "--cases", "3", "--pack", str(HARBOUR)]
    own = {**os.environ, "TERM": "xterm"}
    with subprocess.Popen(command, stdout=outer, stderr=outer, cwd=tmp_path, env=own) as process:
        os.close(outer)
        written = b""
        with suppress(OSError):  # the end of what a terminal shows
            while more := os.read(inner, 65_536):
                written += more
    os.close(inner)
    assert process.returncode == 0
    before, after = written.decode().split("Selftest", 1)
    assert "Comparing" not in after
    assert "Comparing" in before


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
