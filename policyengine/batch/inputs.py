"""From what stands on the command line to a sorted plan: which files, and what the results of each are called."""

from __future__ import annotations

import glob
import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from policyengine.batch.ignore import Ignored

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json"})
_PACK: Final = "pack.yaml"
_MAGIC: Final = re.compile(r"[*?\[]")
_LONGEST: Final = 150
_PLAIN: Final = re.compile(r"[^\w.,+=@ -]|^[.\s-]|[.\s]$")


class Job(NamedTuple):
    """One scenario file: its path as it was found, and the name that its results have, without an ending."""

    source: str
    name: str


def planned(arguments: Sequence[str], lines: Callable[[str], Iterable[str]], leave_out: Path) -> list[Job]:
    """The jobs of a batch in the order of their names, each file once.

    `lines` gives the lines of a list, `-` among them; nothing under `leave_out`, where the results go,
    is an input. Raises OSError where a folder or a list cannot be read.
    """
    found: dict[str, str] = {}
    out = leave_out.resolve()
    for path in _all(arguments, lines, out):
        found.setdefault(os.path.realpath(path), path)
    return sorted(_named(found), key=lambda job: job.name)


def _all(arguments: Iterable[str], lines: Callable[[str], Iterable[str]], out: Path) -> Iterator[str]:
    for argument in arguments:
        if argument == "-" or (argument.startswith("@") and len(argument) > 1):
            for line in lines(argument):
                yield from _one(line, out)
        else:
            yield from _one(argument, out)


def _one(argument: str, out: Path) -> Iterator[str]:
    """The files that one argument means; one that means none stands for itself, and is missed when it is read."""
    path = Path(argument)
    if path.is_dir():
        yield from _inside(path, out)
    elif not path.exists() and _MAGIC.search(argument):
        matches = sorted(glob.glob(argument, recursive=True))  # noqa: PTH207 - a pattern may be absolute
        for match in matches:
            yield from _one(match, out) if Path(match).is_dir() else [match]
        if not matches:
            yield argument
    else:
        yield argument


def _inside(top: Path, out: Path) -> Iterator[str]:
    """The scenario files below a folder; packs, hidden files and what an ignore file leaves out are passed over."""
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
            if path.suffix.lower() in SUFFIXES and not name.startswith(".") and not ignored.leaves_out(path):
                yield str(path)


def _refuse(error: OSError) -> None:
    raise error


def _named(found: dict[str, str]) -> Iterator[Job]:
    """A name for each file: its path below the folder that all have in common, and more where that is not enough."""
    if not found:
        return
    common = os.path.commonpath([str(Path(real).parent) for real in found])
    plain = {real: _plain(os.path.relpath(real, common)) for real in found}
    short = {real: str(Path(name).with_suffix("")) if Path(name).suffix in SUFFIXES else name
             for real, name in plain.items()}  # fmt: skip
    # Some file systems do not tell capital letters from small ones.
    often = Counter(name.casefold() for name in short.values())
    chosen = {real: name if often[name.casefold()] == 1 else plain[real] for real, name in short.items()}
    taken = Counter(name.casefold() for name in chosen.values())
    for real, source in found.items():
        name = chosen[real]
        yield Job(source, name if taken[name.casefold()] == 1 else f"{name}-{_hash(os.path.relpath(real, common))}")


def _plain(path: str) -> str:
    """A path whose parts are names that every file system takes and every browser opens."""
    parts = [part if not _PLAIN.search(part) else f"{_PLAIN.sub('_', part)}-{_hash(part)}" for part in Path(path).parts]
    name = "/".join(part if len(part.encode(errors="replace")) <= _LONGEST else _cut(part) for part in parts)
    return name if len(name) <= 4 * _LONGEST else _hash(name)


def _cut(part: str) -> str:
    return f"{part[: _LONGEST // 4]}-{_hash(part)}{Path(part).suffix[:8]}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:12]
