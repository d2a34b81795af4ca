"""From what stands on the command line to a sorted plan: which files, and what the results of each are called."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from policyengine.batch.ignore import Ignored
from policyengine.batch.plan import PATTERN, Draft, Found, Plan
from policyengine.errors import InputError, Problem, Span
from policyengine.source import real_path

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
Lines = Callable[[str], Iterable[str]]
"""Gives the lines of a list that stands on the command line as `@FILE` or `-`."""
_PACK: Final = "pack.yaml"
_LONGEST: Final = 150
_ENDING: Final = re.compile(r"\.[A-Za-z]+$")
_PLAIN: Final = re.compile(r"[^\w.,+=@ -]|^[.\s-]|[.\s]$")


def planned(
    arguments: Sequence[str],
    lines: Lines,
    leave_out: Path | None,
    suffixes: Collection[str] = SUFFIXES,
) -> Plan:
    """The jobs of a batch in the order of their names, each file once; in folders, files with these endings.

    `lines` gives the lines of a list, `-` among them; nothing under `leave_out`, where the results go,
    is an input. Raises OSError where a folder or a list cannot be read, InputError where only that folder is left.
    """
    search = _Search(leave_out and real_path(leave_out), suffixes)
    draft = Draft(found for each in listed(arguments, lines) for found in search.one(each))
    _name(draft)
    plan = draft.plan()
    if search.left_out and not plan:
        message = "The results go to the folder that is searched, and nothing is read there"
        raise InputError([Problem("S001", message, "choose another folder for --out", Span.whole(search.left_out))])
    return plan


def listed(arguments: Iterable[str], lines: Lines) -> Iterator[str]:
    """The arguments, and in place of a list what stands in it."""
    for argument in arguments:
        if argument == "-" or (argument.startswith("@") and len(argument) > 1):
            yield from lines(argument)
        else:
            yield argument


class _Search:
    """Looks for files with these endings; `left_out` is the folder of the results, where it was come upon."""

    def __init__(self, out: Path | None, suffixes: Collection[str]) -> None:
        self.left_out = ""
        self._out = out
        self._suffixes = suffixes

    def one(self, argument: str) -> Iterator[Found]:
        """The files that one argument means; one that means none stands for itself, and is missed when it is read."""
        path = Path(argument)
        # Unlike those of a path, these two do not raise for what no file can be called.
        if os.path.isdir(argument):  # noqa: PTH112
            yield from self._inside(path)
        elif not os.path.exists(argument) and PATTERN.search(argument):  # noqa: PTH110
            matches = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207 - a pattern may be absolute
            for match in matches:
                yield from self.one(match) if Path(match).is_dir() else [_found(match)]
            if not matches:
                yield _found(argument)
        else:
            yield _found(argument)

    def _inside(self, top: Path) -> Iterator[Found]:
        """The files below a folder, without packs, hidden files and what an ignore file leaves out."""
        ignored = Ignored()
        for where, folders, files in os.walk(top, onerror=_refuse):
            here = Path(where)
            if here.resolve() == self._out:
                self.left_out = where
                folders.clear()
                continue
            if _PACK in files:
                folders.clear()
                continue
            ignored.enter(here)
            folders[:] = sorted(
                name
                for name in folders
                if not name.startswith(".") and not ignored.leaves_out(here / name, folder=True)
            )
            for name in sorted(files):
                path = here / name
                if path.suffix.lower() in self._suffixes and not name.startswith(".") and not ignored.leaves_out(path):
                    yield _found(str(path), str(top))


def _refuse(error: OSError) -> None:
    raise error


def _found(source: str, within: str = "") -> Found:
    return Found(os.path.realpath(source), source, within)


def _name(draft: Draft) -> None:
    """A name for each file: its path below the folder that all have in common, and more where that is not enough."""
    common = ""
    for _, source in draft.sources():
        folder = os.path.dirname(_absolute(source))  # noqa: PTH120 - it is called for each file
        common = os.path.commonpath([common or folder, folder])

    def place(source: str) -> str:
        return os.path.relpath(_absolute(source), common)

    draft.name((number, _short(_plain(place(source)))) for number, source in draft.sources())
    # Some file systems do not tell capital letters from small ones.
    draft.name((number, _plain(place(source))) for number, source, _ in draft.alike())
    draft.name((number, f"{name}-{_hash(place(source))}") for number, source, name in draft.alike())


def _absolute(source: str) -> str:
    return os.path.abspath(source)  # noqa: PTH100 - links stay as they are


def _short(name: str) -> str:
    return str(Path(name).with_suffix("")) if Path(name).suffix in SUFFIXES else name


def _plain(path: str) -> str:
    """A path whose parts are names that every file system takes and every browser opens."""
    *folders, last = Path(path).parts
    # A folder a.html would stand in the way of the page of a file a.yaml.
    parts = [
        *(f"{_part(each)}-{_hash(each)}" if _ENDING.search(each) else _part(each) for each in folders),
        _part(last),
    ]
    name = "/".join(parts)
    return name if len(name) <= 4 * _LONGEST else _hash(name)


def _part(part: str) -> str:
    if _PLAIN.search(part):
        return f"{_cut(_PLAIN.sub('_', part))}-{_hash(part)}"
    return part if len(part.encode(errors="replace")) <= _LONGEST else f"{_cut(part)}-{_hash(part)}"


def _cut(part: str) -> str:
    return part[: _LONGEST // 4]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]
