"""`policyengine rules fmt`."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from cli.conftest import Run

UNTIDY = "why:   Because\nrule: r   # its name\n"
TIDY = "rule: r   # its name\nwhy: Because\n"


@pytest.fixture
def rule(tmp_path: Path) -> Path:
    """An untidy rule in a pack."""
    (tmp_path / "pack" / "rules").mkdir(parents=True)
    (tmp_path / "pack" / "pack.yaml").write_text("pack: pack\n", "utf-8")
    path = tmp_path / "pack" / "rules" / "r.yaml"
    path.write_text(UNTIDY, "utf-8")
    path.chmod(0o640)
    return path


def test_files_are_put_into_the_layout(run: Run, rule: Path) -> None:
    shown = run("rules", "fmt")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout == "changed pack/rules/r.yaml\n2 files looked at, 1 changed.\n"
    assert rule.read_text("utf-8") == TIDY
    assert stat.S_IMODE(rule.stat().st_mode) == 0o640
    assert run("rules", "fmt").stdout == "2 files looked at, 0 changed.\n"


def test_a_check_changes_nothing(run: Run, rule: Path) -> None:
    shown = run("rules", "fmt", "pack", "--check", "--diff")
    assert shown.exit_code == 1
    assert "+why: Because\n" in shown.stdout
    assert "would change pack/rules/r.yaml" in shown.stdout
    assert rule.read_text("utf-8") == UNTIDY
    rule.write_text(TIDY, "utf-8")
    assert run("rules", "fmt", "--check").exit_code == 0


def test_a_broken_file_is_told_and_left_and_the_others_go_on(run: Run, rule: Path) -> None:
    broken = rule.with_name("broken.yaml")
    broken.write_text("rule: [", "utf-8")
    odd = rule.with_name("odd.yaml")
    odd.write_text("rule: &a odd\nwhy: *a\n", "utf-8")
    shown = run("rules", "fmt")
    assert shown.exit_code == 1
    assert "broken.yaml:1:7: S013" in shown.stderr
    assert "odd.yaml: S041" in shown.stderr
    assert (broken.read_text("utf-8"), rule.read_text("utf-8")) == ("rule: [", TIDY)


def test_other_files_links_and_hidden_folders_are_left_alone(run: Run, rule: Path, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("b:   1\na: 2\n", "utf-8")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "pack.yaml").write_text("title:  T\npack: p\n", "utf-8")
    (tmp_path / "pack" / "rules" / "link.yaml").symlink_to(tmp_path / "compose.yaml")
    run("rules", "fmt")
    assert (tmp_path / "compose.yaml").read_text("utf-8") == "b:   1\na: 2\n"
    assert (tmp_path / ".hidden" / "pack.yaml").read_text("utf-8").startswith("title")
    assert rule.read_text("utf-8") == TIDY


def test_what_is_not_there_is_told(run: Run) -> None:
    shown = run("rules", "fmt", "nowhere")
    assert shown.exit_code == 1
    assert "nowhere: S001" in shown.stderr
