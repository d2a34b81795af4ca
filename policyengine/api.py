"""The few functions that other programs call.

>>> from policyengine import evaluate, load_packs, load_scenario
>>> rulebook = load_packs()
>>> result = evaluate(load_scenario("scenarios/ice-storm-1998-mutual-aid.yaml", rulebook), rulebook)
>>> result.views[0].cells[0].leads  # doctest: +SKIP
('CA-QC',)
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policyengine.assess.result import Result
from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import DEFAULT, ENGINES, make_engine
from policyengine.errors.near_names import near_or_list
from policyengine.evaluation import evaluate_scenario
from policyengine.explanation import Explanation, explain_scenario
from policyengine.rulebook.loading import default_packs, load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, packs_named, read_scenario, unsaved
from policyengine.source import examine_document

__all__ = [
    "Explanation",
    "Result",
    "Rulebook",
    "Scenario",
    "ScenarioFile",
    "evaluate",
    "explain",
    "load_packs",
    "load_scenario",
]


def load_packs(packs: Sequence[str | Path] | None = None) -> Rulebook:
    """Read, check and compile rule packs.

    `packs` are names of shipped packs or folders; those that they extend come with them. Without
    names, all shipped packs that run by default are loaded, both opinion packs among them.

    Raises `policyengine.errors.InputError` with every problem of every file.
    """
    return load_rulebook(default_packs() if packs is None else packs)


def load_scenario(path: str | Path, rulebook: Rulebook | None = None) -> ScenarioFile:
    """Read and check one scenario file (YAML or JSON) against the vocabulary of a rulebook.

    Without a rulebook, the packs that the file names are used, else the default ones.

    Raises `policyengine.errors.InputError` with every problem of the file, each with line and column.
    """
    if rulebook is None:
        rulebook = load_packs(packs_named(examine_document(Path(path))))
    return read_scenario(Path(path), rulebook.vocabulary)


def evaluate(scenario: ScenarioFile | Scenario, rulebook: Rulebook | None = None, engine: str = DEFAULT) -> Result:
    """Evaluate a scenario; every number of the result leads back to rules, claims and sources.

    Scores are whole millionths of a point, shares whole per cents. `engine` is `rete`,
    `reference` or `columnar`; all give the same. If `rete` cannot run here, `reference` does, and
    `result.engine.note` says why.

    Raises ValueError for an unknown engine, InputError if the default packs cannot be read.
    """
    rulebook = rulebook or load_packs(_packs_of(scenario))
    if engine not in ENGINES:
        raise ValueError(f"there is no engine '{engine}'; {near_or_list(engine, ENGINES)}")
    file = unsaved(scenario) if isinstance(scenario, Scenario) else scenario
    choice = make_engine(engine, rulebook)
    try:
        return evaluate_scenario(file.scenario, file.sha256, rulebook, choice)
    finally:
        choice.engine.close()


def explain(
    scenario: ScenarioFile | Scenario,
    rulebook: Rulebook | None = None,
    threat: str | None = None,
    layer: str | None = None,
    jurisdiction: str | None = None,
) -> Explanation:
    """Say why each jurisdiction has its role, and why not a greater one.

    The three names narrow the answer to one threat, layer or jurisdiction.

    Raises ValueError for a name that the scenario or the vocabulary does not have.
    """
    rulebook = rulebook or load_packs(_packs_of(scenario))
    file = unsaved(scenario) if isinstance(scenario, Scenario) else scenario
    return explain_scenario(file.scenario, file.sha256, rulebook, threat, layer, jurisdiction)


def _packs_of(scenario: ScenarioFile | Scenario) -> list[str] | None:
    inner = scenario if isinstance(scenario, Scenario) else scenario.scenario
    return None if inner.packs is None else list(inner.packs)
