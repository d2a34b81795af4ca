"""Which files of a pack are rules; nothing outside its folder is followed, and nothing goes on for ever."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from policyengine.errors import Problems, Span

MOST_FILES = 5_000
MOST_ENTRIES = 50_000
"""So many files and folders of any kind are looked at."""
MOST_NESTED = 16
_NOT_RULES = ("seeds", "tests")


class _TooMuchError(Exception):
    """The folder holds more, or deeper, than is read: code, message, hint and the folder it is about."""


def rule_files(folder: Path, problems: Problems) -> list[Path]:
    """The rule files of a pack, in a fixed order; nothing outside the folder is followed."""
    try:
        below = sorted(_below(folder))
    except OSError as error:
        message = f"the folder cannot be read: {error.strerror}"
        problems.add("P514", message, "ask for read access to it and to the folders inside", Span.whole(str(folder)))
        return []
    except _TooMuchError as error:
        code, message, hint, where = error.args
        problems.add(code, message, hint, Span.whole(str(where)))
        return []
    found = [path for parts in below if (path := _rule_file(folder, parts, problems)) is not None]
    if len(found) > MOST_FILES:
        message = f"the pack has {len(found):,} rule files; at most {MOST_FILES:,} are read"
        problems.add("P508", message, "split the pack", Span.whole(str(folder)))
        return []
    return found


def _rule_file(folder: Path, parts: tuple[str, ...], problems: Problems) -> Path | None:
    """The path of a file if it is a rule; what looks like one and would not be read is told."""
    path = folder.joinpath(*parts)
    # Only a link can lead out of a folder whose own links were not followed.
    if path.is_symlink() and not inside(path, folder):
        leads_out(path, problems)
    elif not _is_text(str(path)):
        hint = "rename it with small letters, digits and hyphens"
        problems.add("P521", "the name of this file is not valid UTF-8 text", hint, Span.whole(str(path)))
    elif len(parts) == 1 or path.suffix != ".yaml":
        message = "this file would not be read as a rule"
        hint = "put it in a folder inside the pack, with a name that ends in .yaml"
        problems.add("P510", message, hint, Span.whole(str(path)))
    elif not path.is_dir():
        return path
    return None


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def inside(path: Path, folder: Path) -> bool:
    """Whether a path, all links followed, stays in a folder; a link in a circle leads nowhere."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _below(folder: Path) -> Iterator[tuple[str, ...]]:
    """The YAML files of a pack, and links that may be such, as paths inside it; links to folders are not entered."""
    waiting: list[tuple[str, ...]] = [()]
    seen = 0
    while waiting:
        above = waiting.pop()
        with os.scandir(folder.joinpath(*above)) as entries:
            for entry in entries:
                seen += 1
                if seen > MOST_ENTRIES:
                    message = f"the pack holds more than {MOST_ENTRIES:,} files and folders"
                    raise _TooMuchError("P508", message, "split the pack, or take out what is no rule", folder)
                parts = (*above, entry.name)
                if entry.name.startswith(".") or parts[0] in _NOT_RULES or parts == ("pack.yaml",):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(_not_too_deep(folder, parts))
                elif entry.name.endswith((".yaml", ".yml")) or (entry.is_symlink() and _leads_to_folder(entry)):
                    yield parts


def _not_too_deep(folder: Path, parts: tuple[str, ...]) -> tuple[str, ...]:
    if len(parts) > MOST_NESTED:
        message = f"folders of this pack are nested more than {MOST_NESTED} deep"
        raise _TooMuchError("P520", message, "put the rules in folders higher up", folder.joinpath(*parts[:3]))
    return parts


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a circle
        return False


def leads_out(path: Path, problems: Problems) -> None:
    """Note a link out of the pack's folder."""
    message = "this is a link to a file outside the pack's folder"
    problems.add("P503", message, "copy the file into the folder", Span.whole(str(path)))
