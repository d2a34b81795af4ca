"""`policyengine rules check`, as its user runs it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli.conftest import ROOT, Run

HARBOUR = ROOT / "docs" / "examples" / "harbour"
BROKEN = "boats-for-large-fires"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The harbour pack in the folder in which commands run, with one rule that has a mistake."""
    shutil.copytree(HARBOUR, tmp_path / "harbour")
    path = tmp_path / "harbour" / "rules" / f"{BROKEN}.yaml"
    path.write_text(path.read_text("utf-8").replace("threat.", "threat.x_", 1), "utf-8")
    return path


def test_the_shipped_packs_are_clean(run: Run) -> None:
    shown = run("rules", "check")
    assert shown.exit_code == 0, shown.output
    assert shown.output.endswith("rules checked: nothing found\n")


def test_the_example_of_the_docs_is_clean(run: Run) -> None:
    assert run("rules", "check", HARBOUR).exit_code == 0


def test_a_mistake_is_shown_with_its_place_and_counted(run: Run, broken: Path) -> None:
    shown = run("rules", "check", "harbour")
    assert shown.exit_code == 1
    assert shown.output.startswith(f"harbour/rules/{broken.name}:")
    assert "^^^" in shown.output
    assert "1 error" in shown.output.splitlines()[-1]


def test_mistakes_of_tests_are_found_as_well(run: Run, tmp_path: Path) -> None:
    shutil.copytree(HARBOUR, tmp_path / "harbour")
    text = "tests:\n  - {test: t, scenario: ../../harbour-fire.yaml, expect: {leads: {quench: [TOWM]}}}\n"
    (tmp_path / "harbour" / "tests" / "harbour.yaml").write_text(text, "utf-8")
    shown = run("rules", "check")
    assert "harbour/tests/harbour.yaml:2:25: T201 there is no file" in shown.output
    shutil.copy(HARBOUR.parent / "harbour-fire.yaml", tmp_path)
    shown = run("rules", "check", "harbour")
    assert "harbour/tests/harbour.yaml:2:76: T204 there is no jurisdiction" in shown.output
    assert shown.output.endswith("3 rules checked: 1 error\n")
    assert run("rules", "check", "--select", "R").exit_code == 0


def test_json_gives_each_finding_with_its_place(run: Run, broken: Path) -> None:
    found = json.loads(run("rules", "check", "harbour", "--format", "json").output)
    (error,) = [each for each in found["findings"] if each["severity"] == "error"]
    assert (error["code"], error["file"]) == ("L203", f"harbour/rules/{broken.name}")
    assert found["counts"]["error"] == 1


def test_sarif_names_files_from_the_current_folder(run: Run, broken: Path) -> None:
    log = json.loads(run("rules", "check", "harbour", "--format", "sarif").output)
    assert log["version"] == "2.1.0"
    (made,) = log["runs"]
    rules = made["tool"]["driver"]["rules"]
    result = next(each for each in made["results"] if each["level"] == "error")
    assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == "L203"
    assert rules[result["ruleIndex"]]["help"]["text"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == f"harbour/rules/{broken.name}"
    line = broken.read_text("utf-8").splitlines()[place["region"]["startLine"] - 1]
    assert line[place["region"]["startColumn"] - 1 :].startswith("x_")


@pytest.mark.usefixtures("broken")
def test_codes_can_be_selected_and_left_out(run: Run) -> None:
    assert run("rules", "check", "harbour", "--select", "P").exit_code == 0
    assert run("rules", "check", "harbour", "--select", "L2,P").exit_code == 1
    assert "error" not in run("rules", "check", "harbour", "--ignore", "l203").output


def test_a_code_that_is_none_is_a_mistake_of_usage(run: Run) -> None:
    for option in ("--select", "--ignore", "--explain"):
        shown = run("rules", "check", option, "Z9")
        assert shown.exit_code == 2
        assert "Z9" in shown.output


def test_no_code_at_all_is_a_mistake_of_usage(run: Run) -> None:
    for option in ("--select", "--ignore"):
        shown = run("rules", "check", option, " , ")
        assert shown.exit_code == 2
        assert "name a code" in shown.output


def test_a_near_code_is_proposed(run: Run) -> None:
    assert "did you mean 'R204'?" in run("rules", "check", "--select", "R2004").output


def test_a_code_is_explained(run: Run) -> None:
    assert run("rules", "check", "--explain", "p302").output.startswith("# P302: Points without limit\n")


def test_what_is_no_pack_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.yaml").write_text("", "utf-8")
    for argument in ("nowhere", "empty", "file.yaml", "a\x1bb"):
        shown = run("rules", "check", argument)
        assert shown.exit_code == 1
        assert "\x1b" not in shown.output
        assert "hint:" in shown.output


def test_packs_about_different_subjects_are_checked_each_by_itself(run: Run, tmp_path: Path) -> None:
    both = ("cookbook", "harbour")  # both declare the word 'town'
    shown = run("rules", "check", *(ROOT / "docs" / "examples" / name for name in both))
    assert shown.exit_code == 0, shown.output
    counted = [run("rules", "check", ROOT / "docs" / "examples" / name).output.split()[0] for name in both]
    assert shown.output.split()[0] == str(sum(map(int, counted)))
    shutil.copy(HARBOUR.parent / "harbour-fire.yaml", tmp_path)  # which the tests of a pack name
    for name in both:
        shutil.copytree(ROOT / "docs" / "examples" / name, tmp_path / name)
    assert run("rules", "check").output == shown.output


def test_packs_that_extend_one_another_are_still_checked_together(run: Run, tmp_path: Path) -> None:
    shutil.copytree(HARBOUR, tmp_path / "harbour")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        text = f"pack: {name}\ntitle: T\nversion: 1.0.0\nrole: opinion\nsummary: S.\nextends: [harbour]\n"
        text += "vocabulary: {levels: {village: {means: A village}}}\n"
        (tmp_path / name / "pack.yaml").write_text(text, "utf-8")
    shown = run("rules", "check")
    assert shown.exit_code == 1
    assert shown.output.count("P509") == 1
