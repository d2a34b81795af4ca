"""The few functions that other programs call.

>>> from policyengine import evaluate, load_packs, load_scenario
>>> rulebook = load_packs()
>>> result = evaluate(load_scenario("my-scenario.yaml", rulebook), rulebook)
>>> result.views[0].cells[0].mode  # doctest: +SKIP
'contested'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policyengine.assess.result import Result
from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import DEFAULT, ENGINES, make_engine
from policyengine.errors.near_names import near_or_list
from policyengine.evaluation import evaluate_scenario
from policyengine.explanation import Explanation, explain_scenario
from policyengine.rulebook.loading import default_packs, load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, packs_found, read_scenario, unsaved
from policyengine.source import examine_document

if TYPE_CHECKING:
    from policyengine.tables.contributions import Contribution

Packs = Rulebook | Sequence[str | Path] | None
"""A rulebook, or what `load_packs` takes."""
MOST_MEMORY = 2 << 30
"""So many bytes a batch of results may take unless it is said otherwise."""

__all__ = [
    "Explanation",
    "Result",
    "Rulebook",
    "Scenario",
    "ScenarioFile",
    "contributions",
    "evaluate",
    "evaluate_many",
    "evaluate_table",
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
        rulebook = load_packs(packs_found(examine_document(Path(path), places=False)) or None)
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


def evaluate_table(
    base: ScenarioFile | Scenario,
    table: Any,
    packs: Packs = None,
    *,
    wide: bool = False,
    fired: bool = False,
    max_memory: int = MOST_MEMORY,
) -> Any:
    """Evaluate variations of one scenario: a row of `table` for each, a column for each value that varies.

    `table` is anything that speaks the Arrow C interface: tables and readers of pyarrow, data frames of pandas,
    Polars and others. A column is named like a path in the scenario file (`threats.ID.severity`,
    `jurisdictions.ID.capacities.NAME`, `ties.ID.strength`, `conditions.NAME`, `year`), `param.NAME` or
    `weight.PACK/RULE`; null is unknown.

    Gives a `pyarrow.RecordBatchReader` with a row for each row, made batch by batch while it is read. For each threat
    and layer: `THREAT.LAYER.leads` (ids with a space between), `.mode` and `.undecided`; for each model
    `model.NAME.rank`. `wide` adds `THREAT.LAYER.JURISDICTION.score` in millionths of a point, `.share`,
    `.share_of_side` and `model.NAME.score`. `fired` adds packed bits: bit i, counted from the lowest of each byte, says
    whether rule i fired; the schema's metadata name the rules in order. Everything is what evaluating each row
    alone gives, to the last bit.

    Raises InputError with all mistakes of the table before anything is evaluated; of a reader, which can be read only
    once, with those of the batch at hand. Rows are counted from 0. More memory for a batch than `max_memory` bytes
    is refused before it is taken. Needs the extra `batch`.
    """
    from policyengine.tables.evaluate import Evaluation

    rulebook = _rulebook(packs, [base])
    form = {"wide": wide, "fired": fired}
    return Evaluation(_inner(base), rulebook, table, form, max_memory).reader()


def contributions(base: ScenarioFile | Scenario, table: Any, row: int, packs: Packs = None) -> tuple[Contribution, ...]:
    """Every firing that counts in one row of a table (the first is 0): they add up to its scores.

    Raises IndexError if there is no such row, InputError for mistakes of the row.
    """
    from policyengine.tables.contributions import contributions_of, row_of

    return contributions_of(*row_of(_inner(base), _rulebook(packs, [base]), table, row))


def evaluate_many(scenarios: Iterable[ScenarioFile | Scenario], packs: Packs = None, *, wide: bool = False) -> Any:
    """Evaluate many different scenarios under one rulebook, some thousands at a time.

    Gives a `pyarrow.RecordBatchReader` that takes scenarios as it is read, so that they may be more than fit into
    memory. It has a row for each scenario, threat and layer, with `leads`, `mode` and `undecided`; `wide` gives a row
    for each jurisdiction as well, with `role`, `score`, `share` and `share_of_side`. Needs the extra `batch`.
    """
    from policyengine.tables.many import reader_of

    return reader_of(map(_inner, scenarios), _rulebook(packs, []), wide)


def _inner(scenario: ScenarioFile | Scenario) -> Scenario:
    return scenario if isinstance(scenario, Scenario) else scenario.scenario


def _rulebook(packs: Packs, scenarios: Sequence[ScenarioFile | Scenario]) -> Rulebook:
    if isinstance(packs, Rulebook):
        return packs
    named = [found for scenario in scenarios if (found := _packs_of(scenario))]
    return load_packs(packs if packs is not None else named[0] if named else None)


def _packs_of(scenario: ScenarioFile | Scenario) -> list[str] | None:
    inner = scenario if isinstance(scenario, Scenario) else scenario.scenario
    return None if inner.packs is None else list(inner.packs)
