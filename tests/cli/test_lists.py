"""`policyengine claims`, `rules`, `scenarios` and `result-schema`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli.conftest import ROOT, Run
from click.testing import Result
from conftest import SCENARIOS


def test_claims_are_listed_with_what_carries_them(run: Run) -> None:
    shown = run("claims", "--source", "sharing-the-burden")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "carried by layered-border/provinces-tackle-diffuse-threats" in " ".join(shown.stdout.split())
    assert "counter-literature" not in shown.stdout


def test_claims_that_nothing_carries_are_data_too(run: Run) -> None:
    data = json.loads(run("claims", "--uncarried", "--format", "json").stdout)
    assert data
    assert all(claim["rules"] == claim["parameters"] == [] and claim["excuse"] for claim in data)


def test_an_unknown_source_gets_the_near_name(run: Run) -> None:
    shown = run("claims", "--source", "sharing-the-burdn")
    assert shown.exit_code == 2
    assert "did you mean 'sharing-the-burden'?" in shown.stderr


@pytest.fixture
def a_register(tmp_path: Path) -> Path:
    """A pack with a register of two statements; gives its folder."""
    from policyengine.rulebook.verification import fingerprint

    pack = tmp_path / "pack"
    (pack / "seeds").mkdir(parents=True)
    (pack / "pack.yaml").write_text(
        "pack: pack\ntitle: T\nversion: 1.0.0\nrole: opinion\nsummary: S\nsources: [source]\n", "utf-8"
    )
    claims = "".join(
        f"  - {{claim: c{n}, heading: Head, position: {n}, kind: claim, polarity: asserted, paraphrase: P, excuse: E, "
        f"fingerprint: {fingerprint(text)}}}\n"
        for n, text in ((1, "One thing is so"), (2, "Another is so"))
    )
    (pack / "seeds" / "source.yaml").write_text(
        f"source: source\ntitle: T\nauthors: [A]\nseen: whole\nclaims:\n{claims}", "utf-8"
    )
    return pack


def verify(run: Run, pack: Path, text: str | bytes, *more: str) -> Result:
    copy = pack.parent / "copy.txt"
    copy.write_bytes(text.encode() if isinstance(text, str) else text)
    return run("claims", "verify", "--text", copy, "--pack", pack, *more)


def test_a_copy_that_says_what_was_recorded_is_good(run: Run, a_register: Path) -> None:
    shown = verify(run, a_register, "Head\n• One thing is so\n\f• Another is so.\n")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "Register and copy agree." in shown.stdout


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Head\nOne thing is not so\nAnother is so", "Changed"),
        ("Head\nSomething\nOne thing is so\nAnother is so", "Covered by no claim"),
        ("Head\nOne thing is so", "Missing"),
        ("Head\nAnother is so\nOne thing is so", "Moved"),
    ],
)
def test_a_copy_that_says_something_else_is_a_finding(run: Run, a_register: Path, text: str, word: str) -> None:
    shown = verify(run, a_register, text)
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert word in shown.stdout


def test_findings_are_data_too(run: Run, a_register: Path) -> None:
    data = json.loads(verify(run, a_register, "Head\nOne thing is so", "--format", "json").stdout)
    assert [(each["claim"], each["outcome"]) for each in data] == [("c1", "found as recorded"), ("c2", "missing")]


def test_a_copy_that_is_no_text_is_refused(run: Run, a_register: Path) -> None:
    shown = verify(run, a_register, b"\xff\xfe\x00")
    assert shown.exit_code == 1
    assert "S008" in shown.stderr
    assert run("claims", "verify", "--text", "nowhere.txt").exit_code == 1


def test_where_no_wording_was_recorded_the_source_has_to_be_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_text("x", "utf-8")
    shown = run("claims", "verify", "--text", "copy.txt", "--pack", ROOT / "docs" / "examples" / "harbour")
    assert shown.exit_code == 2
    assert "--source is needed: the wording of 0 sources was recorded" in shown.stderr


def test_rules_are_listed_by_pack(run: Run) -> None:
    data = json.loads(run("rules", "list", "--pack", "counter-claims", "--format", "json").stdout)
    assert {rule["pack"] for rule in data} == {"competence", "counter-claims"}
    assert all(rule["claims"] and rule["effects"] for rule in data)
    assert "spillover-inside-a-country" in run("rules", "list").stdout


@pytest.mark.parametrize("name", ["spillover-inside-a-country", "counter-claims/spillover-inside-a-country"])
def test_a_rule_is_shown_by_its_name_with_or_without_its_pack(run: Run, name: str) -> None:
    shown = run("rules", "show", name)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("counter-claims/spillover-inside-a-country\n")
    assert json.loads(run("rules", "show", name, "--format", "json").stdout)["rule"] == "spillover-inside-a-country"


@pytest.mark.parametrize("name", ["spillover-inside-a-contry", "counter-claims/spillover-inside-a-contry"])
def test_an_unknown_rule_gets_the_near_name(run: Run, name: str) -> None:
    shown = run("rules", "show", name)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "spillover-inside-a-country'?" in shown.stderr


def test_the_shipped_scenarios_are_listed(run: Run) -> None:
    data = json.loads(run("scenarios", "list", "--format", "json").stdout)
    assert [each["scenario"] for each in data] == [path.stem for path in SCENARIOS]
    assert all(each["title"] and each["shows"] for each in data)
    text = run("scenarios", "list").stdout
    assert all(each["scenario"] in text for each in data)


def test_the_schema_is_that_of_the_file(run: Run) -> None:
    assert run("result-schema").stdout == (ROOT / "docs" / "result.schema.json").read_text("utf-8")


def test_a_rule_is_shown_in_plain_english_and_where_it_fires(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scenarios").symlink_to(ROOT / "scenarios")
    shown = " ".join(run("rules", "show", "spillover-inside-a-country").stdout.split())
    assert "- the threat's spillover is at least high spillover (0.5)" in shown
    assert "that is: moderate (2) times the threat's spillover" in shown
    assert shown.count("• trafficking-quebec-vermont: fires for trafficking and CA, trafficking and US") == 1
    assert "It is silent in" in shown


def test_a_rule_about_another_subject_has_no_shipped_scenarios(run: Run) -> None:
    pack = ROOT / "docs" / "examples" / "harbour"
    shown = run("rules", "show", "boats-for-large-fires", "--pack", pack)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "Where it fires" not in shown.stdout


def test_in_a_project_its_own_rules_are_listed_and_shown(run: Run) -> None:
    assert run("init", ".", "--pack", "smoke").exit_code == 0
    assert "smoke: 1 rule" in run("rules", "list").stdout
    assert run("rules", "show", "who-can-act-leads").stdout.startswith("smoke/who-can-act-leads\n")


def test_packs_about_different_subjects_are_listed_and_shown_from_one_folder(run: Run, tmp_path: Path) -> None:
    for name in ("cookbook", "harbour", "water"):  # two of them declare the word 'town'
        shutil.copytree(ROOT / "docs" / "examples" / name, tmp_path / name)
    listed = run("rules", "list")
    assert listed.exit_code == 0, listed.output
    for part in ("cookbook: 12 rules", "harbour: 3 rules", "water: 8 rules"):
        assert part in listed.output
    assert "boats-for-large-fires" in run("rules", "show", "boats-for-large-fires").output
    assert "5 rows" in run("rules", "show", "give-notice").output
    assert run("rules", "graph").exit_code == 0
