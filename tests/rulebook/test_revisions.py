"""Packs are read from git revisions, and nothing that a user or a repository says does anything else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from repositories import Repository, make_repository

from policyengine import shipped
from policyengine.errors import InputError, Problem
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.revisions import names_revision, pack_at, unpacking

PACK = "packs/brigades"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """A repository, which is the current folder; temporary folders are made in a folder of their own."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return make_repository(tmp_path / "project")


def problem_of(argument: str) -> Problem:
    with pytest.raises(InputError) as raised, pack_at(argument):
        pass
    (problem,) = raised.value.problems
    return problem


def test_a_pack_is_read_as_it_stood_with_the_pack_that_it_extends(repository: Repository) -> None:
    repository.change("packs/places/pack.yaml", "upper: {means: Upper}", "upper: {means: Higher}")
    repository.change(f"{PACK}/pack.yaml", "value: 0.5", "value: 0.7")
    repository.commit()
    found = []
    for revision in ("HEAD~1", "HEAD"):
        with pack_at(f"{revision}:{PACK}") as folder:
            rulebook = load_rulebook([folder])
            upper = rulebook.vocabulary.terms("levels")["upper"].means
            found.append((upper, rulebook.parameter_values["large@brigades"]))
    assert found == [("Upper", 0.5), ("Higher", 0.7)]


def test_the_folder_is_private_and_gone_afterwards(repository: Repository, tmp_path: Path) -> None:
    with pack_at(f"HEAD:{PACK}") as folder:
        (made,) = (tmp_path / "temporary").iterdir()
        assert folder.is_relative_to(made)
        assert made.stat().st_mode & 0o077 == 0
        assert not (made / "scenarios").exists()
    assert list((tmp_path / "temporary").iterdir()) == []
    assert repository.git("status", "--porcelain") == ""


def test_a_branch_a_tag_and_a_commit_are_revisions(repository: Repository) -> None:
    repository.git("tag", "v1.0")
    repository.git("branch", "topic/more")
    for revision in ("main", "v1.0", "topic/more", "@", "HEAD^{commit}", repository.git("rev-parse", "HEAD")[:10]):
        with pack_at(f"{revision}:{PACK}") as folder:
            assert (folder / "pack.yaml").is_file()


def test_a_path_starts_at_the_top_and_else_at_the_current_folder(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.top / "packs")
    for path in (PACK, "brigades", "./brigades", "../packs/brigades/", str(repository.top / PACK)):
        with pack_at(f"HEAD:{path}") as folder:
            assert folder.name == "brigades"


def test_a_pack_may_be_the_whole_repository(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = repository.top / PACK
    alone = Repository(inner)
    alone.git("init", "--quiet")
    for name, value in (("user.name", "A test"), ("user.email", "test@example.org")):
        alone.git("config", name, value)
    alone.commit()
    monkeypatch.chdir(inner)
    with pack_at("HEAD:.") as folder:
        assert sorted(path.name for path in folder.iterdir()) == ["near", "pack.yaml", "seeds", "strong"]


@pytest.mark.parametrize(
    "revision",
    ["--output=x", "-x", "HEAD;rm", "HEAD rm", "$(touch x)", "`touch x`", "HEAD\nHEAD", "main..HEAD", "", "^main", "ä"],
)
def test_what_cannot_be_a_revision_never_reaches_git(repository: Repository, revision: str) -> None:
    problem = problem_of(f"{revision}:{PACK}")
    assert (problem.code, "cannot be a git revision" in problem.message) == ("E403", True)
    assert not (repository.top / "x").exists()


def test_an_unknown_revision_is_told_with_the_near_one(repository: Repository) -> None:
    problem = problem_of(f"mian:{PACK}")
    assert repository.git("branch", "--show-current") == "main"
    assert (problem.code, problem.hint) == ("E403", "did you mean 'main'?")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("packs/brigade", "there is no folder"),
        ("packs/brigades/pack.yaml", "is a file, not the folder of a pack"),
        ("../packs/brigades/../../..", "there is no folder"),
        ("--output=x", "there is no folder"),
        (":(glob)packs/*", "there is no folder"),
        ("a\0b", "does not say where"),
        ("", "does not say where"),
    ],
)
def test_a_path_that_is_no_folder_of_the_revision_is_told(path: str, said: str) -> None:
    problem = problem_of(f"HEAD:{path}")
    assert (problem.code, said in problem.message) == ("E404", True)


def test_a_folder_whose_name_is_a_pattern_means_itself(repository: Repository) -> None:
    repository.write("odd/pa*k/pack.yaml", "pack: odd\n")
    repository.write("odd/park/other.yaml", "x: 1\n")
    repository.commit()
    with pack_at("HEAD:odd/pa*k") as folder:
        assert [path.name for path in folder.parent.iterdir()] == ["pa*k"]


def test_a_folder_without_a_repository_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert problem_of(f"HEAD:{PACK}").code == "E402"


def test_a_computer_without_git_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert problem_of(f"HEAD:{PACK}").code == "E401"


@pytest.mark.parametrize("target", ["/etc/passwd", "../../../../secret.yaml"])
def test_a_link_that_leads_out_of_the_archive_is_refused(repository: Repository, target: str) -> None:
    (repository.top / PACK / "near" / "link.yaml").symlink_to(target)
    repository.commit()
    problem = problem_of(f"HEAD:{PACK}")
    assert (problem.code, "link.yaml" in problem.message) == ("E405", True)


@pytest.mark.parametrize(("limit", "most"), [("MOST_FILES", 3), ("MOST_BYTES", 500)])
def test_more_than_packs_can_hold_is_refused(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
) -> None:
    monkeypatch.setattr(unpacking, limit, most)
    assert (repository.top / PACK).is_dir()
    assert "the folders of packs hold more than" in problem_of(f"HEAD:{PACK}").message


def test_shared_registers_come_from_the_same_revision(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    repository.git("mv", "packs", "rules")
    repository.git("mv", "rules/brigades/seeds", "seeds")
    repository.commit()
    repository.change("seeds/memo.yaml", "claim: one", "claim: other")
    monkeypatch.setattr(shipped, "folder", repository.top.joinpath)
    with pytest.raises(InputError, match="C202"):
        load_rulebook([repository.top / "rules/brigades"])
    with pack_at("HEAD:rules/brigades") as folder:
        assert load_rulebook([folder]).claims.keys() == {"memo/one"}


def test_a_folder_with_a_colon_in_its_name_comes_before_a_revision(tmp_path: Path) -> None:
    (tmp_path / "HEAD:x").mkdir()
    assert not names_revision(str(tmp_path / "HEAD:x"))
    assert names_revision(str(tmp_path / "HEAD:y"))
