"""Hindcast: what the rules would have said of documented cases, beside what is on record.

A case is a scenario with an `outcome`; evaluation never sees it. Predictors are rulebooks: the
descriptive rules, each opinion pack, and baselines that a sceptic would try first. A predictor may be
shown less than the case says, so that the worth of a fact can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from policyengine.analysis.intervals import Mean, Proportion, clustered, clustered_mean
from policyengine.assess.result import Cell, Result
from policyengine.domain.outcome import RecordedLayer
from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import DEFAULT, make_engine
from policyengine.evaluation import evaluate_scenario
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile


@dataclass(frozen=True, slots=True)
class Predictor:
    """What it is, in words; its rules; and what it is shown of a case."""

    words: str
    rulebook: Rulebook
    shown: Callable[[Scenario], Scenario] = lambda scenario: scenario


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one predictor says of one layer of one case, against the record."""

    leads: tuple[str, ...]
    levels: tuple[str, ...]
    mode: str
    rules: tuple[str, ...]
    exact: bool
    same_levels: bool
    overlap: float
    same_mode: bool | None


@dataclass(frozen=True, slots=True)
class Trial:
    """One layer of one case that is on record, with what each predictor says of it."""

    case: str
    year: int | None
    layer: str
    agent: bool | None
    leads: tuple[str, ...]
    levels: tuple[str, ...]
    mode: str | None
    confidence: str
    predictions: Mapping[str, Prediction]


@dataclass(frozen=True, slots=True)
class Total:
    """How often a predictor is right over a group of trials; `overlap` is the mean of shared leads over named leads."""

    predictor: str
    group: str
    leads: Proportion
    levels: Proportion
    modes: Proportion
    overlap: Mean


@dataclass(frozen=True, slots=True)
class Hindcast:
    """All trials and totals; `predictors` says in words what each predictor is, baselines last."""

    predictors: Mapping[str, str]
    trials: tuple[Trial, ...]
    totals: tuple[Total, ...]


GROUPS: dict[str, Callable[[Trial], bool]] = {
    "all": lambda trial: True,  # noqa: ARG005 - the group of everything
    "human agents": lambda trial: trial.agent is True,
    "hazards": lambda trial: trial.agent is False,
}


def descriptive(rulebook: Rulebook) -> Rulebook:
    """The rules that say what is, without those that say what ought to be."""
    return replace(rulebook, rules=tuple(rule for rule in rulebook.rules if rule.nature == "descriptive"))


def without_places(scenario: Scenario) -> Scenario:
    """The scenario as if nobody had said where its threats are."""
    threats = []
    for threat in scenario.threats:
        reasons = {name: why for name, why in threat.reasons.items() if name != "places"}
        threats.append(threat.model_copy(update={"places": None, "reasons": reasons}))
    return scenario.model_copy(update={"threats": threats})


def hindcast(
    cases: Sequence[ScenarioFile],
    predictors: Mapping[str, Predictor],
    advance: Callable[[], None] = lambda: None,
) -> Hindcast:
    """Compare each predictor with the record of each case.

    `advance` is called once for each case and predictor. Raises ValueError for a case without a record.
    """
    for case in cases:
        if case.scenario.outcome is None:
            raise ValueError(f"{case.name} has no outcome on record")
    results: dict[str, list[Result]] = {}
    for name, predictor in predictors.items():
        choice = make_engine(DEFAULT, predictor.rulebook)
        results[name] = []
        for case in cases:
            shown = predictor.shown(case.scenario)
            results[name].append(evaluate_scenario(shown, case.sha256, predictor.rulebook, choice))
            advance()
        choice.engine.close()
    trials = [
        trial
        for place, case in enumerate(cases)
        for trial in _trials(case.scenario, {name: found[place] for name, found in results.items()})
    ]
    totals = [_total(name, group, trials) for group in GROUPS for name in predictors]
    return Hindcast({name: predictor.words for name, predictor in predictors.items()}, tuple(trials), tuple(totals))


def _trials(scenario: Scenario, results: Mapping[str, Result]) -> list[Trial]:
    outcome = scenario.outcome
    if outcome is None:
        return []
    level_of = {each.id: each.level for each in scenario.jurisdictions}
    threat = next(each for each in scenario.threats if outcome.threat in (None, each.id))
    trials = []
    for layer, record in outcome.layers.items():
        cells = {name: _cell(result, threat.id, layer) for name, result in results.items()}
        trials.append(
            Trial(
                case=scenario.scenario,
                year=scenario.year,
                layer=layer,
                agent=threat.agent,
                leads=tuple(sorted(record.lead)),
                levels=tuple(sorted({level_of[lead] for lead in record.lead})),
                mode=record.mode,
                confidence=record.confidence,
                predictions={name: _prediction(results[name], cell, record, level_of) for name, cell in cells.items()},
            )
        )
    return trials


def _cell(result: Result, threat: str, layer: str) -> Cell:
    return next(cell for cell in result.views[0].cells if (cell.threat, cell.layer) == (threat, layer))


def _prediction(result: Result, cell: Cell, record: RecordedLayer, level_of: Mapping[str, str]) -> Prediction:
    leads, recorded = set(cell.leads), set(record.lead)
    levels = {level_of[lead] for lead in leads}
    behind = {
        result.firings[number].rule
        for standing in cell.standings
        if standing.jurisdiction in leads ^ recorded or standing.jurisdiction in leads
        for number in standing.firings
    }
    return Prediction(
        leads=tuple(sorted(leads)),
        levels=tuple(sorted(levels)),
        mode=cell.mode,
        rules=tuple(sorted(behind)),
        exact=leads == recorded,
        same_levels=levels == {level_of[lead] for lead in recorded},
        overlap=len(leads & recorded) / len(leads | recorded),
        same_mode=None if record.mode is None else cell.mode == record.mode,
    )


def _total(predictor: str, group: str, trials: Sequence[Trial]) -> Total:
    members = [trial for trial in trials if GROUPS[group](trial)]
    by_case: dict[str, list[Prediction]] = {}
    for trial in members:
        by_case.setdefault(trial.case, []).append(trial.predictions[predictor])
    cases = list(by_case.values())
    return Total(
        predictor=predictor,
        group=group,
        leads=clustered([[each.exact for each in case] for case in cases]),
        levels=clustered([[each.same_levels for each in case] for case in cases]),
        modes=clustered([[each.same_mode for each in case if each.same_mode is not None] for case in cases]),
        overlap=clustered_mean([[each.overlap for each in case] for case in cases]),
    )
