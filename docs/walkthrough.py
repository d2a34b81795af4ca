"""Carry out a page of the docs in an empty folder: write the files it shows, run its commands, fill in what they print.

A page marks a file with a line `<!-- file: PATH -->` before its block, and a command with a `console` block that begins
with `$`. Commands run one after the other; `cd` holds for those that follow.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

_BLOCK = re.compile(
    r"<!-- file: (?P<path>\S+) -->\n```\w*\n(?P<text>(?:.*\n)*?)```"
    r"|```console\n\$ (?P<command>.+)\n(?:.*\n)*?```"
)


def carry_out(page: str, *linked: Path) -> str:
    """The page with the output that its commands give now; `linked` folders stand in the empty one."""
    with TemporaryDirectory() as folder:
        for each in linked:
            (Path(folder) / each.name).symlink_to(each)
        walk = _Walk(Path(folder))
        return _BLOCK.sub(walk.step, page)


def environment() -> dict[str, str]:
    """The environment in which the commands of pages run: ours first on the path, 80 columns."""
    ours = str(Path(sys.executable).parent)
    return {**os.environ, "PATH": ours + os.pathsep + os.environ["PATH"], "PYTHONIOENCODING": "utf-8", "COLUMNS": "80"}


class _Walk:
    def __init__(self, folder: Path) -> None:
        self._root = self._here = folder

    def step(self, block: re.Match[str]) -> str:
        return self._file(block) if block["path"] else self._command(block["command"])

    def _file(self, block: re.Match[str]) -> str:
        path = self._here / block["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block["text"], "utf-8")
        return block[0]

    def _command(self, command: str) -> str:
        if command.startswith("cd "):
            self._here = self._here / command.removeprefix("cd ")
            return f"```console\n$ {command}\n```"
        done = subprocess.run(  # noqa: S602 - our own pages
            command, shell=True, capture_output=True, text=True, cwd=self._here, env=environment(), check=False
        )
        # How far a long run is, is told where the machine is slow.
        told = re.sub(r"^[\d,]+ of [\d,]+ .*\n", "", done.stderr, flags=re.MULTILINE)
        printed = (done.stdout + told).replace(str(self._root), "").rstrip()
        return f"```console\n$ {command}\n{printed}\n```" if printed else f"```console\n$ {command}\n```"
