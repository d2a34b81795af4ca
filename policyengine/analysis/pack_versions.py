"""Two versions of a pack over scenarios: what changed in the rules, and what that changes in results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from policyengine.analysis.result_changes import ResultChange, compare_results, largest_first
from policyengine.analysis.rule_changes import SAME_NAMES, Renaming, RulebookChange, compare_rulebooks
from policyengine.analysis.vocabulary_changes import PackChange, WordChange, compare_packs, compare_vocabularies
from policyengine.assess.result import Result
from policyengine.engines.interface import DEFAULT, make_engine
from policyengine.errors import InputError, Problem
from policyengine.evaluation import evaluate_scenario
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import check_scenario
from policyengine.source import Document


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a pack: how it was given, the name of the pack, and the rulebook in which it is evaluated."""

    label: str
    pack: str
    rulebook: Rulebook


class Candidate(NamedTuple):
    """A file that may be a scenario, with the name that a report calls it by."""

    name: str
    path: Path
    read: Callable[[], Document]
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class Unread:
    """A scenario that is not compared: what is wrong with it under each version; None where it can be read."""

    name: str
    path: Path
    before: Problem | None
    after: Problem | None
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class PackDiff:
    """What changed between two versions of a pack. `changes` are of the scenarios that differ, largest first."""

    before: Version
    after: Version
    rules: RulebookChange
    words: tuple[WordChange, ...]
    packs: tuple[PackChange, ...]
    changes: tuple[ResultChange, ...]
    unchanged: int
    unread: tuple[Unread, ...]

    @property
    def lost(self) -> list[Unread]:
        """Scenarios that only the older version can read."""
        return [each for each in self.unread if each.before is None]

    @property
    def leads(self) -> int:
        """In how many scenarios a lead differs."""
        return sum(bool(change.leads) for change in self.changes)


def renaming_of(before: Version, after: Version) -> Renaming:
    """The new name of the pack, if it has one: then its rules are compared with those under the old name.

    A pack has another name if neither version knows the name of the other and most rules are called alike; else these
    are two packs.
    """
    known_before, known_after = ({pack.id for pack in each.rulebook.packs} for each in (before, after))
    if after.pack in known_before or before.pack in known_after:
        return SAME_NAMES
    old, new = _rules(before), _rules(after)
    return Renaming(before.pack, after.pack) if 2 * len(old & new) >= min(len(old), len(new)) else SAME_NAMES


def _rules(version: Version) -> set[str]:
    rulebook = version.rulebook
    return {rule.id for rule in (*rulebook.rules, *rulebook.off) if rule.pack == version.pack}


def compare_versions(before: Version, after: Version, candidates: Iterable[Candidate]) -> PackDiff:
    """Compare the rules, then what comes of each scenario that both versions can read."""
    renaming = renaming_of(before, after)
    changes: list[ResultChange] = []
    unread: list[Unread] = []
    same = 0
    with runner(before.rulebook) as old, runner(after.rulebook) as new:
        for each in candidates:
            was, now = _attempt(each, old), _attempt(each, new)
            if isinstance(was, Problem) or isinstance(now, Problem):
                wrong = [found if isinstance(found, Problem) else None for found in (was, now)]
                unread.append(Unread(each.name, each.path, wrong[0], wrong[1], each.shipped))
                continue
            change = compare_results(was, now, each.name, renaming)
            same += not change.anything
            changes += [change] if change.anything else []
    return PackDiff(
        before,
        after,
        compare_rulebooks(before.rulebook, after.rulebook, renaming),
        compare_vocabularies(before.rulebook, after.rulebook),
        compare_packs(before.rulebook, after.rulebook, renaming),
        tuple(largest_first(changes)),
        same,
        tuple(unread),
    )


Run = Callable[[Document], Result]


@contextmanager
def runner(rulebook: Rulebook) -> Iterator[Run]:
    """A function that evaluates one document after the other with one engine."""
    choice = make_engine(DEFAULT, rulebook)

    def run(document: Document) -> Result:
        file = check_scenario(document, rulebook.vocabulary)
        return evaluate_scenario(file.scenario, file.sha256, rulebook, choice)

    try:
        yield run
    finally:
        choice.engine.close()


def _attempt(candidate: Candidate, run: Run) -> Result | Problem:
    try:
        return run(candidate.read())
    except InputError as error:
        # That there are more problems than are shown stands first in the file, and tells nothing.
        return next(each for each in error.problems if each.code != "S039")
