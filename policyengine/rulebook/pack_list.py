"""The packs that can be named, each with what its pack file says or why it says nothing."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass

from policyengine.domain.reading import read_file
from policyengine.errors import Problem, Problems
from policyengine.rulebook.pack_files import inside
from policyengine.rulebook.pack_places import PackPlace, known_packs
from policyengine.rulebook.rule_file import PackFile


@dataclass(frozen=True, slots=True)
class ListedPack:
    """A pack that can be named; `file` is None where `problems` say why it cannot be read."""

    place: PackPlace
    file: PackFile | None
    problems: tuple[Problem, ...]
    clashes: bool
    """Whether the name means two packs, so that only the folder can be given."""

    @property
    def default(self) -> bool:
        """Whether it runs when no pack is named, which only shipped packs do."""
        return self.place.kind == "shipped" and self.file is not None and self.file.default


def listed_packs() -> list[ListedPack]:
    """Every pack that can be named, in the order in which names are looked up."""
    places = known_packs()
    shipped = {place.name for place in places if place.kind == "shipped"}
    # A shipped name stands before a folder here, and nothing installed is looked at where a folder has the name.
    named = [place for place in places if place.kind != "current folder" or place.name not in shipped]
    folders = Counter(place.name for place in named if place.kind != "installed")
    installed = Counter(place.name for place in named if place.kind == "installed")
    return [_listed(place, clashes=folders[place.name] > 1 or _hidden(place, folders, installed)) for place in places]


def _hidden(place: PackPlace, folders: Counter[str], installed: Counter[str]) -> bool:
    return place.kind == "installed" and (folders[place.name] > 0 or installed[place.name] > 1)


def _listed(place: PackPlace, *, clashes: bool) -> ListedPack:
    problems = Problems()
    path = place.folder / "pack.yaml"
    file = None
    if os.path.lexists(path) and not inside(path, place.folder):
        problems.add("P503", "its pack.yaml is a link to a file outside the pack's folder", "copy the file into it")
    else:
        file = read_file(path, PackFile, "P", problems)[1]
    return ListedPack(place, file, problems.items, clashes)
