"""Which files a batch takes, and what it calls their results."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from batch.conftest import Batch, Process, manifest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from policyengine.batch.inputs import planned
from policyengine.batch.plan import Job
from policyengine.cli.main import cli


def jobs(*arguments: str | Path, lines: Iterable[str] = (), out: str = "out") -> list[Job]:
    return list(planned([str(each) for each in arguments], lambda _: lines, Path(out)))


def names(*arguments: str | Path, lines: Iterable[str] = ()) -> list[str]:
    return [job.name for job in jobs(*arguments, lines=lines)]


def put(folder: Path, *files: str) -> None:
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x: 1\n", "utf-8")


def test_a_folder_means_everything_below_it(fires: Path) -> None:
    assert names("in") == ["d", "e", "one/a", "one/b", "two/a", "two/deep/c"]
    assert next(job.source for job in jobs(fires)) == str(fires / "d.yaml")


def test_a_file_named_twice_is_evaluated_once(fires: Path) -> None:
    (fires / "link.yaml").symlink_to(fires / "d.yaml")
    assert names("in/d.yaml", "./in/d.yaml", fires / "d.yaml", "in/link.yaml") == ["d"]


def test_files_of_one_name_keep_apart(fires: Path) -> None:
    put(fires, "d.json", "d.yml", "D.yaml")
    found = names("in")
    assert len({name.casefold() for name in found}) == len(found) == 9
    assert {"d.json", "d.yml"} <= set(found)


def test_hidden_files_other_files_packs_and_the_results_are_passed_over(fires: Path) -> None:
    put(fires, ".hidden.yaml", ".git/x.yaml", "notes.txt", "pack/pack.yaml", "pack/theme/rule.yaml", "out/r.json")
    assert [job.name for job in jobs("in", out="in/out")] == ["d", "e", "one/a", "one/b", "two/a", "two/deep/c"]


def test_ignore_files_speak_like_those_of_git(fires: Path) -> None:
    (fires / ".policyengineignore").write_text("# drafts\ntwo/\n*.yaml\n!b.yaml\n!/e.yaml\n", "utf-8")
    assert names("in") == ["e", "one/b"]
    (fires / "one" / ".policyengineignore").write_text("!a.yaml\nb.yaml\n", "utf-8")
    assert names("in") == ["e", "one/a"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("in/*.yaml", ["d", "e"]),
        ("in/**/a.yaml", ["one/a", "two/a"]),
        ("in/t*", ["a", "deep/c"]),
        ("in/[de].yaml", ["d", "e"]),
    ],
)
def test_patterns(fires: Path, pattern: str, found: list[str]) -> None:
    assert fires.is_dir()
    assert names(pattern) == found


def test_what_is_not_there_is_missed_when_it_is_read(fires: Path) -> None:
    assert fires.is_dir()
    assert [job.source for job in jobs("in/d.yaml", "in/*.none", "nowhere.yaml")] == [
        "in/*.none",
        "in/d.yaml",
        "nowhere.yaml",
    ]


@pytest.mark.parametrize("pattern", ["in/*.none", "in/nowhere/[ab].yaml"])
def test_a_pattern_that_matches_nothing_is_told_as_one(batch: Batch, pattern: str) -> None:
    shown = batch("in/d.yaml", pattern)
    assert shown.exit_code == 1
    assert f"{pattern}: S001 As a pattern it matches no file, and there is none of this name\n  hint: " in shown.stderr
    assert "** stands for all folders below" in shown.stderr


def test_a_file_whose_name_looks_like_a_pattern_is_read(fires: Path, batch: Batch) -> None:
    (fires / "d[1].yaml").write_bytes((fires / "d.yaml").read_bytes())
    assert batch("in/d[1].yaml").exit_code == 0


def test_a_list_holds_paths_and_comments(fires: Path, batch: Batch) -> None:
    assert fires.is_dir()
    Path("list.txt").write_text("# mine\n\nin/one\n  in/d.yaml  \n", "utf-8")
    assert batch("@list.txt").exit_code == 0
    assert set(manifest(Path("out"))) == {"d", "one/a", "one/b"}


def test_a_list_that_an_editor_saved_with_a_mark_of_its_order_of_bytes_is_read(batch: Batch) -> None:
    Path("list.txt").write_text("in/d.yaml\nin/e.yaml\n", "utf-8-sig")
    assert batch("@list.txt").exit_code == 0
    assert set(manifest(Path("out"))) == {"d", "e"}


def test_a_closed_standard_input_is_told_of(process: Process) -> None:
    closed = process("-", preexec_fn=lambda: os.close(0))
    said = closed.communicate()[1].decode().splitlines()[-1]
    assert closed.returncode == 2
    assert said == "policyengine: the standard input is closed; send paths to it, or name a list as @FILE"


@pytest.mark.parametrize("data", [b"in/d.yaml\nin/e.yaml\n", b"in/d.yaml\0in/e.yaml\0"])
def test_a_dash_stands_for_paths_on_the_standard_input(batch: Batch, data: bytes) -> None:
    assert batch("-", stdin=data).exit_code == 0
    assert set(manifest(Path("out"))) == {"d", "e"}


def test_a_link_out_of_the_folder_is_not_followed_but_told_of(fires: Path, tmp_path: Path, batch: Batch) -> None:
    (tmp_path / "elsewhere.yaml").write_text("secret: word\n", "utf-8")
    (fires / "link.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    (fires / "near.yaml").symlink_to(fires / "d.yaml")
    shown = batch("in")
    assert shown.exit_code == 1
    assert "in/link.yaml: S040 This is a link out of the folder" in shown.stderr
    assert "secret" not in Path("out/errors.json").read_text("utf-8")
    assert manifest(Path("out"))["link"] == "bad"
    assert batch("in/near.yaml", "--resume").exit_code == 0


def test_a_link_in_a_circle_is_told_of_alike_in_a_folder_and_by_name(fires: Path, batch: Batch) -> None:
    (fires / "loop.yaml").symlink_to("loop.yaml")
    for path in ("in", "in/loop.yaml"):
        shown = batch(path)
        assert shown.exit_code == 1
        assert "in/loop.yaml: S005 The file cannot be read: Too many levels of symbolic links" in shown.stderr


def test_results_cannot_go_to_a_link_in_a_circle(fires: Path) -> None:
    Path("loop").symlink_to("loop")
    shown = CliRunner().invoke(cli, ["batch", str(fires), "--out", "loop"])
    assert shown.exit_code == 1
    assert shown.stderr.startswith("policyengine: cannot use 'loop': ")


def test_a_name_that_no_file_can_have_costs_no_other_file_anything(batch: Batch) -> None:
    for name in ("x" * 5_000, "x" * 5_000 + "*", "in/d.yaml/e.yaml"):
        shown = batch(name, "in/d.yaml")
        assert (shown.exit_code, "1 scenario evaluated, 1 with problems" in shown.stdout) == (1, True), shown.output


def test_a_folder_named_like_a_result_stands_in_nobodys_way(fires: Path, batch: Batch) -> None:
    put(fires, "d.html/x.txt", "d.json/x.txt")
    for name in ("d.html", "d.json"):
        (fires / name / "d.yaml").write_bytes((fires / "d.yaml").read_bytes())
    assert batch("in").exit_code == 0
    assert len(list(Path("out/results").rglob("*.html"))) == 8


def test_packs_that_cannot_be_read_are_told_of_once(batch: Batch) -> None:
    shown = batch("in", pack="no-such-pack")
    assert shown.exit_code == 1
    assert shown.stderr.count("no-such-pack") == 1
    assert not Path("out").exists()


def test_nothing_to_do_is_said(batch: Batch) -> None:
    Path("empty").mkdir()
    shown = batch("empty")
    assert shown.exit_code == 1
    assert "There is no scenario file here" in shown.stderr
    assert not Path("out").exists()


def test_a_folder_that_is_searched_is_no_place_for_its_results(fires: Path, batch: Batch) -> None:
    before = sorted(fires.rglob("*"))
    for path, out in (("in", "in"), ("in/two", "in/two/"), ("./in/one", str(fires / "one"))):
        shown = batch(path, "--out", out)
        assert shown.exit_code == 1
        assert "S001 The results go to the folder that is searched, and nothing is read there" in shown.stderr
        assert "choose another folder for --out" in shown.stderr
    assert sorted(fires.rglob("*")) == before


def test_a_folder_of_results_named_beside_others_is_passed_over(fires: Path, batch: Batch) -> None:
    (fires / "out").mkdir()
    assert batch("in/one", "in/out", "--out", "in/out").exit_code == 0


def test_names_of_any_letters_give_results_that_can_be_opened(fires: Path, batch: Batch) -> None:
    odd = ["ça va.yaml", "a?b#c%20.yaml", "line\nbreak.yaml", "عربي.yaml", "x" * 240 + ".yaml", "-rf.yaml", "<b>.yaml"]
    for name in odd:
        (fires / name).write_bytes((fires / "d.yaml").read_bytes())
    (fires / os.fsdecode(b"\xff\xfe.yaml")).write_bytes((fires / "d.yaml").read_bytes())
    shown = batch()
    assert shown.exit_code == 0, shown.output
    found = manifest(Path("out"))
    assert len(found) == 14
    assert all((Path("out") / "results" / f"{name}.html").is_file() for name in found)


@given(st.lists(st.text(st.characters(exclude_characters="\0/"), min_size=1, max_size=20).filter(
    lambda name: name.strip(".")), min_size=1, max_size=8))  # fmt: skip
def test_no_two_files_share_a_name_whatever_they_are_called(parts: list[str]) -> None:
    paths = [f"/top/{part}{ending}" for part in parts for ending in (".yaml", ".yml", "")]
    found = [job.name for job in jobs(*paths)]
    assert len({name.casefold() for name in found}) == len(set(map(os.path.realpath, paths)))
    assert all(not name.startswith(("/", ".")) and ".." not in name.split("/") for name in found)
