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


def without_packs(project: Path) -> None:
    """Leave the scenarios alone in their project."""
    for path in project.glob("*/pack.yaml"):
        shutil.rmtree(path.parent)


def test_a_pack_that_is_not_found_is_told_at_its_place_in_the_scenario(
    run: Run, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_packs(project)
    monkeypatch.chdir(tmp_path)
    shown = run("evaluate", f"smoke/{SCENARIO}")
    assert shown.exit_code == 1
    assert f'smoke/{SCENARIO}:5:9: P501 there is no pack "close-to-home"' in shown.stderr
    assert f'smoke/{SCENARIO}:5:24: P501 there is no pack "one-command"' in shown.stderr
    assert "no folder of that name stands here or beside the file; give --pack FOLDER" in shown.stderr


@pytest.mark.parametrize("where", [".", "smoke/scenarios", "smoke/close-to-home"])
def test_a_scenario_finds_the_packs_of_its_project_from_wherever_it_is_evaluated(
    run: Run, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    shown = run("evaluate", SCENARIO, "--format", "json")
    assert shown.exit_code == 0
    monkeypatch.chdir(tmp_path / where)
    assert run("evaluate", project / SCENARIO, "--format", "json").stdout == shown.stdout
    assert run("batch", project / "scenarios", "--out", tmp_path / "report").exit_code == 0


def test_a_pack_beside_the_file_and_another_here_are_both_named(
    run: Run, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(project / "close-to-home", tmp_path / "close-to-home")
    monkeypatch.chdir(tmp_path)
    shown = run("evaluate", f"smoke/{SCENARIO}")
    assert 'P515 two packs have the name "close-to-home": one in close-to-home, one beside the file in' in shown.stderr
    assert run("evaluate", f"smoke/{SCENARIO}", "--pack", "smoke/close-to-home").exit_code == 0


def test_a_link_beside_a_scenario_is_no_pack_of_its_project(
    run: Run, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "close-to-home").rename(tmp_path / "elsewhere")
    (project / "close-to-home").symlink_to(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path)
    assert 'P501 there is no pack "close-to-home"' in run("evaluate", f"smoke/{SCENARIO}").stderr


def test_a_pack_of_a_shipped_name_beside_a_scenario_is_never_meant(
    run: Run, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "practice").mkdir()
    (project / "practice" / "pack.yaml").write_text("not a pack", "utf-8")
    (project / "scenarios" / "shipped.yaml").write_text(
        (ROOT / "scenarios" / "trafficking-quebec-vermont.yaml").read_text("utf-8") + "packs: [practice]\n", "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    assert run("evaluate", "smoke/scenarios/shipped.yaml").exit_code == 0


def test_a_batch_tells_the_place_as_well(
    run: Run, tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_packs(project)
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
