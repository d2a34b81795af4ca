"""`policyengine rules test`, and pytest in a project with packs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from cli.conftest import ROOT, Run


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the harbour pack, in the folder in which commands run."""
    shutil.copytree(ROOT / "docs" / "examples" / "harbour", tmp_path / "harbour")
    shutil.copy(ROOT / "docs" / "examples" / "harbour-fire.yaml", tmp_path)
    return tmp_path


def break_an_example(project: Path) -> None:
    rule = project / "harbour" / "rules" / "brigade-reaches-the-quay.yaml"
    text = rule.read_text("utf-8")
    assert "silent: [{jurisdiction: {level: port}}]" in text
    rule.write_text(
        text.replace("silent: [{jurisdiction: {level: port}}]", "silent: [{jurisdiction: {level: town}}]"), "utf-8"
    )


@pytest.mark.usefixtures("project")
def test_a_pack_that_does_what_it_says_passes(run: Run) -> None:
    shown = run("rules", "test")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "harbour/tests/harbour.yaml ..." in shown.stdout
    assert shown.stdout.endswith("\n12 passed, 0 failed\n")


def test_a_failure_shows_what_was_expected_and_found_with_the_reasons(run: Run, project: Path) -> None:
    break_an_example(project)
    shown = run("rules", "test")
    assert shown.exit_code == 1
    for part in (
        "FAILED harbour/brigade-reaches-the-quay::silent[0]",
        "harbour/rules/brigade-reaches-the-quay.yaml:11:12",
        "- expected silent",
        "+ found fires",
        'jurisdiction.level == "town" holds (jurisdiction.level is town)',
        "11 passed, 1 failed",
    ):
        assert part in shown.stdout


@pytest.mark.usefixtures("project")
def test_tests_are_chosen_by_name(run: Run) -> None:
    assert run("rules", "test", "-k", "SMALL fire").stdout.endswith("1 passed, 0 failed\n")
    assert run("rules", "test", "-k", "boats-for").stdout.endswith("4 passed, 0 failed\n")


def test_the_first_failure_can_be_the_last(run: Run, project: Path) -> None:
    break_an_example(project)
    assert run("rules", "test", "-x").stdout.endswith("5 passed, 1 failed\n")


def test_a_broken_pack_does_not_keep_the_others_from_running(run: Run, project: Path) -> None:
    shutil.copytree(project / "harbour", project / "other")
    (project / "other" / "pack.yaml").write_text("pack: other\n", "utf-8")
    shown = run("rules", "test")
    assert shown.exit_code == 1
    assert "other/pack.yaml" in shown.stderr
    assert "12 passed, 0 failed, " in shown.stdout


def test_outcomes_are_data_and_junit_too(run: Run, project: Path) -> None:
    break_an_example(project)
    data = json.loads(run("rules", "test", "--format", "json", "--coverage").stdout)
    assert (data["passed"], data["failed"]) == (11, 1)
    assert data["coverage"]["branches"]["seen"] <= data["coverage"]["branches"]["all"]
    assert run("rules", "test", "--format", "junit", "--output", "report.xml").exit_code == 1
    suite = ET.parse(project / "report.xml").getroot()[0]
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("12", "1", "0")
    (failed,) = [case for case in suite if len(case)]
    assert "expected silent" in (failed[0].text or "")


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("chosen", "passed"),
    [
        ("small fire or boats", 7),
        ("boats and not undecided", 5),
        ("NOT (boats or crews or quay)", 1),
        ("not not small", 1),
        ('"a small fire" and brigade', 1),
        ("without a severity nobody can say whether the boats are needed", 1),
        ("harbour.yaml and (", 0),
        ("and", 2),
        ("not " * 200 + "small", 0),
    ],
)
def test_tests_are_chosen_by_an_expression(run: Run, chosen: str, passed: int) -> None:
    shown = run("rules", "test", "-k", chosen)
    assert shown.stdout.endswith(f"{passed} passed, 0 failed\n")
    assert (shown.exit_code, "is chosen by -k" in shown.stderr) == ((0, False) if passed else (1, True))


def test_so_many_failures_can_be_enough(run: Run, project: Path) -> None:
    for path in (project / "harbour" / "rules").glob("*.yaml"):
        text = path.read_text("utf-8").replace("fires: [", "other: [").replace("silent: [", "fires: [")
        path.write_text(text.replace("other: [", "silent: ["), "utf-8")
    assert run("rules", "test").stdout.endswith("5 passed, 7 failed\n")
    assert run("rules", "test", "--maxfail", "2").stdout.endswith(", 2 failed\n")
    assert run("rules", "test", "--maxfail", "0").exit_code == 2


def test_coverage_names_the_place_of_each_comparison(run: Run, project: Path) -> None:
    rule = project / "harbour" / "rules" / "boats-for-large-fires.yaml"
    text = rule.read_text("utf-8")
    rule.write_text(text.replace("{threat: {severity: 0.2}, jurisdiction: {level: port}}, ", ""), "utf-8")
    (project / "harbour" / "tests" / "harbour.yaml").unlink()
    shown = run("rules", "test", "--coverage")
    place = "harbour/rules/boats-for-large-fires.yaml:6:3"
    assert f"threat.severity >= param.large: never false ({place})" in " ".join(shown.stdout.split())
    found = json.loads(run("rules", "test", "--coverage", "--format", "json").stdout)
    assert found["coverage"]["rules"][0]["not_seen"][0]["place"] == place


@pytest.mark.usefixtures("project")
def test_too_little_coverage_fails(run: Run) -> None:
    assert run("rules", "test", "--coverage-min", "100").exit_code == 0
    shown = run("rules", "test", "-k", "company", "--coverage-min", "90")
    assert shown.exit_code == 1
    assert "less than 90 %" in shown.stderr
    assert "never fires in any of them" in shown.stdout


def test_pytest_runs_what_the_command_runs(project: Path) -> None:
    break_an_example(project)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--color=no"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=project, env=environment, check=False)
    assert done.returncode == 1
    assert "1 failed, 11 passed" in done.stdout
    assert "+ found fires" in done.stdout
    assert "Traceback" not in done.stdout
    (project / "harbour" / "pack.yaml").write_text("pack: harbour\n", "utf-8")
    done = subprocess.run(command, capture_output=True, text=True, cwd=project, env=environment, check=False)
    assert "P103" in done.stdout
    assert "Traceback" not in done.stdout


def test_watching_runs_again_after_a_change_and_ends_with_an_interrupt(project: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "policyengine", "rules", "test", "--watch"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        assert "Watching for changes" in process.stderr.readline()
        break_an_example(project)
        assert "Watching for changes" in process.stderr.readline()
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert "12 passed, 0 failed" in out
    assert "11 passed, 1 failed" in out
    assert process.returncode == 130
    assert "Traceback" not in err


@pytest.mark.usefixtures("project")
def test_an_output_that_cannot_be_written_is_told(run: Run) -> None:
    shown = run("rules", "test", "--output", "nowhere/x")
    assert shown.exit_code == 1
    assert "cannot write 'nowhere/x'" in shown.stderr


@pytest.mark.parametrize("pack", ["competence", "counter-claims", "layered-border"])
def test_a_shipped_pack_keeps_what_it_says_of_shipped_scenarios(pack: str, run: Run) -> None:
    shown = run("rules", "test", pack)
    assert shown.exit_code == 0, shown.output
    assert f"{pack}/tests/" in shown.stdout


@pytest.mark.parametrize("name", ["../outside", "..", "{outside}", "link"])
def test_a_test_file_cannot_have_a_pack_read_from_elsewhere(name: str, run: Run, tmp_path: Path, project: Path) -> None:
    inner, outside = project / "project", project / "outside"
    inner.mkdir()
    (project / "harbour").rename(inner / "harbour")
    (project / "harbour-fire.yaml").rename(inner / "harbour-fire.yaml")
    outside.mkdir()
    (outside / "pack.yaml").write_text("secret: hunter2\n", "utf-8")
    (inner / "link").symlink_to(outside)
    text = "{test: t, scenario: ../../harbour-fire.yaml, packs: ['NAME'], expect: {}}"
    named = text.replace("NAME", name.format(outside=outside))
    (inner / "harbour" / "tests" / "harbour.yaml").write_text(f"tests: [{named}]\n", "utf-8")
    shown = run("rules", "test", tmp_path / "project" / "harbour")
    assert shown.exit_code == 1
    assert "9 passed, 0 failed" in shown.stdout
    assert "problem" in shown.stdout
    assert "hunter2" not in shown.output
