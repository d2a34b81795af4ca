"""The list of packs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from policyengine.report.blocks import Block, Heading, Item, Items, Phrase, Title, phrase, quiet, strong, warning
from policyengine.rulebook.pack_list import ListedPack

_HEADINGS = {
    "shipped": "Shipped with policyengine",
    "folder of packs": "In the folders of POLICYENGINE_PACKS",
    "current folder": "In the current folder",
    "installed": "Installed",
}


def packs_data(packs: Sequence[ListedPack]) -> list[dict[str, Any]]:
    """Each pack with where it comes from and what its pack file says."""
    return [
        {
            "pack": each.place.name,
            "from": each.place.kind,
            "origin": each.place.origin,
            "folder": str(each.place.folder),
            "version": each.file.version if each.file else None,
            "role": each.file.role if each.file else None,
            "title": each.file.title if each.file else None,
            "default": each.default,
            "extends": list(each.file.extends) if each.file else [],
            "clashes": each.clashes,
            "problems": [f"{problem.code} {problem.message}" for problem in each.problems],
        }
        for each in packs
    ]


def packs_report(packs: Sequence[ListedPack]) -> Iterator[Block]:
    """The packs, by where they come from."""
    yield Title("Packs")
    for kind, found in groupby(packs, key=lambda each: each.place.kind):
        yield Heading(_HEADINGS[kind])
        yield Items(tuple(Item(_said(each), tuple(Item((quiet(note),)) for note in _notes(each))) for each in found))


def _said(each: ListedPack) -> Phrase:
    if each.file is None:
        what = str(each.problems[0].message) if each.problems else "its pack.yaml is empty"
        return phrase(strong(each.place.name), ": ", warning(f"cannot be read: {what}"))
    default = ", runs by default" if each.default else ""
    head = f" {each.file.version} ({each.file.role}{default}): {each.file.title}"
    return phrase(strong(each.place.name), head, warning("; its name means two packs") if each.clashes else "")


def _notes(each: ListedPack) -> Iterator[str]:
    if each.place.kind != "shipped":
        origin = f"{each.place.origin}, " if each.place.kind == "installed" else ""
        yield f"{origin}{each.place.folder}"
