"""The hindcast compares what it should, and evaluation never sees the record."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from policyengine import shipped
from policyengine.analysis.hindcast import descriptive, hindcast
from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.cli.main import cli
from policyengine.domain.outcome import Outcome, RecordedLayer
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile
from policyengine.source import read_document

CASES = sorted((shipped.folder("scenarios") / "cases").glob("*.yaml"))


@pytest.fixture(params=CASES, ids=[path.stem for path in CASES])
def case(request: pytest.FixtureRequest, rulebook: Rulebook) -> ScenarioFile:
    return load_scenario(request.param, rulebook)


def test_every_case_has_a_record_and_is_named_like_its_file(case: ScenarioFile) -> None:
    assert case.scenario.outcome is not None
    assert case.scenario.scenario == Path(case.name).stem
    assert case.scenario.references


def test_results_do_not_change_when_the_record_is_removed_or_altered(case: ScenarioFile, rulebook: Rulebook) -> None:
    before = evaluate(ScenarioFile(case.scenario, "0", case.name), rulebook)
    somebody = case.scenario.jurisdictions[-1].id
    altered = Outcome(confidence="low", layers={"diplomacy": RecordedLayer(lead=[somebody], mode="contested")})
    for outcome in (None, altered):
        other = ScenarioFile(case.scenario.model_copy(update={"outcome": outcome}), "0", case.name)
        assert evaluate(other, rulebook) == before


def test_the_judged_rules_are_those_that_say_what_is(rulebook: Rulebook) -> None:
    kept = descriptive(rulebook).rules
    assert kept
    assert {rule.nature for rule in kept} == {"descriptive"}


def test_a_prediction_is_right_only_if_it_names_exactly_the_recorded_leads() -> None:
    baseline = load_packs(["always-federal"])
    file = load_scenario(shipped.folder("scenarios") / "sparse-new-threat.yaml", baseline)
    layers = {
        "diplomacy": RecordedLayer(lead=["CA", "US"], mode="parallel"),
        "frontier": RecordedLayer(lead=["CA"], mode="single"),
        "local_enforcement": RecordedLayer(lead=["CA-ON"]),
    }
    record = Outcome(confidence="high", layers=layers)
    made = ScenarioFile(file.scenario.model_copy(update={"outcome": record}), "0", "made")
    found = hindcast([made], {"always": ("a guess", baseline)})
    judged = {trial.layer: trial.predictions["always"] for trial in found.trials}
    assert [judged[layer].exact for layer in layers] == [True, False, False]
    assert [judged[layer].same_levels for layer in layers] == [True, True, False]
    assert [judged[layer].overlap for layer in layers] == [1.0, 0.5, 0.0]
    assert [judged[layer].same_mode for layer in layers] == [True, False, None]
    (total,) = [total for total in found.totals if total.group == "all"]
    assert (total.leads.hits, total.leads.trials, total.modes.trials) == (1, 3, 2)


def test_a_scenario_without_a_record_is_refused_with_its_name() -> None:
    path = str(shipped.folder("scenarios") / "sparse-new-threat.yaml")
    found = CliRunner().invoke(cli, ["hindcast", path])
    assert found.exit_code == 1
    assert "N209" in found.stderr
    assert "no outcome on record" in found.stderr


def test_the_command_shows_baselines_limits_and_every_miss() -> None:
    found = CliRunner().invoke(cli, ["hindcast"])
    assert found.exit_code == 0
    for words in ("always-federal", "law-by-layer", "descriptive", "Leading is not succeeding", "one by one"):
        assert words in found.stdout
    data = json.loads(CliRunner().invoke(cli, ["hindcast", "--format", "json"]).stdout)
    assert {total["predictor"] for total in data["totals"]} >= {"descriptive", "always-federal", "law-by-layer"}
    misses = [trial for trial in data["trials"] if not trial["predictions"]["descriptive"]["exact"]]
    assert [trial["case"] for trial in misses if trial["case"] not in found.stdout] == []


def test_each_miss_is_discussed_and_nothing_else_is() -> None:
    data = json.loads(CliRunner().invoke(cli, ["hindcast", "--format", "json"]).stdout)
    misses = {f"{t['case']}/{t['layer']}" for t in data["trials"] if not t["predictions"]["descriptive"]["exact"]}
    notes = Path(__file__).parent.parent.parent / "docs" / "validation-notes.yaml"
    noted = read_document(notes).plain()
    assert isinstance(noted, dict)
    assert set(noted) == misses


def test_the_report_says_plainly_how_the_rules_stand_to_the_baselines() -> None:
    data = json.loads(CliRunner().invoke(cli, ["hindcast", "--format", "json"]).stdout)
    text = " ".join(CliRunner().invoke(cli, ["hindcast"]).stdout.split())
    hits = {t["predictor"]: t["leads"]["hits"] for t in data["totals"] if t["group"] == "human agents"}
    for baseline in ("always-federal", "law-by-layer"):
        ahead = hits["descriptive"] - hits[baseline]
        said = "better than" if ahead > 0 else "no better than" if ahead == 0 else "worse than"
        assert f"{said} {baseline}" in text


def test_the_html_report_shows_texts_of_strangers_as_text(tmp_path: Path) -> None:
    text = (shipped.folder("scenarios") / "sparse-new-threat.yaml").read_text("utf-8")
    path = tmp_path / "sparse-new-threat.yaml"
    record = "outcome: {confidence: low, layers: {diplomacy: {lead: [CA], note: '<script>alert(1)</script>'}}}\n"
    path.write_text(text + record, "utf-8")
    notes = tmp_path / "notes.yaml"
    notes.write_text("sparse-new-threat/diplomacy: '<img src=x onerror=alert(1)>'\n", "utf-8")
    found = CliRunner().invoke(cli, ["hindcast", str(path), "--format", "html", "--notes", str(notes)])
    assert found.exit_code == 0
    assert "<img" not in found.stdout
    assert "<script" not in found.stdout
    assert "&lt;img src=x" in found.stdout
