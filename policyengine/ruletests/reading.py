"""From the test files of a pack to tests that can be run, with every mistake of every file told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policyengine import shipped
from policyengine.domain.reading import Location, place, read_file
from policyengine.errors import InputError, Problems, Span, quoted
from policyengine.errors.near_names import near_name, near_or_list, one_of
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, check_scenario
from policyengine.rulebook.test_file import ScenarioTest, TestFile
from policyengine.ruletests.change import ChangeError, changed, filled_up
from policyengine.ruletests.expectations import about_layers, unknown_names, upside_down
from policyengine.source import Document, document_of, examine_document, stays_in

MOST_FILES = 1_000


@dataclass(frozen=True, slots=True)
class ReadyTest:
    """A test that can be run: its scenario as changed, the rulebook, and the threat that it is about."""

    test: ScenarioTest
    span: Span
    file: ScenarioFile
    rulebook: Rulebook
    threat: str


class Reader:
    """Reads the tests of packs; a rulebook is loaded once for each set of packs."""

    def __init__(self, problems: Problems) -> None:
        self._problems = problems
        self._rulebooks: dict[tuple[str, ...], Rulebook | None] = {}

    def read(self, folder: Path) -> list[ReadyTest]:
        """The tests of one pack that can be run; what is wrong with others goes to the problems."""
        ready = []
        for path in self._files(folder):
            document, file = read_file(path, TestFile, "T", self._problems)
            for index, test in enumerate(file.tests if file is not None else ()):
                assert document is not None  # noqa: S101 - a file is read from a document
                found = self._ready(folder, path, document, test, ("tests", index))
                ready += [] if found is None else [found]
        return ready

    def _files(self, folder: Path) -> list[Path]:
        found = sorted(path for path in (folder / "tests").rglob("*.yaml") if not path.is_dir())
        if len(found) > MOST_FILES:
            message = f"the pack has {len(found):,} files of tests; at most {MOST_FILES:,} are read"
            self._problems.add("P508", message, "split the pack", Span.whole(str(folder)))
            return []
        outside = [path for path in found if not stays_in(path, folder)]
        for path in outside:
            message = "this is a link to a file outside the pack's folder"
            self._problems.add("P503", message, "copy the file into the folder", Span.whole(str(path)))
        return [path for path in found if path not in outside]

    def _ready(
        self, folder: Path, path: Path, document: Document, test: ScenarioTest, base: Location
    ) -> ReadyTest | None:
        rulebook = self._rulebook(folder, test, document, base)
        base_scenario = self._scenario(folder, path, document, test, base)
        if rulebook is None or base_scenario is None:
            return None
        file = self._changed(document, test, base, base_scenario, rulebook)
        if file is None:
            return None
        before = len(self._problems)
        threat = self._threat(document, test, base, file)
        for message, hint, location in unknown_names(test.expect, file, rulebook, _own(rulebook, folder)):
            key = isinstance(location[-1], str) and location[-1] not in ("rule", "model")
            place(self._problems, document, "T204", message, hint, (*base, "expect", *location), key=key)
        for location in upside_down(test.expect):
            message, hint = "these bounds are upside down", "write the lower one first: 30..40"
            place(self._problems, document, "T206", message, hint, (*base, "expect", *location))
        if len(self._problems) > before or threat is None:
            return None
        return ReadyTest(test, document.span((*base, "test")), file, rulebook, threat)

    def _rulebook(self, folder: Path, test: ScenarioTest, document: Document, base: Location) -> Rulebook | None:
        """The pack itself, with those that the test names beside it."""
        packs = (str(folder), *(test.packs or ()))
        if packs not in self._rulebooks:
            self._rulebooks[packs] = None
            try:
                self._rulebooks[packs] = load_rulebook([folder, *(_beside(folder, name) for name in packs[1:])])
            except InputError as error:
                self._told(error, document, packs[1:], base)
        return self._rulebooks[packs]

    def _told(self, error: InputError, document: Document, beside: Sequence[str], base: Location) -> None:
        """Tell what is wrong with packs; of what has no place of its own the test is the place that names it."""
        for problem in error.problems:
            named = [place_ for place_, name in enumerate(beside) if quoted(name) in problem.message]
            location = (*base, "packs", *named[:1]) if beside else base
            if problem.span is None:
                place(self._problems, document, problem.code, problem.message, problem.hint, location)
            else:
                self._problems.extend([problem])

    def _scenario(
        self, folder: Path, path: Path, document: Document, test: ScenarioTest, base: Location
    ) -> Document | None:
        if isinstance(test.scenario, dict):
            return document.part((*base, "scenario"), filled_up(test.scenario, test.test))
        found = _scenario_path(folder, path, test.scenario)
        if isinstance(found, tuple):
            place(self._problems, document, "T201", *found, (*base, "scenario"))
            return None
        try:
            return examine_document(found)
        except InputError as error:
            self._problems.extend(error.problems)
            return None

    def _changed(
        self, document: Document, test: ScenarioTest, base: Location, scenario: Document, rulebook: Rulebook
    ) -> ScenarioFile | None:
        try:
            if not test.change:
                return check_scenario(scenario, rulebook.vocabulary)
            made = document_of(changed(scenario.plain(), test.change), scenario.name)
            return check_scenario(made, rulebook.vocabulary)
        except ChangeError as error:
            place(self._problems, document, "T202", error.message, error.hint, (*base, "change", error.path), key=True)
        except InputError as error:
            if not test.change:
                self._problems.extend(error.problems)
                return None
            # The places are those of a file that nobody wrote: what is wrong is told where the change stands.
            for problem in error.problems:
                location = (*base, "change")
                place(self._problems, document, "T203", problem.message, problem.hint, location, key=True)
        return None

    def _threat(self, document: Document, test: ScenarioTest, base: Location, file: ScenarioFile) -> str | None:
        threats = [each.id for each in file.scenario.threats]
        if test.threat is None:
            if len(threats) == 1 or not about_layers(test.expect):
                return threats[0]
            message = f"the scenario has {len(threats)} threats, and the test does not say which it is about"
            place(self._problems, document, "T205", message, f"add 'threat:' with one of {', '.join(threats)}", base)
        elif test.threat not in threats:
            message = f"the scenario has no threat {quoted(test.threat)}"
            place(self._problems, document, "T204", message, near_or_list(test.threat, threats), (*base, "threat"))
        else:
            return test.threat
        return None


def _own(rulebook: Rulebook, folder: Path) -> str:
    return next(pack.id for pack in rulebook.packs if pack.folder.resolve() == folder.resolve())


def _beside(folder: Path, name: str) -> str | Path:
    """A pack that a test names: a folder beside the pack of the test, else whatever the name means elsewhere."""
    near = folder.resolve().parent / name
    # A link beside the pack may lead anywhere.
    return near if (near / "pack.yaml").is_file() and near.resolve().parent == folder.resolve().parent else name


def _scenario_path(folder: Path, path: Path, written: str) -> Path | tuple[str, str]:
    """The file that a test means, or why it cannot be used and what to do; nothing outside the project is read."""
    if "/" not in written and not written.endswith((".yaml", ".yml", ".json")):
        found = shipped.folder("scenarios") / f"{written}.yaml"
        names = [each.stem for each in found.parent.glob("*.yaml")]
        hint = (
            f"{near_or_list(written, names)}; a file of your own has its path here, such as ../../scenarios/NAME.yaml"
        )
        return found if found.is_file() else (f"there is no shipped scenario {quoted(written)}", hint)
    found, project = path.parent / written, folder.resolve().parent
    if not stays_in(found, project):
        message = f"this leads out of the project, the folder in which the pack stands ({project})"
        return message, "copy the scenario into the project"
    if found.is_dir():
        files = [f"{written.rstrip('/')}/{each.name}" for each in sorted(found.glob("*.yaml"))]
        return f"{quoted(written)} is a folder, not the file of a scenario", _instead(files)
    files = [f"{written.rpartition('/')[0]}/{each.name}" for each in sorted(found.resolve().parent.glob("*.yaml"))]
    message = f"there is no file {quoted(written)}, looked up from the file of the test"
    return found if found.exists() else (message, near_name(written, files) or _instead(files))


def _instead(files: Sequence[str]) -> str:
    return f"name one of its files: {one_of(files)}" if files else "no scenario stands there; correct the path"
