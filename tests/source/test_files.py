"""A file is written whole, or stays as it was."""

import os
from pathlib import Path

import pytest

from policyengine.source import is_left_over, whole_file, write_whole


def test_a_file_is_created_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt()])
@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_nothing_is_changed_or_left_behind_when_it_is_broken_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, moment: str
) -> None:
    path = tmp_path / "out.json"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(*{"fsync": (os, "fsync", fail), "replace": (Path, "replace", fail)}[moment])
    with pytest.raises(type(error)):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_bytes() == b"new"


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "null").symlink_to(os.devnull)
    write_whole(tmp_path / "null", b"new")
    assert Path(os.devnull).is_char_device()


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none" / "out.json", b"new")


def test_a_file_written_piece_by_piece_stands_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    with whole_file(path) as file:
        file.write(b"one ")
        assert not path.exists()
        (partner,) = tmp_path.iterdir()
        assert is_left_over(partner)
        file.write(b"two")
    assert path.read_bytes() == b"one two"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", [".partial", "x.partial", ".0123456789abcdef.json", "0123456789abcdef.partial"])
def test_files_of_others_are_not_taken_for_left_overs(name: str) -> None:
    assert not is_left_over(Path(name))
