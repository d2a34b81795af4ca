"""A whole run: views, traces, open questions and reproducible bytes."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from policyengine import shipped
from policyengine.api import ScenarioFile, evaluate, explain, load_packs, load_scenario
from policyengine.assess.result import plain, read_result
from policyengine.rulebook.rule import Rulebook

SCENARIOS = shipped.folder("scenarios")
ROOT = Path(__file__).parent.parent


@pytest.fixture(
    params=["trafficking-quebec-vermont", "contraband-akwesasne", "sparse-new-threat", "burden-of-the-border"]
)
def scenario(request: pytest.FixtureRequest, rulebook: Rulebook) -> ScenarioFile:
    return load_scenario(SCENARIOS / f"{request.param}.yaml", rulebook)


def test_a_view_says_what_its_packs_say_when_they_run_alone(scenario: ScenarioFile, rulebook: Rulebook) -> None:
    together = {view.id: view for view in evaluate(scenario, rulebook).views}
    assert set(together) == {"all", "layered-border", "counter-claims"}
    for opinion in ("layered-border", "counter-claims"):
        alone = evaluate(scenario, load_packs(["competence", "practice", opinion])).views
        assert [view.id for view in alone] == ["all"]
        for found, expected in zip(together[opinion].cells, alone[0].cells, strict=True):
            assert (found.leads, found.mode, found.settled) == (expected.leads, expected.mode, expected.settled)
            kept = [(each.jurisdiction, each.role, each.score, each.share, each.barred) for each in found.standings]
            assert kept == [
                (each.jurisdiction, each.role, each.score, each.share, each.barred) for each in expected.standings
            ]
        assert [(row.model, row.rank, row.score) for row in together[opinion].models] == [
            (row.model, row.rank, row.score) for row in alone[0].models
        ]


def test_every_score_is_the_sum_of_the_firings_behind_it(scenario: ScenarioFile, rulebook: Rulebook) -> None:
    result = evaluate(scenario, rulebook)
    for view in result.views:
        for cell in view.cells:
            for standing in cell.standings:
                parts = [result.firings[number] for number in standing.firings]
                assert sum(part.strength for part in parts if part.kind == "score") == standing.score
                assert {(part.subject["threat"], part.target, part.subject["jurisdiction"]) for part in parts} == {
                    (cell.threat, cell.layer, standing.jurisdiction)
                }


def test_every_firing_leads_back_to_a_rule_a_claim_and_a_source(scenario: ScenarioFile, rulebook: Rulebook) -> None:
    result = evaluate(scenario, rulebook)
    for fired in result.firings:
        claims = result.rules[fired.rule].claims
        assert claims
        assert all(result.sources[result.claims[claim].source].citation for claim in claims)


def test_one_opinion_alone_earns_a_caution() -> None:
    packs = load_packs(["layered-border"])
    result = evaluate(load_scenario(SCENARIOS / "ice-storm-1998-mutual-aid.yaml", packs), packs)
    assert "its counterpart 'counter-claims' did not take part" in result.cautions[0].text


def test_both_opinions_together_earn_none(scenario: ScenarioFile, rulebook: Rulebook) -> None:
    assert not any(caution.text.startswith("One side only") for caution in evaluate(scenario, rulebook).cautions)


def test_open_questions_name_what_is_missing_by_its_path(rulebook: Rulebook) -> None:
    result = evaluate(load_scenario(SCENARIOS / "sparse-new-threat.yaml", rulebook), rulebook)
    assert result.undecided
    assert all(each.missing for each in result.undecided)
    paths = {path for each in result.undecided for path in each.missing}
    assert "ties" in paths
    assert any(path.startswith("threats.guns-by-drone.") for path in paths)
    changing = [bool(each.could_change) for each in result.undecided]
    assert changing == sorted(changing, reverse=True)


def test_filling_in_what_is_missing_decides_a_rule(rulebook: Rulebook) -> None:
    file = load_scenario(SCENARIOS / "sparse-new-threat.yaml", rulebook)
    threat = file.scenario.threats[0].model_copy(update={"diffuseness": 0.75})
    filled = file.scenario.model_copy(update={"threats": [threat, *file.scenario.threats[1:]]})
    path = f"threats.{threat.id}.diffuseness"
    assert any(path in each.missing for each in evaluate(file, rulebook).undecided)
    assert not any(path in each.missing for each in evaluate(filled, rulebook).undecided)


def test_settled_leads_survive_whatever_the_unknowns_are(rulebook: Rulebook) -> None:
    """Fill unknown capacities in with both ends of their range: settled leads must not move."""
    file = load_scenario(SCENARIOS / "trafficking-quebec-vermont.yaml", rulebook)
    words = rulebook.vocabulary.words("capacities")
    before = evaluate(file, rulebook).views[0]
    for value in (0.0, 1.0):
        actors = [
            each.model_copy(update={"capacities": dict.fromkeys(words, value) | each.capacities})
            for each in file.scenario.jurisdictions
        ]
        after = evaluate(file.scenario.model_copy(update={"jurisdictions": actors}), rulebook).views[0]
        for old, new in zip(before.cells, after.cells, strict=True):
            if old.settled:
                assert set(old.leads) == set(new.leads), (old.layer, value)


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_settled_ranks_survive_whatever_the_conditions_are(
    scenario: ScenarioFile, rulebook: Rulebook, value: float
) -> None:
    before = evaluate(scenario, rulebook)
    terms = rulebook.vocabulary.terms("conditions")
    filled = {name: value for name, term in terms.items() if term.type == "number"}
    known = filled | scenario.scenario.conditions
    after = evaluate(scenario.scenario.model_copy(update={"conditions": known}), rulebook)
    for view, other in zip(before.views, after.views, strict=True):
        ranks = {model.model: model.rank for model in other.models}
        assert all(ranks[model.model] == model.rank for model in view.models if model.settled)


def test_the_same_input_gives_the_same_bytes_in_any_process_and_folder(tmp_path: Path) -> None:
    path = str(SCENARIOS / "contraband-akwesasne.yaml")
    program = (
        "import json\n"
        "from policyengine.api import *\n"
        "from policyengine.assess.result import plain\n"
        "rulebook = load_packs()\n"
        f"print(json.dumps(plain(evaluate(load_scenario({path!r}, rulebook), rulebook))))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, check=True, cwd=folder, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed, folder in (("0", tmp_path), ("1", Path.cwd()), ("2", tmp_path))
    }
    assert len(outputs) == 1


def test_a_result_reads_back_from_its_json(scenario: ScenarioFile, rulebook: Rulebook) -> None:
    result = evaluate(scenario, rulebook)
    assert read_result(json.dumps(plain(result))) == result


def test_explanations_add_up_and_say_why_not(scenario: ScenarioFile, rulebook: Rulebook) -> None:
    explanation = explain(scenario, rulebook)
    assert explanation.whys
    for why in explanation.whys:
        assert sum(each.strength for each in why.contributions) == why.standing.score
        leads = why.standing.role in ("lead", "co-lead")
        assert bool(why.not_fired) is False or not leads
        for rule in why.not_fired:
            assert rule.failed


def test_why_not_tells_by_how_much_a_number_misses(rulebook: Rulebook) -> None:
    file = load_scenario(SCENARIOS / "ice-storm-1998-mutual-aid.yaml", rulebook)
    explanation = explain(file, rulebook, layer="local_enforcement")
    distances = [
        part.distance
        for why in explanation.whys
        for rule in why.not_fired
        for part in rule.failed
        if part.distance is not None
    ]
    assert distances
    assert all(distance >= 0 for distance in distances)


@pytest.mark.parametrize(
    ("name", "value"), [("threat", "traffiking"), ("layer", "diplomasy"), ("jurisdiction", "CA-QB")]
)
def test_unknown_names_are_refused_with_a_proposal(name: str, value: str, rulebook: Rulebook) -> None:
    file = load_scenario(SCENARIOS / "trafficking-quebec-vermont.yaml", rulebook)
    with pytest.raises(ValueError, match="did you mean"):
        explain(file, rulebook, **{name: value})


def test_a_text_with_an_at_sign_comes_out_whole(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "docs" / "examples" / "harbour", tmp_path / "harbour"))
    rule = folder / "rules" / "brigade-reaches-the-quay.yaml"
    text = rule.read_text("utf-8")
    told = "Ask the.marks.office@quay first."
    rule.write_text(text.replace("then:\n", f"then:\n  - caution: {told}\n"), "utf-8")
    rulebook = load_packs([folder])
    result = evaluate(load_scenario(ROOT / "docs" / "examples" / "harbour-fire.yaml", rulebook), rulebook)
    assert [fired.target for fired in result.firings if fired.kind == "caution"] == [told]


def test_points_that_are_sure_to_come_but_not_how_many_leave_nothing_settled_that_they_decide(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "docs" / "examples" / "harbour", tmp_path / "harbour"))
    path = folder / "rules" / "boats-for-large-fires.yaml"
    rule = path.read_text("utf-8")
    head = rule[rule.index("rule:") : rule.index("when:")]
    # The port gets 40 points and more, however large the fire is, but how large it is stands nowhere.
    then = 'when: jurisdiction.level == "port"\nthen: [{score: quench, points: 40 + threat.severity}]\n'
    path.write_text(head + then, "utf-8")
    text = (ROOT / "docs" / "examples" / "harbour-fire.yaml").read_text("utf-8")
    rulebook = load_packs([folder])
    cells = []
    for name, severity in (("known", "severity: 0"), ("unknown", "likelihood: 0.5")):
        (tmp_path / f"{name}.yaml").write_text(text.replace("severity: 0.8", severity), "utf-8")
        cells.append(evaluate(load_scenario(tmp_path / f"{name}.yaml", rulebook), rulebook).views[0].cells[0])
    known, unknown = cells
    assert (known.leads, known.settled) == (("PORT",), True)
    assert (unknown.leads, unknown.settled) == (("TOWN",), False)
