"""Calls of git. Nothing that a user wrote reaches it as an option, and it neither asks nor fetches anything."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from policyengine.errors import InputError, Problem

_MOST_SECONDS: Final = 120
_QUIET: Final = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0"}


def refused(code: str, message: str, hint: str) -> InputError:
    """An error of one problem that has no place in a file."""
    return InputError([Problem(code, message, hint)])


def ask(folder: Path, *arguments: str) -> str | None:
    """What git answers in a folder, or None if it refuses."""
    try:
        done = subprocess.run(  # noqa: S603 - a list of arguments, each checked by whoever calls
            _command(arguments), cwd=folder, env=_environment(), capture_output=True, timeout=_MOST_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        message = f"git did not answer within {_MOST_SECONDS} seconds"
        raise refused("E406", message, "see whether git works in this folder, then try again") from None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None


def names(folder: Path, *arguments: str) -> list[str]:
    """The names that git lists; none if it refuses."""
    return [name for name in (ask(folder, *arguments) or "").split("\0") if name]


@contextmanager
def stream(folder: Path, *arguments: str) -> Iterator[IO[bytes]]:
    """What git writes, while it writes it; git is stopped when the reader has enough."""
    with subprocess.Popen(  # noqa: S603 - a list of arguments, each checked by whoever calls
        _command(arguments),
        cwd=folder,
        env=_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - a pipe was asked for
        try:
            yield process.stdout
        finally:
            process.kill()


def _command(arguments: tuple[str, ...]) -> list[str]:
    git = shutil.which("git")
    if git is None:
        hint = "install git, or give the folder of each version instead of a revision"
        raise refused("E401", "git is not installed, so no revision of a pack can be read", hint)
    return [git, "--literal-pathspecs", "--no-pager", *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, **_QUIET}
