"""What is no readable text file is refused before anything hangs or fills the memory."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import policyengine.errors
from policyengine.errors import InputError, Problem
from policyengine.source import read_document

ROOT = Path(policyengine.errors.__file__).parents[2]


def problem_with(path: Path) -> Problem:
    with pytest.raises(InputError) as caught:
        read_document(path)
    (problem,) = caught.value.problems
    return problem


def test_a_missing_file(tmp_path: Path) -> None:
    problem = problem_with(tmp_path / "none.yaml")
    assert str(problem) == f"{tmp_path}/none.yaml: S001 There is no such file"
    assert "Check the spelling" in problem.hint


@pytest.mark.parametrize("name", ["a\0b.yaml", "x" * 300 + ".yaml", "file.txt/x.yaml", "\ud800.yaml"])
def test_a_name_that_no_file_can_have(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.txt").touch()
    assert problem_with(tmp_path / name).code == "S001"


def test_a_link_to_nowhere(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(tmp_path / "gone.yaml")
    problem = problem_with(tmp_path / "link.yaml")
    assert (problem.code, problem.message) == ("S001", "This is a link to a file that does not exist")


def test_a_link_to_itself(tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(tmp_path / "link.yaml")
    assert problem_with(tmp_path / "link.yaml").code == "S005"


def test_a_link_to_a_file_is_followed(tmp_path: Path) -> None:
    (tmp_path / "file.yaml").write_text("a: 1")
    (tmp_path / "link.yaml").symlink_to(tmp_path / "file.yaml")
    assert read_document(tmp_path / "link.yaml").plain() == {"a": 1}


def test_a_folder(tmp_path: Path) -> None:
    assert problem_with(tmp_path).code == "S002"


def test_pipes_devices_and_sockets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "zero.yaml").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listener:
        monkeypatch.chdir(tmp_path)  # the name of a socket has to be short
        listener.bind("socket.yaml")
        for name in ("pipe.yaml", "zero.yaml", "socket.yaml"):
            assert problem_with(tmp_path / name).code == "S003"


def test_an_unknown_ending(tmp_path: Path) -> None:
    for name in ("file.toml", "file"):
        (tmp_path / name).write_text("a: 1")
        assert problem_with(tmp_path / name).code == "S006"


@pytest.mark.parametrize("name", ["FILE.YAML", "file.yml", "file.Json"])
def test_known_endings_in_any_case(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"a": 1}')
    assert read_document(tmp_path / name).plain() == {"a": 1}


def test_a_file_of_20_megabytes_is_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as file:
        file.truncate(20_000_000)
    monkeypatch.setattr(os, "open", lambda *_: pytest.fail("opened"))
    problem = problem_with(path)
    assert problem.code == "S007"
    assert "20,000,000 bytes" in problem.message


def test_a_file_that_grows_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "grows.yaml"
    path.write_text("a: 1")
    small = path.stat()
    with path.open("wb") as file:
        file.truncate(20_000_000)
    monkeypatch.setattr(os, "fstat", lambda _: small)
    monkeypatch.setattr(Path, "stat", lambda _: small)
    assert problem_with(path).code == "S007"


def test_a_file_of_the_largest_size_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text("x" * 5_000_000)
    assert read_document(path).plain() == "x" * 5_000_000
    path.write_text("x" * 5_000_001)
    assert problem_with(path).code == "S007"


def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text("a: 1")
    path.chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.owner() != "root" or os.geteuid() == 0:
            folder.chmod(folder.stat().st_mode | 0o111)
        if folder.name.startswith("pytest-of-"):
            break
    program = (
        "import os, sys; from pathlib import Path\n"
        "from policyengine.errors import InputError\n"
        "from policyengine.source import read_document\n"
        "if os.geteuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try: read_document(Path(sys.argv[1]))\n"
        "except InputError as error: print(error.problems[0].code, end='')\n"
    )
    run = [sys.executable, "-c", program, str(path)]
    found = subprocess.run(run, capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout == "S004"


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        (errno.ENOENT, "S001", "no such file"),
        (errno.EACCES, "S004", "no permission"),
        (errno.EIO, "S005", "Input/output error"),
    ],
)
def test_a_file_that_can_no_longer_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str, words: str
) -> None:
    (tmp_path / "file.yaml").write_text("a: 1")

    def fail(*_: object) -> int:
        raise OSError(number, "")

    monkeypatch.setattr(os, "open", fail)
    problem = problem_with(tmp_path / "file.yaml")
    assert problem.code == code
    assert words in problem.message


NOT_TEXT = [
    # bytes, place and code, part of the hint, excerpt
    (b"a: Qu\xe9bec", "1:6 S008", "Latin-1", "a: Qu\\xe9bec"),
    ("\ufeff\u00e9: \u00e9\r\n\u00e9\u00e9".encode() + b"\xff\r\nc", "2:3 S008", "Latin-1", "\u00e9\u00e9\\xff"),
    ("a: 1".encode("utf-16"), "1:1 S008", "UTF-16", "\\xff\\xfea\0:\0 \x001\0"),
    ("a: 1".encode("utf-16-le"), "1:2 S009", "UTF-16", "a\0:\0 \x001\0"),
    (b"\x89PNG\r\n\x1a\n\0\0", "1:1 S008", "UTF-16, or is no text", "\\x89PNG"),
    (b"a: \xed\xa0\xbd", "1:4 S008", "UTF-8", "a: \\xed\\xa0\\xbd"),
    (b"a: b\nc: \x1b[0m", "2:4 S009", "escape", "c: \x1b[0m"),
    ("a: b\u2028c".encode(), "1:5 S009", "escape", "a: b\u2028c"),
    ("a: b\x85c".encode(), "1:5 S009", "escape", "a: b\x85c"),
    ("a: \ufeff".encode(), "1:4 S009", "Delete it", "a: \ufeff"),
    (b"a: \x7f", "1:4 S009", "Delete it", "a: \x7f"),
]


@pytest.mark.parametrize(("content", "place", "hint", "excerpt"), NOT_TEXT)
def test_what_is_no_text_in_utf8(tmp_path: Path, content: bytes, place: str, hint: str, excerpt: str) -> None:
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    problem = problem_with(path)
    assert problem.span
    assert f"{problem.span.line}:{problem.span.column} {problem.code}" == place
    assert hint in problem.hint
    assert problem.excerpt == excerpt
