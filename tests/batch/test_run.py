"""What a batch writes, what it keeps, and what it says of bad files."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from batch.conftest import FIRE, HARBOUR, Batch, a_fire, manifest, tree

from policyengine.batch.tidy.forms import FORMS
from policyengine.batch.writers import ROWS, WRITERS
from policyengine.cli.batch import FORMATS
from policyengine.version import VERSION

OUT = Path("out")
ALL = ["d", "e", "one/a", "one/b", "two/a", "two/deep/c"]
BAD = "scenario: bad\ntitle: Bad\nshows: x\nthreats: [{id: t, name: T, kind: ship_fire, severity: 1.4}]\n"


def read(name: str) -> Any:
    return json.loads((OUT / name).read_text("utf-8"))


def forget(name: str) -> None:
    """Change a result, so that whoever evaluates it again is seen."""
    path = OUT / "results" / name
    path.write_text(path.read_text("utf-8") + " ", "utf-8")


def test_each_scenario_gets_a_file_in_each_format_and_all_get_an_index(batch: Batch) -> None:
    shown = batch("in", "--format", "html,json", "--format", "markdown")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout == "6 scenarios evaluated. Open out/index.html\n"
    assert sorted(path.name for path in OUT.iterdir()) == [
        "errors.json", "index.html", "manifest.json", "results", "results.jsonl", "timing.json"
    ]  # fmt: skip
    found = {str(path.relative_to(OUT / "results")) for path in (OUT / "results").rglob("*") if path.is_file()}
    assert found == {f"{name}{ending}" for name in ALL for ending in (".html", ".json", ".md")}


def test_results_are_those_of_evaluate(batch: Batch) -> None:
    from click.testing import CliRunner

    from policyengine.cli.main import cli

    batch("in", "--format", "html,json,markdown", "--engine", "reference")
    for form, ending in (("json", ".json"), ("html", ".html"), ("markdown", ".md")):
        alone = CliRunner().invoke(
            cli, ["evaluate", "in/one/a.yaml", "--pack", str(HARBOUR), "--engine", "reference", "--format", form]
        )
        assert (OUT / "results" / f"one/a{ending}").read_text("utf-8") == alone.stdout


def test_the_manifest_records_what_went_in_and_what_came_out(batch: Batch) -> None:
    batch("in", "--engine", "reference")
    found = read("manifest.json")
    assert (found["engine"], found["packs"], found["formats"]) == ("reference", [str(HARBOUR)], ["html", "json"])
    assert (found["versions"]["policyengine"], found["seed"]) == (VERSION, None)
    assert found["counts"] == {"good": 6, "bad": 0, "planned": 0}
    assert [file["name"] for file in found["files"]] == ALL
    for file in found["files"]:
        assert file["sha256"] == hashlib.sha256(Path(file["source"]).read_bytes()).hexdigest()
        for name, sha256 in file["files"].items():
            assert sha256 == hashlib.sha256((OUT / name).read_bytes()).hexdigest()
    assert read("timing.json")["seconds"] > 0


def test_two_runs_give_the_same_bytes(batch: Batch) -> None:
    batch()
    before = tree(OUT)
    batch()
    assert tree(OUT) == before
    shutil.rmtree(OUT)
    batch("in", "--workers", "1")
    assert tree(OUT) == before


def test_a_bad_file_is_told_of_with_its_place_and_the_others_go_on(batch: Batch, fires: Path) -> None:
    (fires / "bad.yaml").write_text(BAD, "utf-8")
    shown = batch("in", "nowhere.yaml")
    assert shown.exit_code == 1
    assert "6 scenarios evaluated, 2 with problems: see out/errors.json" in shown.stdout
    assert "in/bad.yaml:4:55: N105" in shown.stderr or "in/bad.yaml:" in shown.stderr
    errors = {error["source"]: error["problems"] for error in read("errors.json")}
    assert errors.keys() == {"in/bad.yaml", "nowhere.yaml"}
    (range_problem,) = [each for each in errors["in/bad.yaml"] if each["code"] == "N105"]
    line, column = range_problem["line"], range_problem["column"]
    assert BAD.splitlines()[line - 1][column - 1 :].startswith("1.4")
    assert [each["code"] for each in errors["nowhere.yaml"]] == ["S001"]
    page = (OUT / "index.html").read_text("utf-8")
    assert f"{line}:{column} N105" in page
    assert manifest(OUT)["in/bad"] == "bad"


def test_fail_fast_stops_at_the_first_bad_file(batch: Batch, fires: Path) -> None:
    (fires / "a-bad.yaml").write_text(BAD, "utf-8")
    shown = batch("in", "--fail-fast", "--workers", "1")
    assert shown.exit_code == 1
    assert manifest(OUT) == {"a-bad": "bad", **dict.fromkeys(ALL, "planned")}
    assert "6 not begun" in shown.stdout
    (fires / "a-bad.yaml").unlink()
    assert batch("in", "--resume").exit_code == 0
    assert manifest(OUT) == dict.fromkeys(ALL, "good")


def test_a_file_may_name_its_packs(batch: Batch, fires: Path) -> None:
    (fires / "d.yaml").write_text(f"{FIRE}packs: [no-such-pack]\n", "utf-8")
    assert batch("in/d.yaml", pack=None).exit_code == 1
    assert "no-such-pack" in str(read("errors.json"))


def test_the_formats_offered_are_those_that_there_are() -> None:
    assert (*(form for form in WRITERS if form != ROWS), *FORMS) == FORMATS


def test_an_unknown_format_is_wrong_use(batch: Batch) -> None:
    shown = batch("in", "--format", "htlm")
    assert shown.exit_code == 2
    assert "did you mean 'html'?" in shown.stderr


class TestResume:
    """What `--resume` keeps, and what it evaluates again."""

    def test_nothing_is_done_twice(self, batch: Batch) -> None:
        batch()
        before = tree(OUT)
        shown = batch("in", "--resume")
        assert "6 scenarios evaluated, 6 of them kept from before" in shown.stdout
        assert tree(OUT) == before

    def test_what_is_missing_or_damaged_is_made_again(self, batch: Batch) -> None:
        batch()
        before = tree(OUT)
        (OUT / "results" / "d.json").unlink()
        forget("one/a.html")
        assert "4 of them kept" in batch("in", "--resume").stdout
        assert tree(OUT) == before

    def test_a_changed_scenario_is_evaluated_again(self, batch: Batch, fires: Path) -> None:
        batch()
        (fires / "d.yaml").write_text(a_fire("fire-new", 0.9), "utf-8")
        assert "5 of them kept" in batch("in", "--resume").stdout
        assert read("results/d.json")["scenario"]["id"] == "fire-new"

    def test_changed_packs_mean_all_over_again(self, batch: Batch, tmp_path: Path) -> None:
        pack = tmp_path / "harbour"
        shutil.copytree(HARBOUR, pack)
        batch("in", pack=pack)
        file = pack / "pack.yaml"
        file.write_text(file.read_text("utf-8").replace("{value: 2, low: 1", "{value: 3, low: 1"), "utf-8")
        assert "kept" not in batch("in", "--resume", pack=pack).stdout
        assert read("results/d.json")["parameters"]["reach_of_hoses@harbour"] == 3

    def test_another_engine_means_all_over_again(self, batch: Batch) -> None:
        batch()
        assert "kept" not in batch("in", "--resume", "--engine", "reference").stdout

    def test_a_new_file_is_added_and_one_that_is_gone_leaves_nothing(self, batch: Batch, fires: Path) -> None:
        batch()
        (fires / "f.yaml").write_text(a_fire("fire-f"), "utf-8")
        shutil.rmtree(fires / "two")
        assert "4 of them kept" in batch("in", "--resume").stdout
        resumed = tree(OUT)
        shutil.rmtree(OUT)
        batch()
        assert tree(OUT) == resumed

    def test_fewer_formats_leave_nothing_of_the_others(self, batch: Batch) -> None:
        batch("in", "--format", "html,json,markdown")
        assert "6 of them kept" in batch("in", "--format", "json", "--resume").stdout
        resumed = tree(OUT)
        shutil.rmtree(OUT)
        batch("in", "--format", "json")
        assert tree(OUT) == resumed

    @pytest.mark.parametrize(
        ("before", "after"), [("html", "html,json"), ("html", "markdown"), ("html,json", "html,json,csv")]
    )
    def test_formats_that_are_not_there_are_written(self, batch: Batch, before: str, after: str) -> None:
        batch("in", "--format", before)
        assert "kept" not in batch("in", "--format", after, "--resume").stdout
        resumed = tree(OUT)
        shutil.rmtree(OUT)
        batch("in", "--format", after)
        assert tree(OUT) == resumed

    def test_a_record_without_a_hash_is_not_taken_on_trust(self, batch: Batch) -> None:
        batch()
        before = tree(OUT)
        lines = [json.loads(line) for line in (OUT / "results.jsonl").read_text("utf-8").splitlines()]
        for record in lines:
            record["files"] = dict.fromkeys(record["files"], "")
            for name in record["files"]:
                (OUT / name).unlink()
        (OUT / "results.jsonl").write_text("".join(json.dumps(record) + "\n" for record in lines), "utf-8")
        assert "kept" not in batch("in", "--resume").stdout
        assert tree(OUT) == before

    def test_records_of_a_stranger_delete_nothing_outside_the_results(self, batch: Batch, tmp_path: Path) -> None:
        batch()
        precious = tmp_path / "precious.txt"
        precious.write_text("mine", "utf-8")
        names = ["../precious.txt", str(precious), "results/../../precious.txt", "results/../index.html"]
        lines = [json.dumps({"name": name, "files": {name: ""}, "status": "good"}) for name in names]
        with (OUT / "results.jsonl").open("a") as file:
            file.write("\n".join([*lines, "{", "[]", '{"name": 3}', "null"]))
        assert batch("in", "--resume").exit_code == 0
        assert precious.read_text("utf-8") == "mine"

    def test_a_file_of_mine_among_the_results_stays(self, batch: Batch) -> None:
        batch()
        (OUT / "results" / "notes.txt").write_text("mine", "utf-8")
        batch("in", "--resume")
        assert (OUT / "results" / "notes.txt").read_text("utf-8") == "mine"


def test_a_folder_of_other_things_is_left_alone(batch: Batch) -> None:
    OUT.mkdir()
    (OUT / "thesis.doc").write_text("mine", "utf-8")
    shown = batch()
    assert shown.exit_code == 1
    assert "holds files that no batch made" in shown.stderr
    assert [path.name for path in OUT.iterdir()] == ["thesis.doc"]


@pytest.mark.parametrize(("out", "named"), [("/proc/nothing/here", "'/proc/nothing'"), ("in/d.yaml", "'in/d.yaml'")])
def test_a_folder_that_cannot_be_written_is_said_plainly(batch: Batch, out: str, named: str) -> None:
    shown = batch("in", "--out", out)
    assert shown.exit_code in (1, 2)
    assert "Traceback" not in shown.output
    assert len(shown.stderr.strip().splitlines()) <= 4
    assert named in shown.stderr


def test_of_a_bad_file_the_first_problem_stands_on_the_terminal_with_what_to_do_and_how_many_more(
    fires: Path, batch: Batch
) -> None:
    worse = a_fire("worse").replace("severity: 0.8", "severity: 8").replace("kind:", "kinds:")
    (fires / "worse.yaml").write_text(worse, "utf-8")
    shown = batch("in/worse.yaml")
    (error,) = read("errors.json")
    first, *others = error["problems"]
    assert others
    where = f"in/worse.yaml:{first['line']}:{first['column']}"
    told = f"{where}: {first['code']} {first['message']}\n  hint: {first['hint']}\n"
    assert f"{told}  (and {len(others)} more, see errors.json)\n" in shown.stderr
