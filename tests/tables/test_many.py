"""Many different scenarios at once give what each alone gives."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest

from policyengine import shipped
from policyengine.analysis.agreement import expected
from policyengine.api import evaluate_many, load_scenario
from policyengine.domain.scenario import Scenario
from policyengine.rulebook.rule import Rulebook
from policyengine.tables import many


def shipped_scenarios(rulebook: Rulebook) -> list[Scenario]:
    paths = sorted(shipped.folder("scenarios").glob("*.yaml"))
    return [load_scenario(path, rulebook).scenario for path in paths]


def test_leads_modes_and_open_effects_are_those_of_each_alone(rulebook: Rulebook) -> None:
    scenarios = shipped_scenarios(rulebook)
    alone = {scenario.scenario: expected(scenario, rulebook) for scenario in scenarios}
    rows = evaluate_many(scenarios, rulebook).read_all().to_pylist()
    assert len(rows) == sum(len(each.threats) for each in scenarios) * len(rulebook.vocabulary.words("layers"))
    for row in rows:
        cell = f"{row['threat']}.{row['layer']}"
        wanted = [alone[row["scenario"]][f"{cell}.{name}"] for name in ("leads", "mode", "undecided")]
        assert [row["leads"], row["mode"], row["undecided"]] == wanted


def test_scores_and_shares_are_bit_for_bit_those_of_each_alone(rulebook: Rulebook) -> None:
    scenarios = shipped_scenarios(rulebook)
    alone = {scenario.scenario: expected(scenario, rulebook) for scenario in scenarios}
    rows = evaluate_many(scenarios, rulebook, wide=True).read_all().to_pylist()
    for row in rows:
        cell = f"{row['threat']}.{row['layer']}.{row['jurisdiction']}"
        for name in ("score", "share", "share_of_side"):
            assert repr(row[name]) == repr(alone[row["scenario"]][f"{cell}.{name}"])
        leads = alone[row["scenario"]][f"{row['threat']}.{row['layer']}.leads"].split()
        assert (row["role"] in ("lead", "co-lead")) == (row["jurisdiction"] in leads)


def test_scenarios_are_taken_as_results_are_read(rulebook: Rulebook) -> None:
    taken = []

    def endless() -> Iterator[Scenario]:
        scenarios = shipped_scenarios(rulebook)
        while True:
            taken.append(1)
            yield scenarios[len(taken) % len(scenarios)]

    reader = evaluate_many(endless(), rulebook)
    assert isinstance(reader.read_next_batch(), pa.RecordBatch)
    assert len(taken) == many.CHUNK


def test_large_scenarios_are_taken_fewer_at_a_time(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    scenarios = shipped_scenarios(rulebook)
    together = evaluate_many(scenarios, rulebook).read_all().to_pylist()
    monkeypatch.setattr(many, "LARGE", 100)
    apart = list(evaluate_many(scenarios, rulebook))
    assert len({batch.num_rows for batch in apart}) > 1
    assert 1 < len(apart) <= len(scenarios)
    assert [row for batch in apart for row in batch.to_pylist()] == together


def test_no_scenarios_give_no_rows(rulebook: Rulebook) -> None:
    assert evaluate_many([], rulebook).read_all().num_rows == 0
