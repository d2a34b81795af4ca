"""Packs of a stranger who means no good: each trick is one clear problem, and nothing is waited for."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from rulebook.conftest import MEMO, WritePacks, a_rule

from policyengine.errors import InputError
from policyengine.rulebook.loading import load_rulebook


def seed_pipe(pack: Path) -> None:
    (pack / "seeds/memo.yaml").unlink()
    os.mkfifo(pack / "seeds/memo.yaml")


def seed_link(pack: Path) -> None:
    (pack / "seeds/memo.yaml").unlink()
    (pack / "seeds/memo.yaml").symlink_to("/etc/passwd")


def seeds_link(pack: Path) -> None:
    shutil.rmtree(pack / "seeds")
    (pack.parent / "out").mkdir()
    (pack.parent / "out/memo.yaml").write_text(MEMO, "utf-8")
    (pack / "seeds").symlink_to("../out")


def pack_pipe(pack: Path) -> None:
    (pack / "pack.yaml").unlink()
    os.mkfifo(pack / "pack.yaml")


def a_socket(pack: Path) -> None:
    here = Path.cwd()
    os.chdir(pack)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as end:
        end.bind("a/s.yaml")
    os.chdir(here)


def many(pack: Path) -> None:
    for number in range(5_001):
        (pack / f"a/r{number}.yaml").touch()


TRICKS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a register that is a pipe": (seed_pipe, "S003"),
    "a register that is a link": (seed_link, "P503"),
    "a folder of registers elsewhere": (seeds_link, "P503"),
    "a pack file that is a pipe": (pack_pipe, "S003"),
    "a socket": (a_socket, "S003"),
    "a device": (lambda pack: (pack / "a/z.yaml").symlink_to("/dev/zero"), "P503"),
    "a loop of folders": (lambda pack: (pack / "a/loop").symlink_to(".."), "P510"),
    "a link to itself": (lambda pack: (pack / "a/l.yaml").symlink_to("l.yaml"), "P503"),
    "a file of 6 MB": (lambda pack: (pack / "a/big.yaml").write_bytes(b"x" * 6_000_000), "S007"),
    "a name that is no text": (lambda pack: Path(os.fsdecode(bytes(pack) + b"/a/\xff.yaml")).touch(), "P521"),
    "folders forty deep": (lambda pack: (pack / "/".join(["d"] * 40)).mkdir(parents=True), "P520"),
    "5,001 files": (many, "P508"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_trick_is_one_problem(write_packs: WritePacks, tmp_path: Path, trick: str) -> None:
    write_packs({"mine/a/one.yaml": a_rule("one")})
    play, code = TRICKS[trick]
    play(tmp_path / "mine")
    with pytest.raises(InputError) as caught:
        load_rulebook([tmp_path / "mine"])
    assert [problem.code for problem in caught.value.problems] == [code]


def test_names_that_steer_the_terminal_are_shown_as_escapes(write_packs: WritePacks, tmp_path: Path) -> None:
    write_packs({"mine/a/x\n\x1b[31m\u202e.yaml": a_rule("one")})
    with pytest.raises(InputError) as caught:
        load_rulebook([tmp_path / "mine"])
    assert "a/x\\n\\x1b[31m\\u202e.yaml:1:7 P201" in str(caught.value).replace(": P201", " P201")
