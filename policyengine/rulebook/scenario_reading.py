"""From a scenario file to a checked scenario, with every problem of the file told at once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from policyengine.domain.outcome_references import check_outcome
from policyengine.domain.reading import first, place, read_model
from policyengine.domain.references import check_references
from policyengine.domain.scenario import Scenario
from policyengine.errors import Problems
from policyengine.rulebook.pack_places import find_pack_for, is_name
from policyengine.rulebook.scenario_words import check_words
from policyengine.rulebook.vocabulary import Vocabulary
from policyengine.source import Document, examine_document

_FROM_ITS_FOLDER = (
    "no folder of that name stands here or beside the file; give --pack FOLDER, or see: policyengine rules packs"
)
_ABOUT_KEYS = frozenset({"N206", "N302", "N304"})
_ABOUT_SHAPE = frozenset({"N104", "N106"})


@dataclass(frozen=True, slots=True)
class ScenarioFile:
    """A checked scenario with the name of its file and the SHA-256 of the bytes read."""

    scenario: Scenario
    sha256: str
    name: str


def read_scenario(path: Path, vocabulary: Vocabulary) -> ScenarioFile:
    """Read and check one scenario file; raises InputError with all its problems."""
    return check_scenario(examine_document(path, places=False), vocabulary)


def check_scenario(document: Document, vocabulary: Vocabulary) -> ScenarioFile:
    """Check a scenario that was read; raises InputError with all its problems, flaws of the document among them."""
    problems = Problems()
    problems.extend(document.flaws)
    data = document.plain()
    found = [
        *first(
            problems,
            document,
            chain(
                check_references(data), check_words(data, vocabulary), check_outcome(data, vocabulary.words("layers"))
            ),
        )
    ]
    for code, message, hint, location in found:
        place(problems, document, code, message, hint, location, key=code in _ABOUT_KEYS)
    of_model = Problems()
    scenario = read_model(document, Scenario, "N", of_model)
    # The vocabulary knows more of a value than the model: what both find wrong is told once, in its words.
    told = {problem.span for problem in problems.items if problem.code.startswith("N3")}
    problems.extend(each for each in of_model.items if each.code not in _ABOUT_SHAPE or each.span not in told)
    problems.raise_if_any()
    assert scenario is not None  # noqa: S101 - read_model gives a scenario or a problem
    return ScenarioFile(scenario, document.sha256, document.name)


def packs_named(document: Document) -> list[str] | None:
    """The packs that a scenario file asks for, before it is checked."""
    data = document.plain()
    packs = data.get("packs") if isinstance(data, dict) else None
    return [pack for pack in packs if isinstance(pack, str)] if isinstance(packs, list) else None


def packs_found(document: Document) -> tuple[str, ...]:
    """The packs that a scenario file asks for, none if it asks for none; raises InputError if one cannot be found.

    One that stands in the project of the file, and nowhere else, is given by its folder.
    """
    problems = Problems()
    packs = []
    for index, name in enumerate(packs_named(document) or []):
        found = find_pack_for(name, Path(document.name)) if is_name(name) else name
        if isinstance(found, tuple):
            code, message, hint = found
            told = code != "P501" or "did you mean" in hint
            place(problems, document, code, message, hint if told else _FROM_ITS_FOLDER, ("packs", index))
        else:
            packs.append(found)
    problems.raise_if_any()
    return tuple(packs)


def unsaved(scenario: Scenario) -> ScenarioFile:
    """A scenario made in a program; its hash is of its canonical JSON.

    Raises InputError where ids are given twice or name nothing: a file would have been refused as well.
    """
    problems = Problems()
    for code, message, hint, location in check_references(scenario.model_dump(exclude_none=True)):
        problems.add(code, f"{message} (in {'.'.join(map(str, location))})", hint)
    problems.raise_if_any()
    text = scenario.model_dump_json(exclude_none=True)
    return ScenarioFile(scenario, hashlib.sha256(text.encode()).hexdigest(), scenario.scenario)
