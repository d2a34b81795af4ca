"""Commands in a project of one's own, and what they say when its packs are not found."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli.conftest import ROOT, Run

SCENARIO = "scenarios/a-summer-of-peat.yaml"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """The example project on smoke; commands run in its folder."""
    del run  # it changes to the empty folder, so it has to come first
    folder = shutil.copytree(ROOT / "docs" / "examples" / "smoke", tmp_path / "smoke")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("project")
def test_claims_are_those_of_the_project(run: Run) -> None:
    shown = run("claims", "--source", "city-memo")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith(
        "Claims and what carries them\n============================\n\n7 claims; 1 carried by no"
    )


@pytest.mark.usefixtures("project")
def test_shipped_claims_are_a_pack_away(run: Run) -> None:
    assert "sharing-the-burden" not in run("claims").stdout
    assert "sharing-the-burden" in run("claims", "--pack", "layered-border").stdout


@pytest.mark.usefixtures("project")
def test_a_pack_that_is_not_found_is_told_at_its_place_in_the_scenario(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run("evaluate", f"smoke/{SCENARIO}")
    assert shown.exit_code == 1
    assert f'smoke/{SCENARIO}:5:9: P501 there is no pack "close-to-home"' in shown.stderr
    assert f'smoke/{SCENARIO}:5:24: P501 there is no pack "one-command"' in shown.stderr
    assert "run the command in the folder in which the pack stands, or give --pack FOLDER" in shown.stderr


@pytest.mark.usefixtures("project")
def test_a_batch_tells_the_place_as_well(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("batch", "smoke/scenarios", "--out", "report").exit_code == 1
    errors = json.loads((tmp_path / "report" / "errors.json").read_text("utf-8"))
    assert '"line": 5' in json.dumps(errors)


def test_a_misspelt_pack_gets_the_near_name(run: Run, project: Path) -> None:
    path = project / SCENARIO
    path.write_text(path.read_text("utf-8").replace("[close-to-home, one-command]", "[competense]"), "utf-8")
    assert "hint: did you mean 'competence'" in run("evaluate", SCENARIO).stderr


def test_a_scenario_that_names_no_packs_learns_which_could_be_meant(run: Run, project: Path) -> None:
    path = project / SCENARIO
    path.write_text(path.read_text("utf-8").replace("packs: [close-to-home, one-command]\n", ""), "utf-8")
    first, _, rest = run("evaluate", SCENARIO).stderr.partition("N302")
    assert "a-summer-of-peat.yaml:1:1: N305 the file names no packs" in first
    assert "add 'packs: [close-to-home, one-command, smoke-law]', or give --pack" in first
    assert '"crews_out" is not a known condition' in rest


@pytest.mark.parametrize("packs", [["--pack", "practice"], []], ids=["packs on the command line", "packs in the file"])
def test_packs_that_were_named_are_not_asked_for(packs: list[str], run: Run, project: Path) -> None:
    path = project / SCENARIO
    path.write_text(path.read_text("utf-8").replace("kind: peat_smoke", "kind: peet_smoke"), "utf-8")
    shown = run("evaluate", SCENARIO, *packs)
    assert shown.exit_code == 1
    assert "N301" in shown.stderr
    assert "N305" not in shown.stderr


def test_a_test_that_forgets_the_pack_of_a_rule_is_told_its_name(run: Run, project: Path) -> None:
    path = project / "one-command" / "tests" / "peat.yaml"
    path.write_text(path.read_text("utf-8").replace("smoke-law/overwhelming-smoke", "overwhelming-smoke"), "utf-8")
    shown = run("rules", "test")
    assert 'T204 there is no rule "overwhelming-smoke"' in shown.stderr
    assert "a rule of another pack is named with its pack: write smoke-law/overwhelming-smoke" in shown.stderr
