"""From the test files of a pack to tests that can be run, with every mistake of every file told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from policyengine import shipped
from policyengine.domain.reading import Location, place, read_file
from policyengine.errors import InputError, Problems, Span, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, check_scenario
from policyengine.rulebook.test_file import About, Expected, ScenarioTest, TestFile
from policyengine.ruletests.change import ChangeError, changed
from policyengine.source import Document, document_of, examine_document

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
        root = folder.resolve()
        found = sorted(path for path in (folder / "tests").rglob("*.yaml") if not path.is_dir())
        if len(found) > MOST_FILES:
            message = f"the pack has {len(found):,} files of tests; at most {MOST_FILES:,} are read"
            self._problems.add("P508", message, "split the pack", Span.whole(str(folder)))
            return []
        outside = [path for path in found if not path.resolve().is_relative_to(root)]
        for path in outside:
            message = "this is a link to a file outside the pack's folder"
            self._problems.add("P503", message, "copy the file into the folder", Span.whole(str(path)))
        return [path for path in found if path not in outside]

    def _ready(
        self, folder: Path, path: Path, document: Document, test: ScenarioTest, base: Location
    ) -> ReadyTest | None:
        rulebook = self._rulebook(folder, test)
        base_scenario = self._scenario(folder, path, document, test, base)
        if rulebook is None or base_scenario is None:
            return None
        file = self._changed(document, test, base, base_scenario, rulebook)
        if file is None:
            return None
        before = len(self._problems)
        threat = self._threat(document, test, base, file)
        for message, hint, location in _unknown_names(test.expect, file, rulebook, _own(rulebook, folder)):
            key = isinstance(location[-1], str) and location[-1] not in ("rule", "model")
            place(self._problems, document, "T204", message, hint, (*base, "expect", *location), key=key)
        for location in _upside_down(test.expect):
            message, hint = "the bounds of this share are upside down", "write the lower one first: 30..40"
            place(self._problems, document, "T206", message, hint, (*base, "expect", *location))
        if len(self._problems) > before or threat is None:
            return None
        return ReadyTest(test, document.span((*base, "test")), file, rulebook, threat)

    def _rulebook(self, folder: Path, test: ScenarioTest) -> Rulebook | None:
        """The pack itself, with those that the test names beside it."""
        packs = (str(folder), *(test.packs or ()))
        if packs not in self._rulebooks:
            self._rulebooks[packs] = None
            try:
                self._rulebooks[packs] = load_rulebook([folder, *(_beside(folder, name) for name in packs[1:])])
            except InputError as error:
                self._problems.extend(error.problems)
        return self._rulebooks[packs]

    def _scenario(
        self, folder: Path, path: Path, document: Document, test: ScenarioTest, base: Location
    ) -> Document | None:
        found = _scenario_path(folder, path, test.scenario)
        if isinstance(found, str):
            hint = near_or_list(test.scenario, [each.stem for each in shipped.folder("scenarios").glob("*.yaml")])
            place(self._problems, document, "T201", found, hint, (*base, "scenario"))
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
            if len(threats) == 1 or not _about_layers(test.expect):
                return threats[0]
            message = f"the scenario has {len(threats)} threats, and the test does not say which it is about"
            place(self._problems, document, "T205", message, f"add 'threat:' with one of {', '.join(threats)}", base)
        elif test.threat not in threats:
            message = f"the scenario has no threat {quoted(test.threat)}"
            place(self._problems, document, "T204", message, near_or_list(test.threat, threats), (*base, "threat"))
        else:
            return test.threat
        return None


def rule_named(rulebook: Rulebook, own: str, name: str) -> Rule | None:
    """The rule that a test names: `pack/rule`, or one of the pack itself by its own name."""
    full = {rule.name: rule for rule in rulebook.rules}
    return full.get(name) or full.get(f"{own}/{name}")


def _own(rulebook: Rulebook, folder: Path) -> str:
    return next(pack.id for pack in rulebook.packs if pack.folder.resolve() == folder.resolve())


def _beside(folder: Path, name: str) -> str | Path:
    """A pack that a test names: a folder beside the pack of the test, else whatever the name means elsewhere."""
    near = folder.resolve().parent / name
    # A link beside the pack may lead anywhere.
    return near if (near / "pack.yaml").is_file() and near.resolve().parent == folder.resolve().parent else name


def _scenario_path(folder: Path, path: Path, written: str) -> Path | str:
    """The file that a test means, or why it cannot be used; nothing outside the project is read."""
    if "/" not in written and not written.endswith((".yaml", ".yml", ".json")):
        found = shipped.folder("scenarios") / f"{written}.yaml"
        return found if found.is_file() else f"there is no shipped scenario {quoted(written)}"
    found = path.parent / written
    if not found.resolve().is_relative_to(folder.resolve().parent):
        return "this leads out of the project, the folder in which the pack stands"
    return found if found.exists() else f"there is no file {quoted(written)}, looked up from the file of the test"


def _about_layers(expect: Expected) -> bool:
    return bool(expect.leads or expect.supports or expect.shares or expect.modes or expect.settled)


_Wrong = tuple[str, str, tuple[str | int, ...]]


def _unknown_names(expect: Expected, file: ScenarioFile, rulebook: Rulebook, own: str) -> Iterator[_Wrong]:
    yield from _unknown_rules(expect, file, rulebook, own)
    layers = rulebook.vocabulary.words("layers")
    actors = [each.id for each in file.scenario.jurisdictions]
    for part in ("leads", "supports", "shares", "modes", "settled"):
        for layer, value in getattr(expect, part).items():
            yield from _unknown("layer", layer, layers, (part, layer))
            for place_, name in enumerate(value if isinstance(value, list | dict) else ()):
                yield from _unknown(
                    "jurisdiction", name, actors, (part, layer, name if isinstance(value, dict) else place_)
                )
    if expect.model is not None:
        yield from _unknown("model", expect.model, rulebook.vocabulary.words("models"), ("model",))


def _unknown_rules(expect: Expected, file: ScenarioFile, rulebook: Rulebook, own: str) -> Iterator[_Wrong]:
    scenario = file.scenario
    ids = [each.id for each in (*scenario.threats, *scenario.jurisdictions, *(scenario.ties or ()))]
    names = [rule.name for rule in rulebook.rules]
    short = [rule.id for rule in rulebook.rules if rule.pack == own]
    for part in ("fired", "silent", "undecided"):
        for index, entry in enumerate(getattr(expect, part)):
            about = isinstance(entry, About)
            name = entry.rule if isinstance(entry, About) else entry
            location = (part, index, "rule") if about else (part, index)
            if rule_named(rulebook, own, name) is None:
                yield f"there is no rule {quoted(name)}", _rule_hint(name, names, short), location
            for place_, each in enumerate(entry.subject if isinstance(entry, About) else ()):
                yield from _unknown("entry of the scenario", each, ids, (part, index, "for", place_))


def _rule_hint(name: str, names: Sequence[str], short: Sequence[str]) -> str:
    """What was meant: a rule of another pack needs the name of its pack."""
    elsewhere = [each for each in names if each.endswith(f"/{name}")]
    if elsewhere:
        return f"a rule of another pack is named with its pack: write {' or '.join(elsewhere)}"
    return near_or_list(name, names if "/" in name else short)


def _unknown(
    kind: str, name: str, known: Collection[str] | Sequence[str], location: tuple[str | int, ...]
) -> Iterator[_Wrong]:
    if name not in known:
        yield f"there is no {kind} {quoted(name)}", near_or_list(name, known), location


def _upside_down(expect: Expected) -> Iterator[tuple[str | int, ...]]:
    for layer, shares in expect.shares.items():
        for name, bounds in shares.items():
            low, high = share_bounds(bounds)
            if low > high:
                yield ("shares", layer, name)


def share_bounds(bounds: str | int) -> tuple[int, int]:
    """The least and the greatest share, in whole per cents."""
    low, _, high = str(bounds).partition("..")
    return int(low), int(high or low)
