"""`policyengine init` and `policyengine rules new`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli.conftest import Run

CLAIM = "smoke-source/who-can-act-leads"


@pytest.fixture
def project(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new project, in which commands run."""
    assert run("init", "smoke").exit_code == 0
    monkeypatch.chdir(tmp_path / "smoke")
    return tmp_path / "smoke"


def test_a_project_can_be_evaluated_at_once(run: Run, project: Path) -> None:
    shown = run("evaluate", "scenarios/first-scenario.yaml")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "leads on response (firm)" in " ".join(shown.stdout.split())
    assert (project / "README.md").read_text("utf-8").startswith("# smoke\n")


def test_the_next_commands_are_shown(run: Run) -> None:
    assert "  cd 'a b'\n" in run("init", "a b").stdout


def test_an_empty_folder_will_do(run: Run, tmp_path: Path) -> None:
    assert run("init", ".", "--pack", "smoke").exit_code == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [".editorconfig", ".vscode", "README.md", "scenarios", "schemas", "smoke"]
    assert json.loads((tmp_path / ".vscode" / "settings.json").read_text("utf-8"))["[yaml]"]["editor.tabSize"] == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["smoke"], "'smoke' is not empty"),
        (["Ünfug", "--pack", "Rules"], "'Rules' cannot be the name of a pack"),
        (["x", "--pack", "competence"], "a pack named 'competence' is shipped"),
        (["x", "--extends", "bordrs"], "did you mean 'borders'?"),
        (["x", "--title", "a\nb"], "--title is one line"),
        (["..."], "cannot be the name of a pack"),
    ],
)
def test_what_cannot_be_begun_is_refused(run: Run, tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "smoke").mkdir()
    (tmp_path / "smoke" / "mine.txt").touch()
    shown = run("init", *arguments)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert words in shown.stderr
    assert [path.name for path in tmp_path.rglob("*")] == ["smoke", "mine.txt"]


def test_a_file_in_the_way_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shown = run("init", "file/inner")
    assert shown.exit_code == 1
    assert "cannot write 'file/inner': Not a directory" in shown.stderr


def test_a_new_rule_is_found_by_its_pack(run: Run, project: Path) -> None:
    shown = run("rules", "new", "cities-first", "--claim", CLAIM, "--theme", "cities", "--nature", "descriptive")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert (project / "smoke" / "cities" / "cities-first.yaml").is_file()
    assert "cities-first" in run("rules", "list", "--pack", "smoke").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["Bad Name", "--claim", CLAIM], "'Bad Name' cannot be the name of a rule"),
        (["x", "--claim", CLAIM, "--theme", "tests"], "would not be read"),
        (["x", "--claim", CLAIM, "--theme", "../up"], "cannot be the name of a theme"),
        (["x", "--claim", "smoke-source/who-can-act-lead"], f"did you mean '{CLAIM}'?"),
        (["who-can-act-leads", "--claim", CLAIM], "the pack has a rule 'who-can-act-leads' already"),
        (["x", "--claim", CLAIM, "--pack", "competence"], "'competence' is no folder with a pack.yaml"),
        (["x"], "Missing option '--claim'"),
    ],
)
def test_a_rule_that_cannot_be_begun_is_refused(run: Run, project: Path, arguments: list[str], words: str) -> None:
    before = sorted(project.rglob("*"))
    shown = run("rules", "new", *arguments)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert words in shown.stderr
    assert sorted(project.rglob("*")) == before


def test_outside_a_project_the_pack_has_to_be_named(run: Run) -> None:
    shown = run("rules", "new", "x", "--claim", CLAIM)
    assert shown.exit_code == 2
    assert "there is no pack in the current folder" in shown.stderr


def test_a_broken_pack_gets_no_rule(run: Run, project: Path) -> None:
    rule = project / "smoke" / "rules" / "who-can-act-leads.yaml"
    rule.write_text(rule.read_text("utf-8").replace("threat.severity", "threat.sevrity"), "utf-8")
    shown = run("rules", "new", "x", "--claim", CLAIM)
    assert shown.exit_code == 1
    assert "did you mean 'severity'?" in shown.stderr
