"""From `REV:path/to/pack` to a folder that holds the pack and its neighbours as they stood then."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

from policyengine import shipped
from policyengine.errors import quoted
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.revisions.git import ask, names, refused
from policyengine.rulebook.revisions.unpacking import unpack

_REVISION: Final = re.compile(r"[A-Za-z0-9_@][A-Za-z0-9_./@{}^~+-]*", re.ASCII)
_MOST_CHARACTERS: Final = 250
_PACK: Final = "/pack.yaml"


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder of a commit: the top of the working tree, the commit, and the path from the top, `.` for all of it."""

    top: Path
    commit: str
    path: str

    @property
    def parent(self) -> str:
        """The folder that holds the pack, with a slash at its end; nothing for the top."""
        parent = PurePosixPath(self.path).parent.as_posix()
        return "" if parent == "." else f"{parent}/"


def names_revision(argument: str) -> bool:
    """Whether a version is given as a revision of a pack: `REV:path`. A folder that has this name comes first."""
    return ":" in argument and not os.path.lexists(argument)


@contextmanager
def pack_at(argument: str) -> Iterator[Path]:
    """The folder of a pack at a revision, beside the packs that stood beside it; it is gone afterwards.

    Raises InputError without git, a repository, the revision, or the folder in it.
    """
    revision, _, path = argument.partition(":")
    _check(revision, path, argument)
    top = _top(path)
    commit = _commit(top, revision)
    place = _Place(top, commit, _path(top, commit, path, argument))
    with TemporaryDirectory(prefix="policyengine-") as folder:
        root = Path(folder).resolve()
        if place.path == ".":
            root = root / top.name
            root.mkdir()
        unpack(top, commit, _wanted(place), root)
        _add_registers(place, root)
        yield root / place.path


def _check(revision: str, path: str, argument: str) -> None:
    if not _REVISION.fullmatch(revision) or len(revision) > _MOST_CHARACTERS or ".." in revision:
        hint = "write REV:path/to/pack, with a branch, a tag, a commit or HEAD~1 as REV"
        raise refused("E403", f"{quoted(revision)} cannot be a git revision", hint)
    if not path or "\0" in path:
        hint = f"write {revision}:path/to/pack, or {revision}:. for a pack that is the whole repository"
        raise refused("E404", f"{quoted(argument)} does not say where the pack is", hint)


def _top(path: str) -> Path:
    """The top of the working tree: that of an absolute path, else that of the current folder."""
    here = Path.cwd() if not Path(path).is_absolute() else Path(path)
    folder = next(each for each in (here, *here.parents) if each.is_dir())
    found = ask(folder, "rev-parse", "--show-toplevel")
    if found is None:
        hint = "run it inside the repository, or give the folders of both versions"
        raise refused("E402", f"{quoted(str(folder))} is in no git repository that can be read", hint)
    return Path(found.removesuffix("\n"))


def _commit(top: Path, revision: str) -> str:
    found = ask(top, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
    if found is None:
        known = (ask(top, "for-each-ref", "--format=%(refname:short)") or "").split()
        hint = near_or_list(revision, known) or "there is no branch and no tag yet"
        raise refused("E403", f"there is no revision {quoted(revision)} in this repository", hint)
    return found.strip()


def _path(top: Path, commit: str, path: str, argument: str) -> str:
    """The path from the top, as git reads it; else, where that leads nowhere, from the current folder."""
    kinds = {}
    for each in dict.fromkeys(_candidates(top, path)):
        kind = "tree" if each == "." else (ask(top, "cat-file", "-t", f"{commit}:{each}") or "").strip()
        if kind == "tree":
            return each
        kinds[each] = kind
    if "blob" in kinds.values():
        raise refused("E404", f"{quoted(argument)} is a file, not the folder of a pack", "give the folder it is in")
    listed = names(top, "ls-tree", "-r", "-z", "--name-only", commit)
    packs = [name.removesuffix(_PACK) for name in listed if name.endswith(_PACK)]
    revision = argument.partition(":")[0]
    hint = near_or_list(path, packs) or f"there is no pack in {revision}"
    raise refused("E404", f"there is no folder {quoted(path)} in the revision {quoted(revision)}", hint)


def _candidates(top: Path, path: str) -> Iterator[str]:
    """Paths from the top that may be meant; none that leads out of the repository."""
    from_here = os.path.relpath(os.path.normpath(Path.cwd().resolve() / path), top.resolve())
    from_top = os.path.normpath(path)
    tried = [from_here] if path.startswith(("./", "../")) or Path(path).is_absolute() else [from_top, from_here]
    for each in tried:
        if each != ".." and not each.startswith(("../", "/")):
            yield each


def _wanted(place: _Place) -> list[str]:
    """The pack and the packs in the same folder: what it extends comes from the same revision."""
    if place.path == ".":
        return ["."]
    under = [place.parent] if place.parent else []
    listed = names(place.top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", place.commit, *under)
    packs = {name.removesuffix(_PACK) for name in listed if name.endswith(_PACK)}
    beside = {pack for pack in packs if f"{PurePosixPath(pack).parent.as_posix()}/" == (place.parent or "./")}
    return sorted({place.path, *beside, *_registers(place)})


def _registers(place: _Place) -> list[str]:
    """The folder of shared registers, for packs that stand where the shipped ones do."""
    rules, seeds = (shipped.folder(name).resolve() for name in ("rules", "seeds"))
    if (place.top / place.parent).resolve() != rules or not seeds.is_relative_to(place.top.resolve()):
        return []
    path = seeds.relative_to(place.top.resolve()).as_posix()
    return [path] if ask(place.top, "cat-file", "-t", f"{place.commit}:{path}") else []


def _add_registers(place: _Place, root: Path) -> None:
    """Give each pack the shared registers of its own revision, where a pack looks first."""
    for folder in _registers(place):
        for pack in (root / place.parent).glob("*/pack.yaml"):
            home = pack.parent / "seeds"
            home.mkdir(exist_ok=True)
            for register in (root / folder).glob("*.yaml"):
                if not (home / register.name).exists():
                    shutil.copyfile(register, home / register.name)
