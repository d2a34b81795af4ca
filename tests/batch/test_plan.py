"""The plan of a batch and the places of its records are kept on the disk, and say what lists in memory would."""

from __future__ import annotations

import errno
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.batch.folder import sweep
from policyengine.batch.inputs import planned
from policyengine.batch.plan import Chosen, Draft, Found, Job
from policyengine.batch.records import Records
from policyengine.batch.scratch import Scratch

TEXTS = st.text(st.characters(), max_size=8)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), max_size=30))
def test_a_plan_holds_each_file_once_as_it_was_first_found_in_the_order_of_names(
    found: list[tuple[str, str, str]],
) -> None:
    draft = Draft(Found(*each) for each in found)
    first = {file: (source, within) for file, source, within in reversed(found)}
    draft.name((number, f"name of {source}") for number, source in draft.sources())
    expected = sorted((f"name of {source}", source, within) for source, within in first.values())
    plan = draft.plan()
    assert sorted((job.name, job.source, job.within) for job in plan) == expected
    assert [job.name for job in plan] == sorted(job.name for job in plan)
    assert list(plan[1:]) == list(plan)[1:]
    assert list(reversed(plan)) == list(plan)[::-1]


@given(st.lists(st.sampled_from(["a", "A", "b", "ß", "ss", "SS", "é"]), max_size=12))
def test_names_that_differ_only_in_capital_letters_are_alike(names: list[str]) -> None:
    draft = Draft(Found(str(number), str(number)) for number in range(len(names)))
    draft.name((number, names[int(source)]) for number, source in draft.sources())
    often = Counter(name.casefold() for name in names)
    expected = [(str(place), name) for place, name in enumerate(names) if often[name.casefold()] > 1]
    assert sorted((source, name) for _, source, name in draft.alike()) == sorted(expected)


def test_some_of_a_plan_are_in_its_order() -> None:
    jobs = [Job(f"{name}.yaml", name) for name in "abcde"]
    chosen = Chosen(jobs)
    for place in (1, 3, 4):
        chosen.add(place)
    assert [job.name for job in chosen] == ["b", "d", "e"]
    assert [job.name for job in chosen[1:]] == ["d", "e"]
    assert len(chosen) == 3


def test_the_last_record_of_a_name_counts_whatever_the_name_is(tmp_path: Path) -> None:
    records = Records(tmp_path, resume=False)
    names = ["a", "b\ud800", "ß", "a"]
    records.add_all({"name": name, "files": {}, "status": str(place)} for place, name in enumerate(names))
    assert [each["status"] for each in records.each(names)] == ["3", "1", "2", "3"]
    assert records.get("c") is None
    records.close()


def test_what_is_stale_is_what_was_given_up_and_is_not_wanted(tmp_path: Path) -> None:
    records = Records(tmp_path, resume=False)
    records.add({"name": "a", "files": {"results/a.json": "", "results/a.html": ""}, "status": "good"})
    records.close()
    records = Records(tmp_path, resume=True)
    records.give_up(["results/b.json", "results/a.json"])
    records.want(["results/a.json"])
    assert sorted(records.stale()) == ["results/a.html", "results/b.json"]
    records.close()


def test_no_room_for_the_plan_is_told_as_a_full_disk() -> None:
    scratch = Scratch("CREATE TABLE some (text TEXT)", "PRAGMA max_page_count=3")
    with pytest.raises(OSError, match="No space left on device") as told:
        scratch.many("INSERT INTO some VALUES (?)", (("x" * 1_000,) for _ in range(100)))
    assert told.value.errno == errno.ENOSPC


def test_two_names_for_one_file_are_one_job(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("x: 1\n", "utf-8")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    jobs = planned([str(tmp_path / "b.yaml"), str(tmp_path)], lambda _: [], tmp_path / "out")
    assert list(jobs) == [Job(str(tmp_path / "b.yaml"), "b")]


def test_half_written_files_and_empty_folders_go_away_and_nothing_else(tmp_path: Path) -> None:
    kept = ["results/a.json", "results/deep/b.json", "results/.mine", "note.txt"]
    gone = ["results/.0123456789abcdef.partial", "results/empty/deep/.0123456789abcdef.partial", "results/old/c.json"]
    for name in kept + gone:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    sweep(tmp_path, ["results/old/c.json", "note.txt", "../elsewhere"])
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()) == sorted(kept)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_dir()) == ["deep", "results"]
