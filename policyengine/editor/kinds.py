"""What kind of file a path is, and to which pack it belongs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

Kind = Literal["scenario", "rule", "pack", "source", "test"]

MOST_FOLDERS = 32
"""So many folders above a file are looked at for a pack."""
_FIRST_KEY = re.compile(r"^[\"']?(scenario|rule|pack|source)[\"']?\s*:", re.MULTILINE)
_FOLDERS: dict[str, Kind] = {"scenarios": "scenario", "seeds": "source"}
_IN_PACK: dict[str, Kind] = {"tests": "test", "seeds": "source"}
_ENDINGS = (".yaml", ".yml", ".json")


def pack_folder(path: Path) -> Path | None:
    """The folder of the pack in which a file stands."""
    return next((folder for folder in list(path.parents)[:MOST_FOLDERS] if (folder / "pack.yaml").is_file()), None)


def kind_of(path: Path, text: str) -> Kind | None:
    """What kind of file it is, by its place and by what it says; None for a file that is none of ours."""
    if path.suffix.lower() not in _ENDINGS:
        return None
    if path.name == "pack.yaml":
        return "pack"
    found = _FIRST_KEY.search(text[:20_000])
    said = found[1] if found else None
    folder = pack_folder(path)
    if said == "scenario":
        return "scenario"
    if folder is not None:
        first = path.relative_to(folder).parts[0]
        return _IN_PACK.get(first, "rule")
    if said == "rule":
        return "rule"
    return "source" if said == "source" else _FOLDERS.get(path.parent.name)


def packs_of_scenario(path: Path, named: list[str] | None) -> list[str | Path] | None:
    """The packs that a scenario uses: those it names, else those of its project; None for those that run by default.

    A pack of the project comes before a shipped one of its name.
    """
    own = _packs_around(path)
    if named is not None:
        by_name = {folder.name: folder for folder in own}
        return [by_name.get(name, name) for name in named]
    return list(own) or None


def _packs_around(path: Path) -> list[Path]:
    for folder in _projects(path):
        if (folder / "pack.yaml").is_file():
            return [folder]
        found = sorted(each.parent for each in folder.glob("*/pack.yaml"))
        if found:
            return found
    return []


def _projects(path: Path) -> list[Path]:
    """The folders that may be the project of a scenario: its own, the one above, and that of a folder `scenarios`.

    No others, so that packs that lie about further up are none of its business.
    """
    above = list(path.parents)[:MOST_FOLDERS]
    named = [folder.parent for folder in above if folder.name == "scenarios"]
    return [*above[:2], *named[:1]]
