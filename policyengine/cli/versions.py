"""From OLD and NEW on the command line to two versions of a pack, each in the rulebook in which it is evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from policyengine.analysis.pack_versions import Version
from policyengine.domain.reading import read_file
from policyengine.errors import InputError, Problem, Problems
from policyengine.rulebook.loading import default_packs, load_rulebook
from policyengine.rulebook.pack_places import PackPlace, find_pack, is_name, shipped_packs
from policyengine.rulebook.revisions import names_revision, pack_at
from policyengine.rulebook.rule_file import PackFile
from policyengine.shipped import folder as shipped_folder


class _Place:
    """Where a version stands, and how its problems name files that are gone when they are shown."""

    def __init__(self, label: str, folder: Path, rename: Callable[[str], str] = str) -> None:
        self.label = label
        self.folder = folder
        self.rename = rename
        file = _pack_file(folder)
        self.pack = file.pack if file else folder.name

    def beside(self, pack: str) -> str:
        """Another pack as this version sees it: the one beside it, else the one of that name."""
        return str(self.folder.parent / pack) if self._stands_beside(pack) else pack

    def companions(self, packs: Sequence[str]) -> list[str]:
        """Those of the packs that run by default with which it is evaluated: if any stood beside it, only such."""
        found = [pack for pack in packs if self._stands_beside(pack)]
        return found or list(packs)

    def _stands_beside(self, pack: str) -> bool:
        return is_name(pack) and (self.folder.parent / pack / "pack.yaml").is_file()

    def load(self, others: Sequence[str]) -> Version:
        """The version among other packs; raises InputError with the problems as the user can find them."""
        try:
            rulebook = load_rulebook([self.folder, *dict.fromkeys(map(self.beside, others))])
        except InputError as error:
            raise InputError(map(self._told, error.problems)) from error
        return Version(self.label, self.pack, rulebook)

    def _told(self, problem: Problem) -> Problem:
        span = problem.span._replace(file=self.rename(problem.span.file)) if problem.span else None
        return problem._replace(span=span, message=self.rename(problem.message), hint=self.rename(problem.hint))


@contextmanager
def two_versions(old: str, new: str, added: Sequence[str]) -> Iterator[tuple[Version, Version]]:
    """Both versions, each with the default packs if it is one of them, and with the packs that are added."""
    with _place(old) as before, _place(new) as after:
        own = {before.pack, after.pack}
        added = [_as_beside(pack, (before, after)) for pack in added]
        others = [pack for pack in default_packs() if own & _run_by_default() and pack not in own]
        loaded, problems = [], Problems()
        for place in (before, after):
            try:
                loaded.append(place.load([*place.companions(others), *(pack for pack in added if pack not in own)]))
            except InputError as error:
                problems.extend(error.problems)
        if problems.items:
            raise InputError(dict.fromkeys(problems.items))
        yield loaded[0], loaded[1]


@contextmanager
def _place(argument: str) -> Iterator[_Place]:
    if not names_revision(argument):
        yield _Place(argument, _folder(argument))
        return
    with pack_at(argument) as folder:
        revision, _, path = argument.partition(":")
        parent = PurePosixPath(path).parent.as_posix()
        there = f"{revision}:" if parent == "." else f"{revision}:{parent}/"

        def rename(text: str) -> str:
            return text.replace(f"{folder.parent}/", there)

        yield _Place(argument, folder, rename)


def _folder(argument: str) -> Path:
    found = find_pack(argument) if is_name(argument) else Path(argument)
    if isinstance(found, tuple):
        code, message, hint = found
        raise InputError([Problem(code, message, f"{hint}; or a git revision of one: REV:path/to/pack")])
    return found.folder if isinstance(found, PackPlace) else found


def _as_beside(pack: str, places: Sequence[_Place]) -> str:
    """The name of a pack that is given as a folder beside a version: each version then takes the one beside it."""
    folder = Path(pack).resolve()
    beside = any(
        folder.parent == place.folder.resolve().parent and folder != place.folder.resolve() for place in places
    )
    return folder.name if not is_name(pack) and beside and is_name(folder.name) else pack


def _run_by_default() -> set[str]:
    """The packs that take part when none is named: the default ones and those that they extend."""
    found: set[str] = set()
    waiting = default_packs()
    while waiting:
        pack = waiting.pop()
        if pack not in found and pack in shipped_packs():
            found.add(pack)
            file = _pack_file(shipped_folder("rules") / pack)
            waiting += file.extends if file else []
    return found


def _pack_file(folder: Path) -> PackFile | None:
    """What a pack file says; None where it cannot be read, which loading the pack will tell."""
    return read_file(folder / "pack.yaml", PackFile, "P", Problems())[1]
