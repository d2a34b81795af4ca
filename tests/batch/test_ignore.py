"""Ignore files leave out what git would leave out, and git itself is asked."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policyengine.batch.ignore import IGNORE_FILE
from policyengine.batch.ignore_patterns import patterns_of
from policyengine.batch.inputs import planned

QUIET = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
Ignores = Mapping[str, bytes]
"""The ignore files by the folder they stand in."""


@pytest.fixture(scope="module")
def top(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty repository; what is in it is cleared for each case."""
    found = tmp_path_factory.mktemp("ignored")
    subprocess.run(["git", "init", "--quiet", str(found)], check=True, env={**os.environ, **QUIET})
    (found / ".git" / "info" / "exclude").write_text("", "utf-8")
    return found


def laid_out(top: Path, files: Iterable[str], ignores: Ignores) -> None:
    for old in top.iterdir():
        if old.name != ".git":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    for file in files:
        path = top / file
        if not any(above.is_file() for above in path.parents) and not path.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
    for folder, data in ignores.items():
        if (top / folder).is_dir():
            for name in (IGNORE_FILE, ".gitignore"):
                (top / folder / name).write_bytes(data)


def of_git(top: Path) -> list[str]:
    command = ["git", "-C", str(top), "ls-files", "-z", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, env={**os.environ, **QUIET}).stdout
    return sorted(name for name in os.fsdecode(listed).split("\0") if name.endswith(".yaml"))


def ours(top: Path) -> list[str]:
    return sorted(os.path.relpath(job.source, top) for job in planned([str(top)], lambda _: (), None))


def same(top: Path, files: Iterable[str], ignores: Ignores) -> list[str]:
    laid_out(top, files, ignores)
    found = ours(top)
    assert found == of_git(top), ignores
    return found


TREE = ("a.yaml", "k.yaml", "sub/a.yaml", "sub/keep/k.yaml", "sub/keep/a.yaml", "keep/b.yaml", "x y.yaml", "[.yaml")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"*\n!*/\n!k.yaml\n", ["k.yaml", "sub/keep/k.yaml"]),
        (b"*\n!*/\n!*.yaml\n", sorted(TREE)),
        (b"*\n!k.yaml\n", ["k.yaml"]),
        (b"/*\n!/sub/\n/sub/*\n!/sub/keep/\n", ["sub/keep/a.yaml", "sub/keep/k.yaml"]),
        (b"\xef\xbb\xbfa.yaml\n*k*\n", ["[.yaml", "x y.yaml"]),
        (b"[z-a].yaml\n\\\n!\n/\n[\n[a\n[[:nothing:]]*\n", sorted(TREE)),
        (b"sub/**\nx\\ y.yaml  \n\\[*\r\n", ["a.yaml", "k.yaml", "keep/b.yaml"]),
        (b"**/keep\nsub/**/a.yaml\n", ["[.yaml", "a.yaml", "k.yaml", "x y.yaml"]),
        (b"[[:alpha:]].yaml\n!sub/[!a-k].yaml\n", ["[.yaml", "x y.yaml"]),
    ],
)
def test_the_usual_and_the_odd_lines_do_as_in_git(top: Path, text: bytes, found: list[str]) -> None:
    assert same(top, TREE, {"": text}) == found


@pytest.mark.parametrize(
    ("line", "path"),
    [("*a" * 14 + "b", "a" * 200), ("**/a/" * 20 + "b", "a/" * 60 + "c"), ("x/" + "*a" * 14 + "b", "x/" + "a" * 200)],
)
def test_stars_of_a_stranger_do_not_take_for_ever(line: str, path: str) -> None:
    (pattern,) = patterns_of(line)
    assert not pattern.matches(path, folder=False)
    assert pattern.matches(f"{path[:-1]}b" if path.endswith("c") else f"{path}b", folder=False)


PART = st.sampled_from(["a", "b", "ab", "a b", "a.yaml", "b.yaml", "ab.yaml", "[a]", "!a", "#a", "a\\b", "-"])
FILES = st.lists(st.lists(PART, min_size=1, max_size=4).map(lambda parts: f"{'/'.join(parts)}.yaml"), max_size=8)
PIECES = ["a", "b", "*", "*", "**", "/", "/", "?", "!", "[a]", "[!a]", "[b-a]", "[a-]", "[]a]", "[", "]", "\\", " ",
          "#", "-", ".yaml", ".", "[[:alpha:]]", "[^[:lower:]-]", "[\\a-b]", "\r", "\t"]  # fmt: skip
WHOLE = [
    "*",
    "!*/",
    "*/",
    "**",
    "/*",
    "!*.yaml",
    "!a",
    "!/a/",
    "a/**",
    "**/a",
    "a/**/b.yaml",
    "a/",
    "/a",
    "!a/*",
    "[z-a].yaml",
]
LINE = st.one_of(st.sampled_from(WHOLE), st.lists(st.sampled_from(PIECES), max_size=6).map("".join))
TEXT = st.lists(LINE, max_size=5).map(lambda lines: "\n".join(lines).encode())


@given(files=FILES, ignores=st.dictionaries(st.sampled_from(["", "a", "b", "a/b"]), TEXT, max_size=3))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_random_lines_do_as_in_git(top: Path, files: list[str], ignores: Ignores) -> None:
    same(top, files, ignores)


@pytest.mark.long
@given(files=FILES, ignores=st.dictionaries(st.sampled_from(["", "a", "b", "a/b"]), TEXT, max_size=3))
@settings(max_examples=20_000, suppress_health_check=list(HealthCheck))
def test_many_random_lines_do_as_in_git(top: Path, files: list[str], ignores: Ignores) -> None:
    same(top, files, ignores)
