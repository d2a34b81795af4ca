"""Files that a folder asks to be left out, in the syntax of .gitignore. The only importer of pathspec."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pathspec import GitIgnoreSpec

IGNORE_FILE: Final = ".policyengineignore"
_MOST_BYTES: Final = 1_000_000


class Ignored:
    """What the ignore files met so far leave out; each speaks of the folder it stands in and of those below."""

    def __init__(self) -> None:
        """Start with nothing left out."""
        self._specs: list[tuple[Path, GitIgnoreSpec]] = []

    def enter(self, folder: Path) -> None:
        """Take in the ignore file of a folder, if it has one."""
        file = folder / IGNORE_FILE
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as opened:
                text = opened.read(_MOST_BYTES).decode("utf-8", errors="replace")
            self._specs.append((folder, GitIgnoreSpec.from_lines(text.splitlines())))

    def leaves_out(self, path: Path, *, folder: bool = False) -> bool:
        """Whether a path is left out; the nearest ignore file that speaks of it decides."""
        for base, spec in reversed(self._specs):
            if path.is_relative_to(base):
                said = spec.check_file(path.relative_to(base).as_posix() + ("/" if folder else "")).include
                if said is not None:
                    return said
        return False
