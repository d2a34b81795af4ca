"""Where one rule fires, and where it is left undecided, over several scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from policyengine.domain.scenario import Scenario
from policyengine.engines.reference import Reference
from policyengine.firing import Firing, Subject, Undecided
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What a rule does in one scenario: the subjects for which it fires, and those for which it is undecided.

    A subject is given by the ids of what it speaks of, such as `("storm", "TOWN")`.
    """

    scenario: str
    fires: tuple[tuple[str, ...], ...]
    undecided: tuple[tuple[str, ...], ...]


def occurrences(rulebook: Rulebook, rule: Rule, files: Iterable[ScenarioFile]) -> list[Occurrence]:
    """Run the rule, with those that set the marks it tests, over scenarios."""
    return occurrences_of(rulebook, [rule], files)[rule.name]


def occurrences_of(
    rulebook: Rulebook, rules: Sequence[Rule], files: Iterable[ScenarioFile]
) -> dict[str, list[Occurrence]]:
    """Run several rules at once, with those that set the marks they test: what each does, by its name."""
    needed = _with_setters(rulebook.rules, rules)
    engine = Reference(replace(rulebook, rules=needed))
    found: dict[str, list[Occurrence]] = {rule.name: [] for rule in rules}
    for file in files:
        table = engine.run(facts_of(file.scenario, rulebook.vocabulary))
        for rule in rules:
            place = needed.index(rule)
            fires, undecided = (_subjects(rows, place, file.scenario) for rows in (table.fired, table.undecided))
            # A rule of which one effect is undecided is so as a whole, as in examples.
            kept = tuple(subject for subject in fires if subject not in undecided)
            found[rule.name].append(Occurrence(file.scenario.scenario, kept, undecided))
    return found


def _with_setters(rules: Sequence[Rule], wanted: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules wanted and all on whose marks they depend, in their order."""
    needed, marks = {rule.name for rule in wanted}, {mark for rule in wanted for mark in rule.reads}
    before: set[str] = set()
    while marks != before:
        before = set(marks)
        for each in rules:
            if each.sets & marks:
                needed.add(each.name)
                marks |= each.reads
    return tuple(each for each in rules if each.name in needed)


def _subjects(rows: Iterable[Firing | Undecided], place: int, scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(_ids(row.subject, scenario) for row in rows if row.rule == place))


def _ids(subject: Subject, scenario: Scenario) -> tuple[str, ...]:
    named = (
        (scenario.threats, subject.threat),
        (scenario.jurisdictions, subject.jurisdiction),
        (scenario.ties or (), subject.tie),
        (scenario.jurisdictions, subject.partner),
        (scenario.jurisdictions, subject.other),
    )
    return tuple(entries[place].id for entries, place in named if place >= 0)
