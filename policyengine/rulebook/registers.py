"""The sources of packs, with their registers of claims."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from policyengine import shipped
from policyengine.domain.reading import place, read_file
from policyengine.errors import Problems, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.claims import Claim, Source
from policyengine.rulebook.pack_files import inside, leads_out
from policyengine.rulebook.pack_folder import LoadedPack


def read_sources(packs: Iterable[LoadedPack], problems: Problems) -> dict[str, Source]:
    """The sources that packs name, each read once."""
    read: dict[str, Source | None] = {}
    for pack in packs:
        for index, name in enumerate(pack.file.sources):
            if name in read:
                continue
            path = source_path(pack, name)
            if path is not None and path.is_relative_to(pack.folder) and not inside(path, pack.folder):
                leads_out(path, problems)
                read[name] = None
                continue
            read[name] = None if path is None else read_source(path, problems)
            if path is None:
                known = [each.stem for each in shipped.folder("seeds").glob("*.yaml")]
                near = near_or_list(name, known).removesuffix("?")
                hint = f"{near}? A register of your own stands in seeds/{name}.yaml of the pack"
                message = f"the source {quoted(name)} has no register of claims"
                place(problems, pack.document, "C201", message, hint, ("sources", index))
    return {name: source for name, source in read.items() if source is not None}


def source_path(pack: LoadedPack, name: str) -> Path | None:
    """The file of a source that a pack names: its own, else the shipped one."""
    return next((path for path in _places(pack, name) if os.path.lexists(path)), None)


def _places(pack: LoadedPack, name: str) -> list[Path]:
    return [pack.folder / "seeds" / f"{name}.yaml", shipped.folder("seeds") / f"{name}.yaml"]


def read_source(path: Path, problems: Problems) -> Source | None:
    """Read one register of claims; what is wrong goes to `problems`."""
    document, source = read_file(path, Source, "C", problems)
    if document is None or source is None:
        return None
    if source.source != path.stem:
        message = f"the source {quoted(source.source)} stands in a file named {quoted(path.name)}"
        hint = f"name the file {source.source}.yaml, or the source {path.stem}"
        place(problems, document, "C204", message, hint, ("source",))
    seen: set[str] = set()
    for index, claim in enumerate(source.claims):
        if claim.claim in seen:
            message = f"the claim {quoted(claim.claim)} is given twice"
            place(problems, document, "C203", message, "give each claim its own name", ("claims", index, "claim"))
        seen.add(claim.claim)
    return source


def unread_of(packs: Iterable[LoadedPack], sources: Mapping[str, Source]) -> frozenset[str]:
    """The sources that these packs name and that could not be read: what cites them is not to blame."""
    return frozenset(name for pack in packs for name in pack.file.sources if name not in sources)


def claims_of(packs: Iterable[LoadedPack], sources: Mapping[str, Source]) -> dict[str, Claim]:
    """The claims that rules of these packs may cite, by `source/claim`."""
    named = dict.fromkeys(name for pack in packs for name in pack.file.sources)
    return {
        f"{name}/{claim.claim}": claim for name in named if name in sources for claim in sources[name].claims
    }  # fmt: skip
