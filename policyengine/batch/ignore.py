"""Files that a folder asks to be left out, in the syntax of .gitignore."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from policyengine.batch.ignore_patterns import Pattern, patterns_of

IGNORE_FILE: Final = ".policyengineignore"
_MOST_BYTES: Final = 1_000_000


class Ignored:
    """What the ignore files met so far leave out; each speaks of the folder it stands in and of those below."""

    def __init__(self) -> None:
        """Start with nothing left out."""
        self._files: list[tuple[Path, tuple[Pattern, ...]]] = []

    def enter(self, folder: Path) -> None:
        """Take in the ignore file of a folder, if it has one."""
        file = folder / IGNORE_FILE
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                text = opened.read(_MOST_BYTES).decode("utf-8", errors="surrogateescape")
            self._files.append((folder, patterns_of(text)))

    def leaves_out(self, path: Path, *, folder: bool = False) -> bool:
        """Whether a path is left out: the nearest file that speaks of it decides, by the last line that does."""
        for base, patterns in reversed(self._files):
            if path.is_relative_to(base):
                name = path.relative_to(base).as_posix()
                for pattern in reversed(patterns):
                    if pattern.matches(name, folder=folder):
                        return pattern.leaves_out
        return False
