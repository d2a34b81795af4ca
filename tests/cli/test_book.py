"""`policyengine rules doc`."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.conftest import ROOT, Run

HARBOUR = ROOT / "docs" / "examples" / "harbour"


def test_a_book_is_written_whole(run: Run, tmp_path: Path) -> None:
    shown = run("rules", "doc", HARBOUR, "--out", "book")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout == "Wrote 8 pages; begin with book/index.html\n"
    assert len(list((tmp_path / "book").glob("*.html"))) == 8


def test_an_older_book_is_replaced_and_nothing_else_touched(run: Run, tmp_path: Path) -> None:
    assert run("rules", "doc", HARBOUR, "--out", "book").exit_code == 0
    (tmp_path / "book" / "mine.txt").write_text("mine", "utf-8")
    assert run("rules", "doc", "borders", "--out", "book").exit_code == 0
    names = {path.name for path in (tmp_path / "book").iterdir()}
    assert "source-harbour-memo.html" not in names
    assert {"source-sharing-the-burden.html", "mine.txt"} <= names


@pytest.mark.parametrize("listed", [None, "no json", '["../../mine.txt"]', "{}"])
def test_a_folder_with_something_else_is_refused(run: Run, tmp_path: Path, listed: str | None) -> None:
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "mine.txt").touch()
    if listed is not None:
        (tmp_path / "book" / "book.json").write_text(listed, "utf-8")
    shown = run("rules", "doc", HARBOUR, "--out", "book")
    assert shown.exit_code == 2
    assert "is not empty and holds no book" in shown.stderr


def test_a_broken_pack_gives_no_book(run: Run, tmp_path: Path) -> None:
    shown = run("rules", "doc", "nowhere", "--out", "book")
    assert shown.exit_code == 1
    assert not (tmp_path / "book").exists()


def test_packs_on_two_subjects_with_one_word_get_a_book_each(run: Run, tmp_path: Path) -> None:
    shown = run("rules", "doc", HARBOUR, HARBOUR.parent / "cookbook", "--out", "book")
    assert shown.exit_code == 2
    assert "write a book for each" in shown.stderr
    assert not (tmp_path / "book").exists()
