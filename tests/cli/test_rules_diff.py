"""`rules diff` tells what a change of rules means, over the scenarios of a project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from repositories import MEMO, PACK, Repository, make_repository, scenario

from policyengine.cli.main import cli

OLD = "HEAD:packs/brigades"
NEW = "packs/brigades"
SETTINGS = "packs/brigades/pack.yaml"
TOWN = "packs/brigades/near/town-is-near.yaml"
REGION = "packs/brigades/strong/region-is-strong.yaml"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    monkeypatch.chdir(tmp_path)
    return make_repository(tmp_path)


def diff(*arguments: str, old: str = OLD, new: str = NEW) -> Result:
    return CliRunner().invoke(cli, ["rules", "diff", old, new, *arguments], prog_name="policyengine")


def data(*arguments: str, old: str = OLD, new: str = NEW) -> dict[str, Any]:
    done = diff("--format", "json", *arguments, old=old, new=new)
    found: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code in (0, 1)
    return found


@pytest.mark.usefixtures("repository")
def test_two_equal_versions_differ_in_nothing() -> None:
    done = diff()
    assert done.exit_code == 0
    assert "Nothing changes in meaning. Nothing changes in 2 scenarios." in done.output
    assert "42 shipped scenarios of another subject" in done.output


def test_only_a_comment_changes_nothing(repository: Repository) -> None:
    repository.change(TOWN, "when:", "# Near means within the hour.\nwhen:")
    assert data()["rules"] == {"added": [], "removed": [], "changed": []}


def test_other_words_for_the_same_are_told_apart(repository: Repository) -> None:
    repository.change(TOWN, "why: The town is near.", "why: The town is close by.")
    repository.change(
        REGION,
        'threat.severity >= param.large and jurisdiction.level == "upper"',
        '(jurisdiction.level == "upper") and (threat.severity >= param.large)',
    )
    found = data()
    assert [each["only_wording"] for each in found["rules"]["changed"]] == [True, True]
    assert (found["unchanged"], found["scenarios"]) == (2, [])
    assert "Only other words or places" in diff().output


def test_a_rule_in_another_theme_means_the_same(repository: Repository) -> None:
    repository.write("packs/brigades/far/town-is-near.yaml", (repository.top / TOWN).read_text("utf-8"))
    (repository.top / TOWN).unlink()
    (change,) = data()["rules"]["changed"]
    assert change == {
        "rule": "brigades/town-is-near",
        "only_wording": True,
        "aspects": [{"aspect": "file", "before": "near/town-is-near.yaml", "after": "far/town-is-near.yaml"}],
    }
    assert diff().exit_code == 0


def test_a_parameter_that_changes_a_lead_is_told_with_parts_that_add_up(repository: Repository) -> None:
    repository.change(SETTINGS, "plenty: {value: 2", "plenty: {value: 1.2")
    done = diff()
    assert done.exit_code == 1
    assert "leads The region → The town" in done.output
    assert "The region: -0.72 = -0.72 brigades/region-is-strong" in done.output
    (change,) = data()["scenarios"]
    (cell,) = change["cells"]
    region, town = cell["standings"]
    assert (region["difference"], region["before"]["score"], region["after"]["score"]) == (
        -720_000,
        1_800_000,
        1_080_000,
    )
    assert [part["difference"] for part in region["parts"]] == [-720_000]
    assert (town["difference"], town["parts"], town["before"]["role"], town["after"]["role"]) == (
        0,
        [],
        "support",
        "lead",
    )


def test_the_parts_of_several_rules_add_up(repository: Repository) -> None:
    repository.change(SETTINGS, "plenty: {value: 2", "plenty: {value: 3.3")
    repository.change(TOWN, "points: 1.5", "points: 1 / 3")
    more = (repository.top / REGION).read_text("utf-8").replace("region-is-strong", "region-is-calm")
    repository.write("packs/brigades/strong/region-is-calm.yaml", more.replace("param.plenty *", "-0.7 *"))
    found = data()
    assert found["rules"]["added"] == ["brigades/region-is-calm"]
    standings = [each for change in found["scenarios"] for cell in change["cells"] for each in cell["standings"]]
    assert max(len(each["parts"]) for each in standings) == 2
    for each in standings:
        before, after = ((side or {"score": 0})["score"] for side in (each["before"], each["after"]))
        assert sum(part["difference"] for part in each["parts"]) == each["difference"] == after - before


def test_the_largest_change_comes_first(repository: Repository) -> None:
    repository.write("scenarios/medium.yaml", scenario("medium", 0.6))
    repository.change(REGION, "param.plenty * threat.severity", "4 * threat.severity")
    found = data()
    assert [change["scenario"] for change in found["scenarios"]] == ["scenarios/medium.yaml", "scenarios/large.yaml"]
    assert [change["leads_changed"] for change in found["scenarios"]] == [1, 0]


def test_a_change_without_other_leads_ends_well(repository: Repository) -> None:
    repository.change(TOWN, "points: 1.5", "points: 1.4")
    done = diff()
    assert done.exit_code == 0
    assert "points: score quench: 1.5 → score quench: 1.4" in done.output
    assert "no lead changes" in done.output


def test_firings_that_appear_and_vanish_are_counted_by_rule(repository: Repository) -> None:
    repository.change(REGION, 'jurisdiction.level == "upper"', 'jurisdiction.level == "lower"')
    (firing,) = data()["firings"]
    assert firing == {"rule": "brigades/region-is-strong", "appear": 1, "vanish": 1, "differ": 0, "scenarios": 1}


def test_models_that_rank_otherwise_are_told(repository: Repository) -> None:
    repository.change(TOWN, "favour: town_first\n    points: 1", "favour: region_first\n    points: 0.25")
    (large, small) = data()["scenarios"]
    assert large["cells"] == small["cells"] == []
    assert [(each["model"], each["difference"]) for each in large["models"]] == [
        ("town_first", -1_000_000),
        ("region_first", 250_000),
    ]
    assert "model town first: rank 1 → rank 2; points 1 → 0, -1 = -1 brigades/town-is-near" in " ".join(
        diff().output.split()
    )


def test_a_pack_under_another_name_keeps_its_rules(repository: Repository) -> None:
    for path in sorted((repository.top / "packs/brigades").rglob("*.yaml")):
        text = path.read_text("utf-8").replace("pack: brigades", "pack: firefighters")
        repository.write(str(path.relative_to(repository.top)).replace("brigades", "firefighters"), text)
    found = data(new="packs/firefighters")
    assert found["rules"] == {"added": [], "removed": [], "changed": []}
    assert (found["parameters"], found["scenarios"], found["unchanged"]) == ([], [], 2)
    assert found["packs"] == [{"pack": "firefighters", "aspect": "name", "before": "brigades", "after": "firefighters"}]


def test_another_pack_is_no_new_name_of_the_old_one(repository: Repository) -> None:
    repository.write("packs/others/pack.yaml", PACK.replace("pack: brigades", "pack: others"))
    repository.write("packs/others/seeds/memo.yaml", MEMO)
    text = (repository.top / TOWN).read_text("utf-8")
    repository.write("packs/others/near/people-help.yaml", text.replace("town-is-near", "people-help"))
    found = data(new="packs/others")
    assert (found["rules"]["added"], len(found["rules"]["removed"])) == (["others/people-help"], 2)
    assert {(each["pack"], each["aspect"]) for each in found["packs"]} == {
        ("brigades", "taking part"),
        ("others", "taking part"),
    }


def test_a_scenario_that_cannot_be_read_any_more_is_named_with_the_reason(repository: Repository) -> None:
    repository.write("scenarios/haze.yaml", scenario("haze", 0.4, kind="smoke"))
    repository.change("packs/places/pack.yaml", ", smoke: {means: Smoke}", "")
    done = diff()
    assert done.exit_code == 1
    said = " ".join(done.output.split())
    assert 'scenarios/haze.yaml cannot be read under the newer: "smoke" is not a known threat kind in line 9' in said
    assert "threat kinds: smoke removed" in done.output
    assert data()["vocabulary"][0]["kind"] == "removed"


def test_a_changed_vocabulary_is_no_change_of_the_rules_that_use_it(repository: Repository) -> None:
    repository.change("packs/places/pack.yaml", "lower: {means: Lower}", "lower: {means: Lower}, third: {means: Third}")
    found = data()
    assert found["rules"]["changed"] == []
    assert [(each["section"], each["word"], each["kind"]) for each in found["vocabulary"]] == [
        ("levels", "third", "added")
    ]


def test_a_parameter_of_another_pack_under_the_same_name_is_a_change(repository: Repository) -> None:
    repository.write("packs/places/pack.yaml", (repository.top / "packs/places/pack.yaml").read_text("utf-8"))
    line = "  large: {value: 0.5, low: 0.1, high: 0.9, means: Severity from which a fire is large}\n"
    repository.change(SETTINGS, line, "")
    repository.change("packs/places/pack.yaml", "summary:", f"parameters:\n{line}summary:")
    (change,) = data()["rules"]["changed"]
    (aspect,) = change["aspects"]
    assert aspect["aspect"] == "condition"
    assert aspect["before"].endswith("(with param.large@brigades)")
    assert aspect["after"].endswith("(with param.large@places)")


def test_a_rule_that_an_added_pack_switches_off_is_no_rule_removed(repository: Repository) -> None:
    switch = "switch_off:\n  brigades/town-is-near: Doubtful.\n"
    own = PACK.replace("pack: brigades", "pack: mine").replace("[places]", "[brigades]").partition("parameters:")[0]
    repository.write("packs/mine/pack.yaml", own)
    repository.write("packs/mine/seeds/memo.yaml", MEMO)
    repository.commit()
    repository.write("packs/mine/pack.yaml", own + switch)
    found = data(old="HEAD:packs/mine", new="packs/mine")
    (change,) = found["rules"]["changed"]
    assert [each["aspect"] for each in change["aspects"]] == ["switched off"]


@pytest.mark.parametrize("added", ["packs/mine", "./packs/mine", "mine"])
def test_a_pack_that_extends_the_compared_one_is_taken_from_beside_each_version(
    repository: Repository, added: str
) -> None:
    own = PACK.replace("pack: brigades", "pack: mine").replace("[places]", "[brigades]").partition("parameters:")[0]
    repository.write("packs/mine/pack.yaml", own)
    repository.write("packs/mine/seeds/memo.yaml", MEMO)
    repository.commit()
    repository.change(TOWN, "points: 1.5", "points: 0.1")
    done = diff("--pack", added)
    assert "P506" not in done.output
    assert "brigades/town-is-near" in done.output


def test_only_the_scenarios_that_are_named_are_compared(repository: Repository) -> None:
    repository.change(TOWN, "points: 1.5", "points: 1.4")
    found = data("--scenarios", "scenarios/small.yaml")
    assert ([change["scenario"] for change in found["scenarios"]], found["not_compared"]) == (
        ["scenarios/small.yaml"],
        [],
    )


@pytest.mark.usefixtures("repository")
def test_a_scenario_that_is_named_and_missing_or_broken_is_bad_input(tmp_path: Path) -> None:
    missing = diff("--scenarios", "nowhere.yaml")
    assert (missing.exit_code, "nowhere.yaml: S001" in missing.stderr) == (1, True)
    (tmp_path / "empty.yaml").touch()
    empty = diff("--scenarios", "empty.yaml")
    assert (empty.exit_code, "empty.yaml cannot be read under both" in empty.stdout) == (1, True)


def test_mistakes_of_an_old_version_are_told_where_they_stood(repository: Repository) -> None:
    repository.change(TOWN, "jurisdiction.level", "jurisdiction.levle")
    repository.commit()
    done = diff(old="HEAD:packs/brigades", new="HEAD~1:packs/brigades")
    assert done.exit_code == 1
    assert done.stderr.startswith("HEAD:packs/brigades/near/town-is-near.yaml:5:20: L203")


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize("revision", ["--output=x", "-x", "HEAD;rm"])
def test_hostile_revisions_do_nothing(revision: str, tmp_path: Path) -> None:
    done = diff("--", old=f"{revision}:packs/brigades") if revision == "HEAD;rm" else _after_dashes(revision)
    assert done.exit_code == 1
    assert "cannot be a git revision" in done.stderr
    assert not (tmp_path / "x").exists()


def _after_dashes(revision: str) -> Result:
    return CliRunner().invoke(cli, ["rules", "diff", "--", f"{revision}:packs/brigades", NEW])


@pytest.mark.usefixtures("repository")
def test_a_version_that_begins_with_a_dash_is_wrong_use() -> None:
    assert diff(old="--output=x").exit_code == 2


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_each_format_gives_the_same_bytes_again(repository: Repository, form: str) -> None:
    repository.change(TOWN, "points: 1.5", "points: 1.4")
    once = diff("--format", form)
    assert once.exit_code == 0
    assert "brigades/town-is-near" in once.output
    assert diff("--format", form).output == once.output


def test_a_default_pack_is_evaluated_among_the_default_packs(run: Any) -> None:
    done = run("rules", "diff", "practice", "practice", "--format", "json", "--scenarios", "sparse-new-threat")
    assert json.loads(done.output)["unchanged"] == 1
