"""Findings as SARIF 2.1.0, as code review reads them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from cli.conftest import ROOT, Run
from jsonschema import Draft7Validator

HARBOUR = ROOT / "docs" / "examples" / "harbour"
SCHEMA = json.loads((ROOT / "tests" / "data" / "sarif-2.1.0-part.schema.json").read_text("utf-8"))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A rule with mistakes of every weight, in a folder whose name needs escapes in an address."""
    pack = tmp_path / "mes règles" / "harbour"
    shutil.copytree(HARBOUR, pack)
    path = pack / "rules" / "boats-for-large-fires.yaml"
    path.write_text(path.read_text("utf-8").replace("threat.", "threat.x_", 1), "utf-8")
    words = pack / "pack.yaml"
    unread = "vocabulary:\n  conditions:\n    drought: {type: boolean, means: Dry}"
    words.write_text(words.read_text("utf-8").replace("vocabulary:", unread, 1), "utf-8")
    return path


def the_run(text: str) -> dict[str, Any]:
    """The one run of a log that follows the format."""
    log = json.loads(text)
    Draft7Validator.check_schema(SCHEMA)
    wrong = [
        f"{list(error.path)}: {error.message}"
        for error in Draft7Validator(SCHEMA, format_checker=Draft7Validator.FORMAT_CHECKER).iter_errors(log)
    ]
    assert not wrong
    (made,) = log["runs"]
    assert isinstance(made, dict)
    return made


@pytest.mark.usefixtures("broken")
def test_a_log_follows_the_format_and_names_a_rule_for_each_result(run: Run) -> None:
    made = the_run(run("rules", "check", "mes règles/harbour", "nowhere", "--format", "sarif").output)
    rules = made["tool"]["driver"]["rules"]
    assert made["results"]
    for result in made["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert rules[result["ruleIndex"]]["defaultConfiguration"]["level"] == result["level"]


def test_a_file_is_named_from_the_current_folder_by_an_address_with_escapes(run: Run, broken: Path) -> None:
    made = the_run(run("rules", "check", "mes règles/harbour", "--format", "sarif").output)
    result = next(each for each in made["results"] if each["ruleId"] == "L203")
    place = result["locations"][0]["physicalLocation"]
    address = place["artifactLocation"]["uri"]
    assert address.isascii()
    assert unquote(address) == f"mes règles/harbour/rules/{broken.name}"
    line = broken.read_text("utf-8").splitlines()[place["region"]["startLine"] - 1]
    assert line[place["region"]["startColumn"] - 1 : place["region"]["endColumn"] - 1].startswith("x_")


def test_a_file_outside_the_current_folder_has_its_whole_address(
    run: Run, broken: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    made = the_run(run("rules", "check", "../mes règles/harbour", "--format", "sarif").output)
    addresses = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in made["results"]}
    assert broken.as_uri() in addresses
    assert all(address.startswith("file:///") and ".." not in address for address in addresses)


def test_what_has_no_place_is_told_of_the_run(run: Run) -> None:
    made = the_run(run("rules", "check", "nowhere", "--format", "sarif").output)
    assert not made["results"]
    (invocation,) = made["invocations"]
    assert not invocation["executionSuccessful"]
    assert [each["descriptor"]["id"] for each in invocation["toolConfigurationNotifications"]] == ["P501"]


def test_a_log_is_written_to_a_file_and_the_exit_code_stays(run: Run, tmp_path: Path, broken: Path) -> None:
    assert broken.is_file()
    shown = run("rules", "check", "mes règles/harbour", "--format", "sarif", "--output", "found.sarif")
    assert (shown.exit_code, shown.output) == (1, "")
    assert the_run((tmp_path / "found.sarif").read_text("utf-8"))["results"]


def test_a_file_that_cannot_be_written_is_told(run: Run) -> None:
    shown = run("rules", "check", HARBOUR, "--output", "nowhere/found.txt")
    assert shown.exit_code == 1
    assert "cannot write 'nowhere/found.txt'" in shown.output
