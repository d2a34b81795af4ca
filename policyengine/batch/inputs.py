"""From what stands on the command line to a sorted plan: which files, and what the results of each are called."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from policyengine.batch.ignore import Ignored

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
_PACK: Final = "pack.yaml"
_MAGIC: Final = re.compile(r"[*?\[]")
_LONGEST: Final = 150
_ENDING: Final = re.compile(r"\.[A-Za-z]+$")
_PLAIN: Final = re.compile(r"[^\w.,+=@ -]|^[.\s-]|[.\s]$")


class Job(NamedTuple):
    """One scenario file: its path as it was found, and the name that its results have, without an ending.

    What was found in a folder must not lead out of it: `within` is that folder.
    """

    source: str
    name: str
    within: str = ""

    @property
    def noun(self) -> str:
        """What it is, in messages."""
        return "file"

    @property
    def again(self) -> str:
        """The command that tries it alone."""
        return "policyengine evaluate"


class _Found(NamedTuple):
    path: str
    within: str = ""


def planned(
    arguments: Sequence[str],
    lines: Callable[[str], Iterable[str]],
    leave_out: Path | None,
    suffixes: Collection[str] = SUFFIXES,
) -> list[Job]:
    """The jobs of a batch in the order of their names, each file once; in folders, files with these endings.

    `lines` gives the lines of a list, `-` among them; nothing under `leave_out`, where the results go,
    is an input. Raises OSError where a folder or a list cannot be read.
    """
    found: dict[str, _Found] = {}
    out = leave_out and leave_out.resolve()
    for each in _all(arguments, lines, out, suffixes):
        found.setdefault(os.path.realpath(each.path), each)
    return sorted(_named(list(found.values())), key=lambda job: job.name)


def _all(
    arguments: Iterable[str], lines: Callable[[str], Iterable[str]], out: Path | None, suffixes: Collection[str]
) -> Iterator[_Found]:
    for each in listed(arguments, lines):
        yield from _one(each, out, suffixes)


def listed(arguments: Iterable[str], lines: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """The arguments, and in place of a list what stands in it."""
    for argument in arguments:
        if argument == "-" or (argument.startswith("@") and len(argument) > 1):
            yield from lines(argument)
        else:
            yield argument


def _one(argument: str, out: Path | None, suffixes: Collection[str]) -> Iterator[_Found]:
    """The files that one argument means; one that means none stands for itself, and is missed when it is read."""
    path = Path(argument)
    if path.is_dir():
        yield from _inside(path, out, suffixes)
    elif not path.exists() and _MAGIC.search(argument):
        matches = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        for match in matches:
            yield from _one(match, out, suffixes) if Path(match).is_dir() else [_Found(match)]
        if not matches:
            yield _Found(argument)
    else:
        yield _Found(argument)


def _inside(top: Path, out: Path | None, suffixes: Collection[str]) -> Iterator[_Found]:
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
                yield _Found(str(path), str(top))


def _refuse(error: OSError) -> None:
    raise error


def _named(found: Sequence[_Found]) -> Iterator[Job]:
    """A name for each file: its path below the folder that all have in common, and more where that is not enough."""
    if not found:
        return
    paths = [os.path.abspath(each.path) for each in found]  # noqa: PTH100 - links stay as they are
    common = os.path.commonpath([str(Path(path).parent) for path in paths])
    places = [os.path.relpath(path, common) for path in paths]
    whole = [_plain(place) for place in places]
    short = [str(Path(name).with_suffix("")) if Path(name).suffix in SUFFIXES else name for name in whole]
    # Some file systems do not tell capital letters from small ones.
    often = Counter(map(str.casefold, short))
    chosen = [one if often[one.casefold()] == 1 else other for one, other in zip(short, whole, strict=True)]
    taken = Counter(map(str.casefold, chosen))
    for each, name, place in zip(found, chosen, places, strict=True):
        yield Job(each.path, name if taken[name.casefold()] == 1 else f"{name}-{_hash(place)}", each.within)


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
