"""Which packs the arguments of a command mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine.cli.inputs import named_packs
from policyengine.rulebook.loading import shipped_packs


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two packs in it, which is the current one."""
    for name in ("one", "packs/two"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "pack.yaml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_arguments_the_packs_of_the_current_folder_are_meant(project: Path) -> None:
    assert named_packs([]) == ["one", "packs/two"]
    assert named_packs([str(project)]) == [str(project / "one"), str(project / "packs" / "two")]


def test_in_a_folder_without_packs_all_shipped_ones_are_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert named_packs([]) == shipped_packs()


def test_a_pack_is_meant_alone_even_if_folders_in_it_look_like_packs(project: Path) -> None:
    (project / "one" / "inner").mkdir()
    (project / "one" / "inner" / "pack.yaml").touch()
    assert named_packs(["one"]) == ["one"]


def test_names_stay_names(project: Path) -> None:
    (project / "competence").mkdir()
    (project / "competence" / "pack.yaml").touch()
    assert named_packs(["competence", "nowhere"]) == ["competence", "nowhere"]
