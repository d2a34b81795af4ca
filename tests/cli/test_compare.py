"""`compare` tells what differs between results, and the parts that it names add up to the whole."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cli.conftest import Run
from click.testing import Result

from policyengine.shipped import folder

FLOOD = "flood-nooksack"
OTHER = "richelieu-flood-2011"
SPARSE = "sparse-new-threat"

Data = Callable[..., dict[str, Any]]


@pytest.fixture
def data(run: Run) -> Data:
    def call(*arguments: str | Path) -> dict[str, Any]:
        done = run("compare", *arguments, "--format", "json")
        assert done.exit_code in (0, 1), done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        assert (done.exit_code == 1) >= bool(found["leads_changed"])
        return found

    return call


def written(run: Run, name: str, *arguments: str) -> Path:
    """A file with what `evaluate --format json` gives."""
    done = run("evaluate", *arguments, "--format", "json")
    assert done.exit_code == 0
    path = Path(name)
    path.write_text(done.stdout, "utf-8")
    return path


def batch(run: Run, out: str, *arguments: str, form: str = "json") -> Path:
    scenarios = Path("cases")
    if not scenarios.exists():
        scenarios.mkdir()
        for name in (SPARSE, FLOOD):
            (scenarios / f"{name}.yaml").write_bytes((folder("scenarios") / f"{name}.yaml").read_bytes())
    done = run("batch", scenarios, "--out", out, "--format", form, "--workers", "1", *arguments)
    assert done.exit_code in (0, 1), done.output
    return Path(out)


def assert_adds_up(found: dict[str, Any]) -> None:
    standings = [each for change in found["scenarios"] for cell in change["cells"] for each in cell["standings"]]
    models = [each for change in found["scenarios"] for each in change["models"]]
    assert standings
    for each in [*standings, *models]:
        before, after = ((side or {"score": 0})["score"] for side in (each["before"], each["after"]))
        assert sum(part["difference"] for part in each["parts"]) == each["difference"] == after - before


def test_a_scenario_is_equal_to_itself(run: Run) -> None:
    done = run("compare", SPARSE, SPARSE)
    assert (done.exit_code, "No result differs" in done.output) == (0, True)


def test_two_scenarios_differ_in_facts_and_in_parts_that_add_up(data: Data) -> None:
    found = data(FLOOD, OTHER)
    assert_adds_up(found)
    facts = {each["path"]: (each["before"], each["after"]) for each in found["facts"]}
    assert facts["threats.flood.exposure"] == ("0.6", "0.3")
    assert facts["jurisdictions.US-NY"] == (None, "New York")
    assert found["scenarios"][0]["scenario"] == f"{FLOOD} → {OTHER}"


def test_the_only_threats_of_two_scenarios_are_compared_whatever_they_are_called(tmp_path: Path, data: Data) -> None:
    text = (folder("scenarios") / f"{FLOOD}.yaml").read_text("utf-8")
    path = tmp_path / "renamed.yaml"
    path.write_text(text.replace("- id: flood\n", "- id: water\n"), "utf-8")
    assert "- id: water\n" in path.read_text("utf-8")
    found = data(FLOOD, path)
    assert (found["scenarios"], found["facts"], found["unchanged"]) == ([], [], 1)


def test_one_fact_that_differs_is_named_with_what_it_changes(tmp_path: Path, run: Run) -> None:
    text = (folder("scenarios") / f"{FLOOD}.yaml").read_text("utf-8")
    path = tmp_path / "milder.yaml"
    path.write_text(text.replace("spillover: 0.9", "spillover: 0.2"), "utf-8")
    shown = " ".join(run("compare", FLOOD, path).output.split())
    assert "threats.flood.attributes.spillover: 0.9 → 0.2" in shown
    assert "counter-claims/spillover-across-the-line (nothing after)" in shown


def test_those_with_the_same_reasons_stand_together(run: Run) -> None:
    shown = " ".join(run("compare", FLOOD, "--pack-a", "layered-border", "--pack-b", "competence").output.split())
    assert re.search(r"British Columbia and Washington: [-+][\d.]+ = ", shown)


def test_two_result_files_are_compared_and_packs_named(run: Run, data: Data) -> None:
    one, other = written(run, "one.json", FLOOD), written(run, "other.json", FLOOD, "--pack", "competence")
    found = data(one, other)
    assert_adds_up(found)
    assert {"difference": "pack practice: only before", "pairs": 1} in found["basis"]
    assert data(one, FLOOD)["scenarios"] == []


def test_a_file_of_several_results_is_paired_by_scenario(run: Run, data: Data) -> None:
    one = written(run, "one.json", FLOOD, SPARSE)
    other = written(run, "other.json", SPARSE, FLOOD, "--pack", "competence")
    assert sorted(change["scenario"] for change in data(one, other)["scenarios"]) == [FLOOD, SPARSE]


def test_two_batches_are_compared_file_by_file(run: Run, data: Data) -> None:
    one, other = batch(run, "one"), batch(run, "other", "--pack", "competence")
    found = data(one, other)
    assert_adds_up(found)
    assert (len(found["scenarios"]), found["unchanged"], found["not_compared"]) == (2, 0, [])
    assert data(one, one)["unchanged"] == 2


def test_what_only_one_batch_has_is_told(run: Run) -> None:
    one = batch(run, "one")
    Path("cases", f"{SPARSE}.yaml").unlink()
    Path("cases", f"{FLOOD}.yaml").write_text("nothing: 1\n", "utf-8")
    Path("cases", "wild.yaml").write_bytes((folder("scenarios") / f"{OTHER}.yaml").read_bytes())
    other = batch(run, "other")
    Path("cases", "wild.yaml").unlink()
    done = run("compare", one, other)
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert f"{SPARSE}, after: it is not there" in said
    assert f"{FLOOD}, after: the batch could not evaluate it" in said
    assert "wild, before: it is not there" in said


def test_a_batch_without_json_is_told(run: Run) -> None:
    out = batch(run, "pages", form="html")
    done = run("compare", out, out)
    assert (done.exit_code, "S053 this batch has no results in JSON" in done.stderr) == (1, True)


def test_a_result_that_somebody_changed_is_told_and_the_others_go_on(run: Run, data: Data) -> None:
    one, other = batch(run, "one"), batch(run, "other")
    path = other / "results" / f"{FLOOD}.json"
    path.write_text(path.read_text("utf-8").replace('"title": "', '"title": "No '), "utf-8")
    found = data(one, other)
    assert found["unchanged"] == 1
    assert found["not_compared"] == [{"scenario": FLOOD, "before": None, "after": "this is not what the batch wrote"}]


def test_a_manifest_does_not_lead_out_of_its_folder(run: Run, data: Data, tmp_path: Path) -> None:
    one, other = batch(run, "one"), batch(run, "other")
    (tmp_path / "secret.json").write_text("{}", "utf-8")
    manifest = other / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8").replace(f"results/{FLOOD}.json", "../secret.json"), "utf-8")
    (unread,) = data(one, other)["not_compared"]
    assert unread["after"] == '"../secret.json" leads out of the folder'


def test_two_packs_are_compared_on_the_same_scenarios(data: Data) -> None:
    found = data(FLOOD, SPARSE, "--pack", "competence", "--pack-a", "layered-border", "--pack-b", "counter-claims")
    assert_adds_up(found)
    assert (found["before"], found["after"]) == ("layered-border", "counter-claims")
    assert {each["scenario"] for each in found["scenarios"]} <= {FLOOD, SPARSE}
    sizes = [(change["leads_changed"], change["largest"]) for change in found["scenarios"]]
    assert sizes == sorted(sizes, reverse=True)


def test_advice_and_burdens_that_differ_are_told_with_their_rules(run: Run, data: Data) -> None:
    given = ["burden-of-the-border", "--pack-a", "layered-border", "--pack-b", "counter-claims"]
    (change,) = data(*given)["scenarios"]
    gone = {each["text"]: each for each in change["cautions"] if each["after"] is None}
    against = next(each for text, each in gone.items() if text.startswith("On this basis and cost measure"))
    assert against["before"]["rules"] == ["layered-border/free-rider-verdict-against-source"]
    assert "CA, all_costs, trade" in against["before"]["about"]
    new = [each["text"] for each in change["cautions"] if each["before"] is None]
    assert any(text.startswith("One side only: the pack 'counter-claims'") for text in new)
    measure = next(each for each in change["measures"] if each["after"])
    assert set(measure) == {"text", "parties", "before", "after"}
    labels = {(each["jurisdiction"], each["label"]): each for each in change["burden_verdicts"]}
    free_rider = labels["CA", "free rider"]
    assert free_rider["before"] == {"holds": 3, "bases": 8, "undetermined": 0}
    assert free_rider["rules"][0]["before"] == 3
    shown = " ".join(run("compare", *given).output.split())
    assert "burden: Government of Canada, free rider: under 3 of 8 bases → " in shown
    assert "new caution: One side only" in shown
    page = run("compare", *given, "--format", "html").output
    assert "dropped </span>caution: <strong>On this basis and cost measure" in page


def test_a_measure_for_other_threats_is_the_same_measure(run: Run, tmp_path: Path) -> None:
    text = (folder("scenarios") / "burden-of-the-border.yaml").read_text("utf-8")
    path = tmp_path / "burden-of-the-border.yaml"
    path.write_text(text.replace("agent: true", "agent: false"), "utf-8")
    assert path.read_text("utf-8") != text
    shown = " ".join(run("compare", "burden-of-the-border", path).output.split())
    assert re.search(r"(measure|caution): [^;]+; about [-+] ", shown)


def test_a_scenario_that_one_of_two_packs_cannot_read_is_named(run: Run) -> None:
    harbour = Path(__file__).parents[2] / "docs" / "examples" / "harbour"
    done = run("compare", FLOOD, "--pack-a", "competence", "--pack-b", harbour)
    assert done.exit_code == 1
    assert f"{FLOOD}, after: " in done.output


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('"settled": true', '"settled": 7', 1),
        lambda text: text.replace('"version":', '"varsion":', 1),
        lambda text: text.replace("policyengine-result/1", "policyengine-result/9"),
        lambda text: text.replace('"id": "all"', '"id": "none"'),
        lambda text: text.replace('"score": ', '"score": 1', 1),
        lambda text: text.replace('"layer": "diplomacy"', '"layer": "frontier"'),
        lambda text: text.replace('"threat": "flood"', '"threat": "fire"'),
        lambda text: text.replace('"jurisdiction": "CA"', '"jurisdiction": "XX"'),
        lambda text: f"[{text}, {text}]",
        lambda text: f"[{text}, 7]",
        lambda text: "[" * 50_000 + text,
        lambda text: text.replace('"firings": [\n', '"firings": [\n 99999,\n', 1),
        lambda text: re.sub(r'("aligned@[a-z-]+": )[0-9.]+', r"\1NaN", text),
        lambda text: re.sub(r'("aligned@[a-z-]+": )[0-9.]+', r"\g<1>1e999", text),
        lambda text: re.sub(r'("parties": \[\n *)"[A-Z-]+"', r'\1"XX"', text),
        lambda text: re.sub(r'("threats": \[\n *"[a-z]+"\n *\],\n *"firings": \[\n *)[0-9]+', rf"\g<1>{10**30}", text),
    ],
)
def test_a_result_that_is_broken_is_told_in_words(run: Run, spoil: Callable[[str], str]) -> None:
    good = written(run, "good.json", FLOOD)
    text = good.read_text("utf-8")
    bad = Path("bad.json")
    bad.write_text(spoil(text), "utf-8")
    assert bad.read_text("utf-8") != text
    done = run("compare", good, bad)
    assert done.exit_code == 1
    assert "bad.json" in done.stderr
    assert " S051 " in done.stderr
    assert "Traceback" not in done.stderr


def test_what_is_neither_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "nothing.json").touch()
    os.mkfifo(tmp_path / "pipe.json")
    for thing, code in (("empty", "S053"), (folder("rules") / "practice", "S053"), ("nothing.json", "S010"),
                        ("pipe.json", "S003"), ("nowhere", "S001")):  # fmt: skip
        done = run("compare", SPARSE, thing)
        assert (done.exit_code, code in done.stderr) == (1, True), thing


@pytest.mark.parametrize(
    "arguments", [(), (SPARSE,), (SPARSE, FLOOD, OTHER), (SPARSE, "--pack-a", "competence"), ("--pack-b", "practice")]
)
def test_too_few_or_too_many_things_are_wrong_use(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("compare", *arguments).exit_code == 2


def test_packs_do_nothing_to_results(run: Run) -> None:
    one = written(run, "one.json", SPARSE)
    assert run("compare", one, one, "--pack", "practice").exit_code == 2


def shown(run: Run, form: str) -> Result:
    return run("compare", SPARSE, "--pack-a", "competence", "--pack-b", "layered-border", "--format", form)


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_each_format_gives_the_same_bytes_again(run: Run, form: str) -> None:
    once = shown(run, form)
    assert "layered-border/diffuse-by-kind" in once.output
    assert shown(run, form).output == once.output


def test_names_full_of_markup_stay_text_on_the_page(run: Run, written: Callable[..., Path]) -> None:
    path = written(actor="<script>alert(1)</script>", title="<img src=x onerror=alert(2)>")
    page = run("compare", path, "--pack-a", "competence", "--pack-b", "layered-border", "--format", "html").output
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
