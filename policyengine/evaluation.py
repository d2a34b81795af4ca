"""One whole run: facts, firings, assessment, result. The one place where engines and formulas meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import lru_cache
from typing import Final, Literal

from policyengine.assess.advice import cautions_of, measures_of, undecided_of
from policyengine.assess.burden import burdens_of, verdicts_of
from policyengine.assess.case import Case
from policyengine.assess.result import (
    Actor,
    ClaimNote,
    Engine,
    Fired,
    Named,
    Open,
    OverrideNote,
    PackStamp,
    Result,
    RuleNote,
    ScenarioStamp,
    SourceNote,
    SwitchedOffNote,
    View,
)
from policyengine.assess.views import views_of
from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import Choice, run_all
from policyengine.engines.reasons import marked_facts
from policyengine.engines.unknowns import Unknowns
from policyengine.firing import FiringTable, Subject, Undecided, fixed_point
from policyengine.rulebook.facts import Bindings, Facts, facts_of
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile
from policyengine.version import VERSION

_REMEMBERED: Final = 4_000
"""So many notes of rules and of claims are kept for the next result."""


def evaluate_scenario(scenario: Scenario, sha256: str, rulebook: Rulebook, choice: Choice) -> Result:
    """Evaluate one scenario; `sha256` is of the file it was read from."""
    return next(evaluate_scenarios([ScenarioFile(scenario, sha256, scenario.scenario)], rulebook, choice))


def evaluate_scenarios(files: Sequence[ScenarioFile], rulebook: Rulebook, choice: Choice) -> Iterator[Result]:
    """Evaluate several scenarios, at once where the engine can; gives what each alone gives, in their order."""
    many = [facts_of(file.scenario, rulebook.vocabulary) for file in files]
    runs = run_all(choice.engine, many)
    cases, missing = [], []
    for file, facts, table in zip(files, many, runs, strict=True):
        case, lacking = _case(file.scenario, rulebook, facts, table)
        cases.append(case)
        missing.append(lacking)
    views, undecided = views_of(cases), undecided_of(cases, missing)
    for file, case, seen, rows in zip(files, cases, views, undecided, strict=True):
        yield _result(case, file.sha256, choice, seen, rows)


def _case(
    scenario: Scenario, rulebook: Rulebook, facts: Facts, table: FiringTable
) -> tuple[Case, dict[Undecided, Sequence[str]]]:
    """A run before it is assessed, and what its undecided effects lack."""
    bindings = _bindings_of_undecided(rulebook, facts, table)
    unknowns = Unknowns()
    ranges = {row: _range(rulebook, row, bindings[row], unknowns) for row in table.undecided}
    lacking = {row: _missing(rulebook, row, bindings[row], unknowns) for row in table.undecided}
    return Case(scenario, rulebook, facts, table, ranges), lacking


def _result(case: Case, sha256: str, choice: Choice, views: tuple[View, ...], undecided: tuple[Open, ...]) -> Result:
    scenario, rulebook = case.scenario, case.rulebook
    firings = _firings(case)
    rules = _rule_notes(case)
    claims = {name: rulebook.claims[name] for note in rules.values() for name in note.claims}
    return Result(
        version=VERSION,
        engine=Engine(name=choice.engine.name, note=choice.note),
        scenario=ScenarioStamp(
            id=scenario.scenario, title=scenario.title, shows=scenario.shows, year=scenario.year, sha256=sha256
        ),
        packs=tuple(
            PackStamp(id=p.id, title=p.file.title, version=p.file.version, role=p.file.role, sha256=p.sha256)
            for p in rulebook.packs
        ),
        parameters=dict(sorted(rulebook.parameter_values.items())),
        jurisdictions=tuple(
            Actor(id=each.id, name=each.name, level=each.level, side=each.side) for each in scenario.jurisdictions
        ),
        threats=tuple(Named(id=threat.id, name=threat.name) for threat in scenario.threats),
        layers=case.shape.layers,
        views=views,
        burdens=burdens_of(case),
        burden_verdicts=verdicts_of(case),
        measures=measures_of(case),
        cautions=cautions_of(case),
        undecided=undecided,
        firings=firings,
        rules=rules,
        claims={name: _claim_note(name, rulebook) for name in sorted(claims)},
        sources={name: _source_note(name, rulebook) for name in sorted({name.partition("/")[0] for name in claims})},
        overrides=tuple(OverrideNote(**asdict(each)) for each in rulebook.changes.overrides),
        switched_off=tuple(SwitchedOffNote(**asdict(each)) for each in rulebook.changes.switched_off),
    )


def _bindings_of_undecided(rulebook: Rulebook, facts: Facts, table: FiringTable) -> dict[Undecided, Bindings]:
    """What the names of each undecided rule stood for, marks included."""
    if not table.undecided:
        return {}
    marked = marked_facts(rulebook, facts, table)
    constant = marked.roots(rulebook.parameter_values)
    by_subject: dict[tuple[str, ...], dict[Subject, Bindings]] = {}
    whole: dict[tuple[tuple[str, ...], Subject], Bindings] = {}
    found = {}
    for row in table.undecided:
        roots = rulebook.rules[row.rule].subject
        bindings = whole.get((roots, row.subject))
        if bindings is None:
            if roots not in by_subject:
                by_subject[roots] = dict(marked.subjects(roots))
            bindings = whole[roots, row.subject] = constant | by_subject[roots][row.subject]
        found[row] = bindings
    return found


def _range(rulebook: Rulebook, row: Undecided, bindings: Bindings, unknowns: Unknowns) -> tuple[int, int]:
    """The least and the greatest strength of an undecided effect.

    0 is among them: it may not hold, and even if it does, what is shown was decided without it.
    """
    rule = rulebook.rules[row.rule]
    points = rule.effects[row.effect].points
    if points is None:
        return 0, 0

    low, high = unknowns.bounds(points, bindings)
    ends = (0, fixed_point(low, rule.weight), fixed_point(high, rule.weight))
    return min(ends), max(ends)


def _missing(rulebook: Rulebook, row: Undecided, bindings: Bindings, unknowns: Unknowns) -> Sequence[str]:
    rule = rulebook.rules[row.rule]
    points = rule.effects[row.effect].points
    found = unknowns.missing(rule.when, bindings)
    return found if points is None else tuple(dict.fromkeys([*found, *unknowns.missing(points, bindings)]))


def _firings(case: Case) -> tuple[Fired, ...]:
    found = []
    for firing in case.table.fired:
        rule = case.rulebook.rules[firing.rule]
        effect = rule.effects[firing.effect]
        found.append(
            Fired(
                rule=rule.name,
                effect=firing.effect,
                kind=effect.kind,
                target=effect.written,
                subject=case.named(firing.subject),
                strength=firing.strength,
            )
        )
    return tuple(found)


def _rule_notes(case: Case) -> dict[str, RuleNote]:
    used = sorted({row.rule for row in case.table.fired} | {row.rule for row in case.table.undecided})
    rules = [case.rulebook.rules[index] for index in used]
    return {rule.name: _rule_note(rule.claims, rule.nature, rule.why, rule.when_text, rule.file) for rule in rules}


@lru_cache(_REMEMBERED)
def _rule_note(
    claims: tuple[str, ...], nature: Literal["normative", "descriptive"], why: str, when: str, file: str
) -> RuleNote:
    """A note of a rule: the same one in every result in which it stands."""
    return RuleNote(claims=claims, nature=nature, why=why, when=" ".join(when.split()), file=file)


def _claim_note(name: str, rulebook: Rulebook) -> ClaimNote:
    claim = rulebook.claims[name]
    return _note(name.partition("/")[0], claim.heading, claim.polarity, claim.paraphrase)


@lru_cache(_REMEMBERED)
def _note(source: str, heading: str, polarity: str, paraphrase: str) -> ClaimNote:
    return ClaimNote(source=source, heading=heading, polarity=polarity, paraphrase=paraphrase)


def _source_note(name: str, rulebook: Rulebook) -> SourceNote:
    source = rulebook.sources[name]
    return SourceNote(citation=source.citation, seen=source.seen, as_of=source.as_of)
