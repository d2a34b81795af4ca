"""All examples and tests of packs, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from policyengine.errors import InputError, Problems
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.ruletests.choosing import Chosen, everything
from policyengine.ruletests.coverage import Coverage
from policyengine.ruletests.example_runs import rule_path, run_examples, run_table_examples
from policyengine.ruletests.outcome import Outcome
from policyengine.ruletests.reading import Reader, ReadyTest
from policyengine.ruletests.scenario_runs import run_test


@dataclass(frozen=True, slots=True)
class Suite:
    """What is to be run of one pack: its rules with their examples, and its tests."""

    pack: str
    folder: Path
    rulebook: Rulebook
    rules: tuple[Rule, ...]
    tests: tuple[ReadyTest, ...]

    @property
    def tables(self) -> list[list[Rule]]:
        """The rows of each decision table."""
        rows: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if rule.table is not None:
                rows.setdefault(rule.table, []).append(rule)
        return [sorted(each, key=lambda rule: rule.number) for each in rows.values()]

    @property
    def files(self) -> list[Path]:
        """Every file whose change could change what comes out."""
        folders = [pack.folder for pack in self.rulebook.packs]
        return sorted({path for folder in folders for path in folder.rglob("*") if path.is_file()})


def read_suites(packs: Sequence[str], problems: Problems) -> list[Suite]:
    """Read packs and their tests; a pack that cannot be used goes to the problems, and the others go on."""
    reader = Reader(problems)
    suites = []
    for pack in packs:
        try:
            rulebook = load_rulebook([pack])
        except InputError as error:
            problems.extend(error.problems)
            continue
        own = rulebook.packs[-1]
        rules = tuple(rule for rule in rulebook.rules if rule.pack == own.id)
        suites.append(Suite(own.id, own.folder, rulebook, rules, tuple(reader.read(own.folder))))
    return suites


def run_suite(
    suite: Suite, engines: Sequence[str], chosen: Chosen = everything, coverage: Coverage | None = None
) -> Iterator[Outcome]:
    """Run everything of a suite that is chosen by its name; with `coverage`, note what each condition saw."""
    watch = None if coverage is None else coverage.watch
    if coverage is not None:
        coverage.expect(
            suite.rulebook, suite.rules, {rule.name: rule_path(suite.rulebook, rule) for rule in suite.rules}
        )
    for rule in suite.rules:
        yield from run_examples(suite.rulebook, rule, engines, chosen, watch)
    for rows in suite.tables:
        yield from run_table_examples(suite.rulebook, rows, engines, chosen, watch)
    for test in suite.tests:
        group = f"{suite.pack}/{Path(test.span.file).relative_to(suite.folder).as_posix()}"
        if chosen(f"{group}::{test.test.test}"):
            yield run_test(test, group, suite.pack, engines, watch)
