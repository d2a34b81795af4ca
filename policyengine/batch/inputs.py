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
    is an input. Raises OSError where a folder or a list cannot be read.
    """
    draft = Draft(_all(arguments, lines, leave_out and real_path(leave_out), suffixes))
    _name(draft)
    return draft.plan()


def _all(arguments: Iterable[str], lines: Lines, out: Path | None, suffixes: Collection[str]) -> Iterator[Found]:
    for each in listed(arguments, lines):
        yield from _one(each, out, suffixes)


def listed(arguments: Iterable[str], lines: Lines) -> Iterator[str]:
    """The arguments, and in place of a list what stands in it."""
    for argument in arguments:
        if argument == "-" or (argument.startswith("@") and len(argument) > 1):
            yield from lines(argument)
        else:
            yield argument


def _one(argument: str, out: Path | None, suffixes: Collection[str]) -> Iterator[Found]:
    """The files that one argument means; one that means none stands for itself, and is missed when it is read."""
    path = Path(argument)
    if path.is_dir():
        yield from _inside(path, out, suffixes)
    elif not path.exists() and PATTERN.search(argument):
        matches = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        for match in matches:
            yield from _one(match, out, suffixes) if Path(match).is_dir() else [_found(match)]
        if not matches:
            yield _found(argument)
    else:
        yield _found(argument)


def _inside(top: Path, out: Path | None, suffixes: Collection[str]) -> Iterator[Found]:
    """The files with these endings below a folder, without packs, hidden files and what an ignore file leaves out."""
    ignored = Ignored()
    for where, folders, files in os.walk(top, onerror=_refuse):
        here = Path(where)
        if _PACK in files or here.resolve() == out:
            folders.clear()
            continue
        ignored.enter(here)
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not ignored.leaves_out(here / name, folder=True)
        )
        for name in sorted(files):
            path = here / name
            if path.suffix.lower() in suffixes and not name.startswith(".") and not ignored.leaves_out(path):
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
