"""Packs given by name: shipped, in folders of packs, in the current folder, or installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rulebook.conftest import MEMO, PACK, a_rule

from policyengine.errors import InputError, Problem
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.pack_places import FOLDERS

ROOT = Path(__file__).parent.parent.parent
EXTENDING = "pack: more\ntitle: More\nversion: 1.0.0\nrole: opinion\nsummary: More.\nextends: [mine]\n"


def write_pack(folder: Path, name: str = "mine") -> Path:
    """A pack with one rule, in a folder of its name."""
    pack = folder / name
    files = {
        "pack.yaml": PACK.replace("pack: mine", f"pack: {name}"),
        "seeds/memo.yaml": MEMO,
        "a/one.yaml": a_rule("one"),
    }
    for file, text in files.items():
        (pack / file).parent.mkdir(parents=True, exist_ok=True)
        (pack / file).write_text(text, "utf-8")
    return pack


def install(site: Path, name: str = "mine", value: str = "stranger.packs.mine", title: str = "stranger") -> None:
    """Unpack what a wheel holds: a package whose code would end the process, and its records."""
    package = site / "stranger"
    write_pack(package / "packs", "mine")
    for folder in (package, package / "packs"):
        (folder / "__init__.py").write_text("raise SystemExit('code of a stranger ran')\n", "utf-8")
    records = site / f"{title}-2.0.dist-info"
    records.mkdir(parents=True)
    (records / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {title}\nVersion: 2.0\n", "utf-8")
    (records / "entry_points.txt").write_text(f"[layered_policyengine.packs]\n{name} = {value}\n", "utf-8")


def command(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a user would, in a folder."""
    path = os.pathsep.join([str(ROOT), *filter(None, [environment.pop("site", "")])])
    return subprocess.run(
        [sys.executable, "-m", "policyengine", *arguments],
        capture_output=True, text=True, cwd=folder, check=False, env={**os.environ, "PYTHONPATH": path, **environment},
    )  # fmt: skip


def problems_of(*packs: str | Path) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        load_rulebook(packs)
    return caught.value.problems


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two folders of packs that the environment names, and an empty current folder."""
    (tmp_path / "here").mkdir()
    (tmp_path / "second").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv(FOLDERS, os.pathsep.join([str(tmp_path / "first"), "", str(tmp_path / "second")]))
    return tmp_path


def test_a_pack_is_found_in_the_folders_that_the_environment_names(elsewhere: Path) -> None:
    write_pack(elsewhere / "second")
    assert [pack.folder for pack in load_rulebook(["mine"]).packs] == [elsewhere / "second/mine"]


def test_what_a_pack_extends_is_found_there_too(elsewhere: Path) -> None:
    write_pack(elsewhere / "second")
    (elsewhere / "here/more").mkdir()
    (elsewhere / "here/more/pack.yaml").write_text(EXTENDING, "utf-8")
    assert [pack.id for pack in load_rulebook(["more"]).packs] == ["mine", "more"]


def test_a_name_in_two_places_is_told_with_both(elsewhere: Path) -> None:
    first, second = write_pack(elsewhere / "first"), write_pack(elsewhere / "second")
    (problem,) = problems_of("mine")
    assert problem.code == "P515"
    assert str(first) in problem.message
    assert str(second) in problem.message
    assert [pack.folder for pack in load_rulebook([str(second)]).packs] == [second]


def test_a_name_in_a_folder_of_packs_and_here_is_told_and_a_path_helps(elsewhere: Path) -> None:
    write_pack(elsewhere / "first")
    write_pack(elsewhere / "here")
    assert [problem.code for problem in problems_of("mine")] == ["P515"]
    assert [pack.folder for pack in load_rulebook(["./mine"]).packs] == [Path("mine")]


def test_a_shipped_name_in_a_folder_of_packs_is_told(elsewhere: Path) -> None:
    write_pack(elsewhere / "first", "competence")
    (problem,) = problems_of("competence")
    assert (problem.code, "shipped with policyengine" in problem.message) == ("P515", True)


def test_one_folder_that_is_named_twice_is_one_place(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_pack(elsewhere / "first")
    (elsewhere / "linked").symlink_to(elsewhere / "first")
    monkeypatch.setenv(FOLDERS, os.pathsep.join(str(elsewhere / each) for each in ("first", "linked", "first")))
    assert [pack.id for pack in load_rulebook(["mine"]).packs] == ["mine"]


def test_a_folder_of_packs_that_is_not_there_is_told_when_a_name_is_missing(elsewhere: Path) -> None:
    write_pack(elsewhere / "second")
    (problem,) = problems_of("mien")
    assert problem.code == "P501"
    assert "did you mean 'mine'" in problem.hint
    assert f"{elsewhere / 'first'}, which is no folder" in problem.hint


def test_a_pack_that_calls_itself_otherwise_than_its_folder_is_told(elsewhere: Path) -> None:
    write_pack(elsewhere / "first").rename(elsewhere / "first/other")
    assert [problem.code for problem in problems_of("other")] == ["P511"]


def test_an_installed_pack_is_found_and_none_of_its_code_runs(tmp_path: Path) -> None:
    install(tmp_path / "site")
    shown = command(tmp_path, "rules", "list", "--pack", "mine", site=str(tmp_path / "site"))
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "one (normative)" in shown.stdout
    listed = command(tmp_path, "rules", "packs", "--format", "json", site=str(tmp_path / "site"))
    (found,) = [each for each in json.loads(listed.stdout) if each["from"] == "installed"]
    assert (found["pack"], found["origin"], found["version"], found["default"]) == (
        "mine",
        "stranger 2.0",
        "1.0.0",
        False,
    )
    assert found["folder"] == str(tmp_path / "site/stranger/packs/mine")


def test_two_installed_packs_of_one_name_are_told(tmp_path: Path) -> None:
    install(tmp_path / "site")
    install(tmp_path / "site", value="stranger", title="twin")
    shown = command(tmp_path, "rules", "list", "--pack", "mine", site=str(tmp_path / "site"))
    assert shown.returncode == 1
    assert "P515" in shown.stderr
    assert "stranger 2.0" in shown.stderr
    assert "twin 2.0" in shown.stderr


@pytest.mark.parametrize("value", ["stranger.nothing", "../../etc", "os", "stranger:main", "/etc"])
def test_an_entry_point_that_names_no_folder_is_told(tmp_path: Path, value: str) -> None:
    install(tmp_path / "site", value=value)
    shown = command(tmp_path, "rules", "list", "--pack", "mine", site=str(tmp_path / "site"))
    assert (shown.returncode, "P516" in shown.stderr, "stranger 2.0" in shown.stderr) == (1, True, True)


def test_records_that_make_no_sense_offer_nothing(tmp_path: Path) -> None:
    install(tmp_path / "site")
    (tmp_path / "site/stranger-2.0.dist-info/entry_points.txt").write_bytes(b"[layered_policyengine.packs\n= \n\xff\n")
    shown = command(tmp_path, "rules", "packs", site=str(tmp_path / "site"))
    assert (shown.returncode, shown.stderr) == (0, "")


def test_installed_distributions_are_not_looked_through_for_a_name_that_is_known(tmp_path: Path) -> None:
    program = (
        "import importlib.metadata\nfrom policyengine.rulebook.loading import load_rulebook\n"
        "importlib.metadata.distributions = None  # calling it would fail\n"
        "print(*(pack.id for pack in load_rulebook(['competence', 'mine']).packs))"
    )
    write_pack(tmp_path)
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYDANTIC_DISABLE_PLUGINS": "__all__"},
    )  # fmt: skip
    assert shown.stdout == "borders competence mine\n"


def test_the_list_names_every_place_and_what_cannot_be_read(tmp_path: Path) -> None:
    write_pack(tmp_path / "first")
    write_pack(tmp_path / "here")
    (tmp_path / "here/broken").mkdir()
    (tmp_path / "here/broken/pack.yaml").write_text("pack: [", "utf-8")
    os.mkfifo(write_pack(tmp_path / "here", "pipe") / "pipe")
    shown = command(tmp_path / "here", "rules", "packs", POLICYENGINE_PACKS=str(tmp_path / "first"))
    text = " ".join(shown.stdout.split())
    assert shown.returncode == 0
    assert "runs by default" in text
    assert "In the folders of POLICYENGINE_PACKS" in text
    assert text.count("its name means two packs") == 2
    assert "broken: cannot be read" in text
