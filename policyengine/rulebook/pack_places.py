"""Where a pack stands that is given by its name: shipped, in a folder of packs, here, or installed."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from policyengine import shipped
from policyengine.errors import quoted
from policyengine.errors.near_names import near_or_list

FOLDERS = "POLICYENGINE_PACKS"
"""The environment variable with the folders in which packs stand, parted as in PATH."""
GROUP = "layered_policyengine.packs"
"""The entry points by which installed distributions offer packs."""
MOST_NAME = 80
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PACKAGE = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*", re.ASCII)
Kind = Literal["shipped", "folder of packs", "current folder", "installed"]


@dataclass(frozen=True, slots=True)
class PackPlace:
    """A pack that can be named: its name, its folder, and where it was found."""

    name: str
    folder: Path
    kind: Kind
    origin: str
    """The folder of packs or the distribution that it comes from; empty for shipped ones."""

    def __str__(self) -> str:
        """Where it is, in words."""
        if self.kind == "shipped":
            return "shipped with policyengine"
        return f"in {self.folder}" if self.kind != "installed" else f"installed with {self.origin}"


Wrong = tuple[str, str, str]
"""Why a pack cannot be found: code, message, hint."""


def shipped_packs() -> list[str]:
    """The names of the packs that come with the package."""
    return sorted(path.parent.name for path in shipped.folder("rules").glob("*/pack.yaml"))


def folders_of_packs() -> list[Path]:
    """The folders that the environment names, each once, in its order."""
    given = os.environ.get(FOLDERS, "").split(os.pathsep)
    return [Path(each) for each in dict.fromkeys(filter(None, given))]


def is_name(given: str | Path) -> bool:
    """Whether a pack is given by its name rather than by a path."""
    return isinstance(given, str) and len(given) <= MOST_NAME and _NAME.fullmatch(given) is not None


def find_pack(name: str, *, here: bool = True) -> PackPlace | Wrong:
    """The pack of a name: shipped, in a folder of packs, in the current folder, or else installed.

    A name that two of these have is an error, because the reader of a result would not know which was meant. Only a
    shipped name stands before a folder here: it means the same everywhere. With `here` false, the current folder is
    not looked at: what a pack extends does not hang on where a command is run.
    """
    found = [*_shipped(name), *_in_folders(name)]
    if here and (not found or found[0].kind != "shipped"):
        found += _here(name)
    # Installed distributions are looked through last, because reading their records takes time.
    found = _apart(found) or list(installed_packs(name))
    if len(found) > 1:
        message = f"two packs have the name {quoted(name)}: one {found[0]}, one {found[1]}"
        return "P515", message, "give the folder of the one that is meant, such as ./FOLDER, or rename one"
    if not found:
        return "P501", f"there is no pack {quoted(name)}", f"{_near(name)}{_looked()}"
    return found[0] if (found[0].folder / "pack.yaml").exists() or found[0].kind != "installed" else _empty(found[0])


def find_pack_for(name: str, scenario: Path) -> str | Wrong:
    """The pack that a scenario file names: its name, or its folder where only the project of the file has it.

    The project is the folder of the file, or the one above if that is called `scenarios`.
    """
    found = find_pack(name)
    project = scenario.resolve().parent
    near = (project.parent if project.name == "scenarios" else project) / name
    # A link may lead anywhere; and a shipped name means the same everywhere.
    if not _is_pack(near) or near.resolve() != near or (isinstance(found, PackPlace) and found.kind == "shipped"):
        return found if isinstance(found, tuple) else name
    if isinstance(found, PackPlace) and found.folder.resolve() != near:
        message = f"two packs have the name {quoted(name)}: one {found}, one beside the file in {near}"
        return "P515", message, "give the folder of the one that is meant with --pack, or rename one"
    return str(near) if isinstance(found, tuple) and found[0] == "P501" else name


def known_packs() -> list[PackPlace]:
    """Every pack that can be named, in the order in which they are looked up."""
    places = [place for name in shipped_packs() for place in _shipped(name)]
    for folder in folders_of_packs():
        places += [PackPlace(each.name, each, "folder of packs", str(folder)) for each in _packs_in(folder)]
    places += [PackPlace(each.name, each, "current folder", ".") for each in _packs_in(Path())]
    return [*_apart(places), *installed_packs()]


def installed_packs(name: str | None = None) -> Iterator[PackPlace]:
    """The packs, or those of one name, that installed distributions offer.

    Nothing of a distribution is imported, since a pack of a stranger must not run code: its records say which folder
    is meant, and only files are read.
    """
    from importlib.metadata import distributions

    for distribution in distributions():
        with suppress(OSError, TypeError, ValueError, KeyError):  # records that cannot be read offer nothing
            found = [entry for entry in distribution.entry_points if entry.group == GROUP and is_name(entry.name)]
            for entry in found:
                if name in (None, entry.name):
                    title = f"{distribution.metadata['Name']} {distribution.version}"
                    folder = _folder_of(str(entry.value).strip(), Path(str(distribution.locate_file(""))))
                    yield PackPlace(entry.name, folder, "installed", title)


def _folder_of(value: str, root: Path) -> Path:
    """The folder that `package.folder` means, in the distribution or, if it is installed for editing, on the path."""
    if not _PACKAGE.fullmatch(value):
        return root / "no-package-of-that-name"
    from importlib.machinery import PathFinder

    first, *rest = value.split(".")
    folder = root.joinpath(first, *rest)
    spec = None if folder.is_dir() else PathFinder.find_spec(first)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if Path(place).joinpath(*rest).is_dir():
            return Path(place).joinpath(*rest)
    return folder


def _shipped(name: str) -> list[PackPlace]:
    folder = shipped.folder("rules") / name
    return [PackPlace(name, folder, "shipped", "")] if (folder / "pack.yaml").is_file() else []


def _in_folders(name: str) -> list[PackPlace]:
    return [
        PackPlace(name, folder / name, "folder of packs", str(folder))
        for folder in folders_of_packs()
        if _is_pack(folder / name)
    ]


def _here(name: str) -> list[PackPlace]:
    return [PackPlace(name, Path(name), "current folder", ".")] if Path(name).is_dir() else []


def _is_pack(folder: Path) -> bool:
    try:
        return (folder / "pack.yaml").exists()
    except OSError:
        return False


def _packs_in(folder: Path) -> list[Path]:
    try:
        return [each for each in sorted(folder.iterdir()) if is_name(each.name) and _is_pack(each)]
    except OSError:
        return []


def _apart(found: list[PackPlace]) -> list[PackPlace]:
    """Each folder once, however many ways lead to it."""
    return list({place.folder.resolve(): place for place in reversed(found)}.values())[::-1]


def _near(name: str) -> str:
    """Names of packs like this one, without looking through what is installed."""
    names = [*shipped_packs(), *(each.name for folder in folders_of_packs() for each in _packs_in(folder))]
    return near_or_list(name, names).removesuffix("?")


def _looked() -> str:
    """Which folders of packs are not there: a misspelt one is the likeliest reason."""
    missing = [str(folder) for folder in folders_of_packs() if not folder.is_dir()]
    told = f"; {FOLDERS} names {missing[0]}, which is no folder" if missing else ""
    return f"{told}; or give the folder of a pack"


def _empty(place: PackPlace) -> Wrong:
    message = f"the pack {quoted(place.name)} {place} has no pack.yaml in {place.folder}"
    return "P516", message, "tell its makers: the entry point must name the package or the folder that has pack.yaml"
