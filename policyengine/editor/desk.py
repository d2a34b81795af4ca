"""The files that somebody has open, and what is known of the packs around them."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from policyengine.domain.reading import read_file, read_model, read_whole
from policyengine.editor.kinds import Kind, kind_of, pack_folder, packs_of_scenario
from policyengine.engines.reference import evaluate
from policyengine.errors import InputError, Problem, Problems
from policyengine.lang.types import Schema
from policyengine.rulebook.examine import examine_packs
from policyengine.rulebook.file_schema import KINDS, file_schema
from policyengine.rulebook.formatting import formatted
from policyengine.rulebook.loading import Survey, default_packs, read_source, survey
from policyengine.rulebook.rule_file import RuleFile
from policyengine.rulebook.scenario_reading import check_scenario, packs_named
from policyengine.rulebook.table import has_table, rows_of
from policyengine.rulebook.vocabulary import Vocabulary
from policyengine.ruletests.reading import Reader
from policyengine.source import OpenTexts, examine_document, preferring

_AREAS = {"scenario": "N", "rule": "P", "pack": "P", "source": "C", "test": "T"}


@dataclass(frozen=True, slots=True)
class Around:
    """What surrounds a file: its kind, its pack (None for a scenario), and what its packs declare."""

    kind: Kind
    pack: str | None
    surveyed: Survey

    @property
    def schema(self) -> Schema:
        """The names that conditions of the pack may use."""
        seen = self.surveyed.seen.get(self.pack or "")
        return seen.schema if seen is not None else {}

    @property
    def vocabulary(self) -> Vocabulary:
        """The words that the file may use."""
        seen = self.surveyed.seen.get(self.pack or "")
        return seen.vocabulary if seen is not None else self.surveyed.vocabulary

    @property
    def shape(self) -> dict[str, Any]:
        """The JSON Schema of the file, with the words of its packs."""
        seen = self.surveyed.seen.get(self.pack or "")
        # Where no pack could be read, any word will do.
        known = self.vocabulary if self.surveyed.packs else None
        return file_schema(self.kind, known, seen.claims if seen is not None else ())


@lru_cache(maxsize=64)
def _kind_without_packs(kind: Kind) -> Around:
    return Around(kind, None, Survey((), {}, {}, Vocabulary()))


class Desk:
    """Answers for open files; all reading sees their texts as they are on the screen."""

    def __init__(self) -> None:
        """Start with nothing open."""
        self.texts: dict[Path, str] = {}
        self._open = OpenTexts()
        self._last: dict[Path, Survey] = {}

    def put(self, path: Path, text: str) -> None:
        """Take a new text of an open file."""
        self.texts[path] = text
        self._open.put(path, text)

    def drop(self, path: Path) -> None:
        """Forget a file that was closed."""
        self.texts.pop(path, None)
        self._open.drop(path)

    def reading(self) -> AbstractContextManager[None]:
        """Inside it, all reading sees the open texts."""
        return preferring(self._open)

    def laid_out(self, path: Path) -> str | None:
        """The text of an open file in the one layout; None where it cannot be read or laid out."""
        kind = kind_of(path, self.texts[path])
        if kind is None or path.suffix == ".json":
            return None
        with self.reading():
            try:
                document = examine_document(path)
            except InputError:
                return None
            return None if document.flaws else formatted(document, kind)

    def around(self, path: Path) -> Around | None:
        """What surrounds an open file; None for a file that is none of ours."""
        kind = kind_of(path, self.texts.get(path, ""))
        if kind is None:
            return None
        with self.reading():
            if kind == "scenario":
                return Around(kind, None, survey(_scenario_packs(path)))
            folder = pack_folder(path)
            if folder is None:
                return _kind_without_packs(kind)
            found = survey([folder])
            pack = next((each.file.pack for each in found.packs if each.folder == folder), None)
            if pack is None and folder in self._last:
                # The pack file is broken just now: what it last said must do.
                found = self._last[folder]
                pack = next((each.file.pack for each in found.packs if each.folder == folder), None)
            elif pack is not None:
                self._last[folder] = found
            return Around(kind, pack, found)

    def problems(self) -> dict[Path, list[Problem]]:
        """All that is wrong in each open file."""
        whole: dict[Path, tuple[Problem, ...]] = {}
        with self.reading():
            return {path: self._problems_of(path, whole) for path in self.texts}

    def _problems_of(self, path: Path, whole: dict[Path, tuple[Problem, ...]]) -> list[Problem]:
        kind = kind_of(path, self.texts[path])
        # The CSV file of a table is of no kind of its own, but what is wrong in it is told by the pack.
        folder = pack_folder(path) if kind is not None or path.suffix.lower() == ".csv" else None
        if kind == "scenario":
            return _of_scenario(path)
        found = [] if kind is None else _alone(path, kind)
        if folder is not None:
            if folder not in whole:
                whole[folder] = (*examine_packs([folder], evaluate).problems, *_of_tests(folder))
            found += whole[folder]
        here = path.resolve()
        found = [each for each in found if each.span and Path(each.span.file).resolve() == here]
        # The file was read by itself and as a part of its pack: what both found is told once.
        return sorted({(each.code, each.span): each for each in found}.values(), key=_place)


def _place(problem: Problem) -> tuple[int, int, str]:
    return (problem.span.line, problem.span.column, problem.code) if problem.span else (0, 0, problem.code)


def _alone(path: Path, kind: Kind) -> list[Problem]:
    problems = Problems()
    if kind == "source":
        read_source(path, problems)
    elif kind == "rule":
        _read_rule(path, problems)
    else:
        read_file(path, KINDS[kind], _AREAS[kind], problems)
    return list(problems.items)


def _read_rule(path: Path, problems: Problems) -> None:
    document = read_whole(path, problems)
    if document is not None and has_table(document):
        rows_of(document, path, pack_folder(path) or path.parent, problems)
    elif document is not None:
        read_model(document, RuleFile, "P", problems)


def _of_tests(folder: Path) -> tuple[Problem, ...]:
    problems = Problems()
    if (folder / "tests").is_dir():
        Reader(problems).read(folder)
    return problems.items


def _of_scenario(path: Path) -> list[Problem]:
    try:
        document = examine_document(path)
        check_scenario(document, survey(_scenario_packs(path)).vocabulary)
    except InputError as error:
        return list(error.problems)
    return []


def _scenario_packs(path: Path) -> list[str | Path]:
    try:
        named = packs_named(examine_document(path))
    except InputError:
        named = None
    packs = packs_of_scenario(path, named)
    return [*default_packs()] if packs is None else packs
