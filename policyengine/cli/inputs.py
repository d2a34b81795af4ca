"""From the arguments of a command to checked scenarios, each with the rulebook it is evaluated under."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from policyengine.cli import shipped_names
from policyengine.domain.reading import place
from policyengine.errors import InputError, Problem, Problems
from policyengine.errors.near_names import near_name
from policyengine.rulebook.loading import default_packs, load_rulebook, shipped_packs
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, check_scenario, packs_found
from policyengine.source import Document, examine_document

_UNKNOWN_WORDS = frozenset({"N301", "N302", "N304"})


class Ready(NamedTuple):
    """A scenario that can be evaluated, with its path and what stood on the command line for it."""

    argument: str
    path: Path
    file: ScenarioFile
    rulebook: Rulebook


def rulebook_of(packs: Sequence[str]) -> Rulebook:
    """The rulebook of the packs named, or of those that run by default."""
    return load_rulebook(packs or default_packs())


def named_packs(arguments: Sequence[str]) -> list[str]:
    """The packs that arguments mean: names, folders of packs, or folders in which packs stand.

    Without arguments, the packs in the current folder, or else all that are shipped.
    """
    if not arguments:
        return _packs_in(Path()) or shipped_packs()
    return [pack for argument in arguments for pack in _packs_in(Path(argument)) or [argument]]


def _packs_in(folder: Path) -> list[str]:
    """A folder that is a pack, or those of its folders that are; a shipped name comes before a folder of that name."""
    if folder.name in shipped_packs() and len(folder.parts) == 1:
        return []
    found = [folder / "pack.yaml", *sorted(folder.glob("*/pack.yaml")), *sorted(folder.glob("*/*/pack.yaml"))]
    packs = [str(path.parent) for path in found if path.is_file()]
    return packs[:1] if found[0].is_file() else packs


def _packs_of_ones_own() -> list[str]:
    """The names of the packs in the current folder that are not shipped."""
    return [name for pack in _packs_in(Path()) if (name := Path(pack).name) not in shipped_packs()]


def read_scenarios(arguments: Sequence[str], packs: Sequence[str]) -> list[Ready]:
    """Read and check everything; raises InputError with all problems of all files, each once."""
    library = _Library(packs)
    ready = [found for argument in arguments if (found := library.read(argument)) is not None]
    if library.problems.items:
        raise InputError(dict.fromkeys(library.problems.items))
    return ready


def scenario_path(argument: str) -> Path:
    """The file that an argument means: a path, or the name of a shipped scenario."""
    path = Path(argument)
    shipped = None if path.is_file() else shipped_names.scenario_path(argument)
    if shipped is not None:
        return shipped
    if not path.exists() and path.name == argument and not path.suffix:
        raise InputError([Problem("S001", f"There is no file and no shipped scenario '{argument}'", _near(argument))])
    return path


def _near(argument: str) -> str:
    names = shipped_names.scenarios()
    begun = next((name for name in names if argument and name.startswith(argument)), None)
    near = f"did you mean '{begun}'?" if begun else near_name(argument, names)
    return near or "policyengine scenarios list shows those that are shipped"


class _Library:
    """Gathers problems over several files, and makes one rulebook for each set of packs."""

    def __init__(self, packs: Sequence[str]) -> None:
        self.problems = Problems()
        self._packs = tuple(packs)
        self._rulebooks: dict[tuple[str, ...], Rulebook | None] = {}

    def read(self, argument: str) -> Ready | None:
        """One scenario, or None with what is wrong added to the problems."""
        try:
            path = scenario_path(argument)
            document = examine_document(path)
            rulebook = self._rulebook(document)
            return None if rulebook is None else Ready(argument, path, self._checked(document, rulebook), rulebook)
        except InputError as error:
            self.problems.extend(error.problems)
            return None

    def _checked(self, document: Document, rulebook: Rulebook) -> ScenarioFile:
        """The scenario; where it names no packs and packs stand here, unknown words may be meant for those."""
        try:
            return check_scenario(document, rulebook.vocabulary)
        except InputError as error:
            here = [] if self._packs or packs_found(document) else _packs_of_ones_own()
            if not here or not any(problem.code in _UNKNOWN_WORDS for problem in error.problems):
                raise
            problems = Problems()
            message = "the file names no packs, so its words are looked up in the shipped ones"
            hint = f"if it is meant for packs of this folder, add 'packs: [{', '.join(here)}]', or give --pack"
            place(problems, document, "N305", message, hint, ("scenario",), key=True)
            raise InputError([*problems.items, *error.problems]) from error

    def _rulebook(self, document: Document) -> Rulebook | None:
        packs = self._packs or packs_found(document)
        if packs not in self._rulebooks:
            self._rulebooks[packs] = None
            self._rulebooks[packs] = rulebook_of(packs)
        return self._rulebooks[packs]
