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
    needed = _with_setters(rulebook.rules, rule)
    engine = Reference(replace(rulebook, rules=needed))
    place = needed.index(rule)
    found = []
    for file in files:
        table = engine.run(facts_of(file.scenario, rulebook.vocabulary))
        fires, undecided = (_subjects(rows, place, file.scenario) for rows in (table.fired, table.undecided))
        # A rule of which one effect is undecided is so as a whole, as in examples.
        kept = tuple(subject for subject in fires if subject not in undecided)
        found.append(Occurrence(file.scenario.scenario, kept, undecided))
    return found


def _with_setters(rules: Sequence[Rule], rule: Rule) -> tuple[Rule, ...]:
    """The rule and all rules on whose marks it depends, in their order."""
    needed, marks = {rule.name}, set(rule.reads)
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
