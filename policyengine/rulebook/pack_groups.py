"""Which packs have to do with one another: those that do not may use one word each in its own sense."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from policyengine.errors import InputError
from policyengine.rulebook.pack_files import inside
from policyengine.rulebook.pack_folder import MOST_EXTENDED, base_folder
from policyengine.rulebook.pack_places import PackPlace, find_pack, is_name
from policyengine.source import examine_document, real_path

Named = str | Path
_MOST_BESIDE = 100


def groups(packs: Sequence[Named]) -> list[list[Named]]:
    """Packs, given by name or folder, parted into those that extend one another, or that extend the same pack.

    A pack that cannot be read stands alone: whoever examines it says what is wrong.
    """
    made: list[tuple[set[Path], list[Named]]] = []
    for pack in packs:
        family, together = _family(pack), [pack]
        for other in [each for each in made if each[0] & family]:
            made.remove(other)
            family |= other[0]
            together = [*other[1], *together]
        made.append((family, together))
    return [together for _, together in made]


def extending(folders: Sequence[Path]) -> list[Path]:
    """The packs beside some that extend one of them, or one that does."""
    known = {real_path(folder) for folder in folders}
    places = {place for folder in known for place in islice(sorted(folder.parent.glob("*/pack.yaml")), _MOST_BESIDE)}
    beside = sorted(
        place.parent for place in places if place.parent not in known and real_path(place.parent) not in known
    )
    return [folder for folder in beside if _family(folder) & known]


def _family(pack: Named) -> set[Path]:
    """The folders of a pack and of all that it extends, as far as they can be found."""
    found = find_pack(str(pack)) if is_name(pack) else Path(pack)
    folder = found.folder if isinstance(found, PackPlace) else found
    waiting = [(folder, 0)] if isinstance(folder, Path) else []
    family: set[Path] = set()
    while waiting:
        folder, depth = waiting.pop()
        key = real_path(folder)
        if key not in family and depth <= MOST_EXTENDED:
            family.add(key)
            bases = (base_folder(folder, base) for base in _bases(folder))
            waiting += [(base, depth + 1) for base in bases if isinstance(base, Path)]
    return family


def _bases(folder: Path) -> list[str]:
    path = folder / "pack.yaml"
    try:
        data = examine_document(path).plain() if inside(path, folder) else None
    except InputError:
        return []
    extends = data.get("extends") if isinstance(data, dict) else None
    return [each for each in extends if isinstance(each, str) and is_name(each)] if isinstance(extends, list) else []
