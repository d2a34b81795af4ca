"""One result in a few lines."""

from __future__ import annotations

from pathlib import Path

from policyengine.analysis.summary import summary_of
from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.report.names import flags
from policyengine.rulebook.rule import Rulebook


def test_a_summary_counts_what_the_result_holds(scenario_path: Path, rulebook: Rulebook) -> None:
    file = load_scenario(scenario_path, rulebook)
    result = evaluate(file, rulebook, engine="reference")
    found = summary_of(result, file.scenario)
    led = [cell for cell in result.views[0].cells if cell.leads]
    assert found["led"] == len(led)
    assert found["firm"] == sum(not flags(cell) for cell in led)
    assert found["contested"] == sum("contested" in flags(cell) for cell in led)
    assert found["unsettled"] == sum("unsettled" in flags(cell) for cell in led)
    assert found["could_change"] <= found["open"] == len(result.undecided)
    assert found["contested"] <= found["disagreement"]
    assert [cell["layer"] for cell in found["cells"]] == [cell.layer for cell in result.views[0].cells]
    assert {cell["kind"] for cell in found["cells"]} == {threat.kind for threat in file.scenario.threats}


def test_one_opinion_alone_disagrees_with_nobody(scenario_path: Path) -> None:
    rulebook = load_packs(["layered-border"])
    file = load_scenario(scenario_path, rulebook)
    assert summary_of(evaluate(file, rulebook, engine="reference"), file.scenario)["disagreement"] == 0
