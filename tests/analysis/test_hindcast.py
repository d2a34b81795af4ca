"""The hindcast compares what it should, and evaluation never sees the record."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from policyengine import shipped
from policyengine.analysis.hindcast import Predictor, descriptive, hindcast, without_places
from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.cli.case_files import case_files
from policyengine.cli.main import cli
from policyengine.domain.outcome import Outcome, RecordedLayer
from policyengine.errors import Problems
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
    found = hindcast([made], {"always": Predictor("a guess", baseline)})
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


def test_the_page_says_of_the_places_what_the_figures_say() -> None:
    data = json.loads(CliRunner().invoke(cli, ["hindcast", "--format", "json"]).stdout)
    hits = {(t["predictor"], t["group"]): t["leads"]["hits"] for t in data["totals"]}
    why = (Path(__file__).parents[2] / "docs" / "templates" / "validation-why.md").read_text("utf-8")
    said = " ".join(why.split())
    people, hazards = "human agents", "hazards"
    told, untold = hits["descriptive", people], hits["places unknown", people]
    assert (told - untold, "four layers more than without the places" in said) == (4, True)
    assert told > max(hits["always-federal", people], hits["law-by-layer", people])
    assert "now name more leads exactly than the two simple guesses do" in said
    assert (hits["law-by-place", people] - told, "It names one layer more than the descriptive rules do" in said) == (
        1,
        True,
    )
    assert hits["places unknown", hazards] - hits["descriptive", hazards] == 1
    assert "For hazards the rules do worse than before, by the one layer of Lac-Mégantic" in said
    assert "and worse than the guess by layer" in said
    assert hits["descriptive", hazards] < hits["law-by-layer", hazards]
    gained = [
        f"{trial['case']}/{trial['layer']}"
        for trial in data["trials"]
        if trial["predictions"]["descriptive"]["exact"] and not trial["predictions"]["places unknown"]["exact"]
    ]
    assert len(gained) == 4
    assert [layer for layer in gained if layer not in said] == []


def test_the_html_report_shows_texts_of_strangers_as_text(tmp_path: Path) -> None:
    text = (shipped.folder("scenarios") / "sparse-new-threat.yaml").read_text("utf-8")
    path = tmp_path / "sparse-new-threat.yaml"
    layers = "{diplomacy: {lead: [CA], note: '<script>alert(1)</script>'}}"
    record = f"outcome: {{threat: guns-by-drone, confidence: low, layers: {layers}}}\n"
    path.write_text(text + record, "utf-8")
    notes = tmp_path / "notes.yaml"
    notes.write_text("sparse-new-threat/diplomacy: '<img src=x onerror=alert(1)>'\n", "utf-8")
    found = CliRunner().invoke(cli, ["hindcast", str(path), "--format", "html", "--notes", str(notes)])
    assert found.exit_code == 0
    assert "<img" not in found.stdout
    assert "<script" not in found.stdout
    assert "&lt;img src=x" in found.stdout


def test_places_are_hidden_from_the_predictor_that_is_to_do_without_them(rulebook: Rulebook) -> None:
    """Lac-Mégantic lies in Québec; whoever is not told cannot rule out the neighbour that sent crews."""
    case = load_scenario(shipped.folder("scenarios") / "cases" / "lac-megantic-2013.yaml", rulebook)
    judged = descriptive(rulebook)
    predictors = {"told": Predictor("", judged), "not told": Predictor("", judged, without_places)}
    (trial,) = [trial for trial in hindcast([case], predictors).trials if trial.layer == "civil_protection"]
    assert "US-ME" not in trial.predictions["told"].leads
    assert "US-ME" in trial.predictions["not told"].leads
    assert case.scenario.threats[0].places == ["LACMEG"]


def test_unknown_places_leave_the_leads_and_unsettle_the_layer(rulebook: Rulebook) -> None:
    case = load_scenario(shipped.folder("scenarios") / "cases" / "roxham-2017.yaml", rulebook)
    cells = {}
    for name, scenario in (("told", case.scenario), ("not told", without_places(case.scenario))):
        (cells[name],) = [
            cell
            for cell in evaluate(ScenarioFile(scenario, "0", "x"), rulebook).views[0].cells
            if cell.layer == "frontier"
        ]
    assert (cells["told"].leads, cells["told"].settled) == (("CA",), True)
    assert (sorted(cells["not told"].leads), cells["not told"].settled) == (["CA", "US"], False)
    missing = evaluate(ScenarioFile(without_places(case.scenario), "0", "x"), rulebook).undecided
    assert any("threats.crossings.places" in each.missing and each.could_change for each in missing)


def hindcast_of(tmp_path: Path, *texts: str) -> Result:
    for number, text in enumerate(texts):
        (tmp_path / f"case-{number}.yaml").write_text(text, "utf-8")
    return CliRunner().invoke(cli, ["hindcast", str(tmp_path), "--pack", "competence"])


CASE = (shipped.folder("scenarios") / "cases" / "roxham-2017.yaml").read_text("utf-8")
SECOND = "  - {id: second, name: Second, kind: terrorism, agent: true}\n\noutcome:\n"
LAYERS = re.compile(r"(?s)  layers:\n.*")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], ["N209", "there is no case in"]),
        ([CASE, CASE], ["N215", "case-1.yaml", "has the name of another", "case-0.yaml"]),
        ([LAYERS.sub("", CASE)], ["N103", '"layers" is missing']),
        ([LAYERS.sub("  layers: {}\n", CASE)], ["N108", '"layers" is empty']),
        ([CASE.replace("lead: [CA-QC]", "lead: [CA-QB]")], ["N208", '"CA-QB"', "did you mean 'CA-QC'?"]),
        ([CASE.replace("    frontier:", "    fronteer:")], ["N304", "did you mean 'frontier'?"]),
        ([CASE.replace("\noutcome:\n", SECOND)], ["N213", "which of the 2 threats", "threat: NAME", "crossings"]),
        ([CASE.replace("\noutcome:\n", f"{SECOND}  threat: secnod\n")], ["N214", "did you mean 'second'?"]),
        ([CASE.replace("\noutcome:\n", "\noutcome:\n  threat: 5\n")], ["N104", '"threat" should be text']),
        (["- a\n"], ["N101"]),
    ],
)
def test_bad_case_files_are_refused_with_what_to_do(tmp_path: Path, texts: list[str], said: list[str]) -> None:
    found = hindcast_of(tmp_path, *texts)
    assert found.exit_code == 1
    told = " ".join(found.stderr.split())
    assert [words for words in said if words not in told] == []


def test_the_record_of_a_file_with_two_threats_is_of_the_one_it_names(tmp_path: Path) -> None:
    texts = [CASE.replace("\noutcome:\n", f"{SECOND}  threat: {name}\n") for name in ("second", "crossings")]
    for text, leads in zip(texts, ("CA, US", "CA"), strict=True):
        found = hindcast_of(tmp_path, text)
        assert found.exit_code == 0
        (row,) = [line for line in found.stdout.splitlines() if line.strip().startswith("frontier ")]
        assert re.split(r" {2,}", row.strip())[2] == leads


def test_a_case_named_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(CASE, "utf-8")
    found = CliRunner().invoke(cli, ["hindcast", str(path), str(tmp_path), "--pack", "competence", "--format", "json"])
    assert [trial["layer"] for trial in json.loads(found.stdout)["trials"]] == [
        "frontier",
        "diplomacy",
        "civil_protection",
    ]


def test_the_interval_of_the_overlap_is_in_every_form() -> None:
    few = [str(path) for path in CASES[:4]]
    data = json.loads(CliRunner().invoke(cli, ["hindcast", *few, "--format", "json"]).stdout)
    (total,) = [t for t in data["totals"] if (t["predictor"], t["group"]) == ("descriptive", "human agents")]
    overlap = total["overlap"]
    assert overlap["low"] < overlap["share"] < overlap["high"]
    shown = f"{overlap['share']}% [{overlap['low']}-{overlap['high']}]"
    for form in ("text", "markdown", "html"):
        said = CliRunner().invoke(cli, ["hindcast", *few, "--format", form]).stdout
        assert shown in said.replace("\\", "").replace("\u00a0", " ")


def test_a_folder_of_cases_leads_to_no_file_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("do not print this\n", "utf-8")
    cases = tmp_path / "cases"
    cases.mkdir()
    (cases / "case.yaml").symlink_to(tmp_path / "secret.txt")
    found = CliRunner().invoke(cli, ["hindcast", str(cases)])
    assert found.exit_code == 1
    assert "N216" in found.stderr
    assert "do not print" not in found.stderr


def test_a_folder_that_cannot_be_listed_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(_: Path) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)
    problems = Problems()
    assert case_files([tmp_path], problems) == []
    (problem,) = problems.items
    assert problem.code == "N217"
    assert "Permission denied" in problem.message


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_number_of_a_case_has_its_reason(path: Path) -> None:
    data: Any = read_document(path).plain()
    without = [
        (entry["id"], name)
        for section in ("threats", "jurisdictions", "ties")
        for entry in data.get(section, [])
        for name in numbers(entry, "")
        if not any(name == told or name.startswith(f"{told}.") for told in entry.get("reasons", {}))
    ]
    assert without == []
    assert data["references"]


def numbers(entry: dict[str, Any], prefix: str) -> Iterator[str]:
    """The paths of the numbers of an entry."""
    for name, value in entry.items():
        if isinstance(value, dict):
            yield from numbers(value, f"{prefix}{name}.")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{prefix}{name}"
