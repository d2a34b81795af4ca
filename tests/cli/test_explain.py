"""`policyengine explain`."""

from __future__ import annotations

import json

import pytest
from cli.conftest import Run, Write

SCENARIO = "trafficking-quebec-vermont"


def test_without_options_the_leads_are_explained(run: Run) -> None:
    text = run("explain", SCENARIO).stdout
    assert text.startswith("Why: Human trafficking between Québec and Vermont (2010)")
    assert "because:" in text
    assert "Why not the others" not in text


@pytest.mark.parametrize("options", [("--layer", "intelligence"), ("--threat", "trafficking")])
def test_a_layer_or_a_threat_also_tells_why_not_the_others(run: Run, options: tuple[str, str]) -> None:
    shown = run("explain", SCENARIO, *options)
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert "Why not the others" in shown.stdout


def test_a_jurisdiction_is_told_everything(run: Run) -> None:
    text = run("explain", SCENARIO, "--jurisdiction", "US", "--layer", "intelligence").stdout
    assert "Rules that count here:" in text
    assert "Rules that might have given points and did not:" in text
    assert "for jurisdictions of another level or side" in text


def test_json_holds_the_reasons(run: Run) -> None:
    data = json.loads(run("explain", SCENARIO, "--jurisdiction", "US-VT", "--format", "json").stdout)
    assert {why["standing"]["jurisdiction"] for why in data["whys"]} == {"US-VT"}
    assert data["result"]["scenario"]["id"] == SCENARIO


@pytest.mark.parametrize(
    ("option", "name", "near"),
    [
        ("--threat", "traficking", "did you mean 'trafficking'?"),
        ("--layer", "inteligence", "did you mean 'intelligence'?"),
        ("--jurisdiction", "US-VY", "did you mean 'US-VT'?"),
        ("--layer", "zzz", "known here: "),
    ],
)
def test_an_unknown_name_is_one_clear_error(run: Run, option: str, name: str, near: str) -> None:
    shown = run("explain", SCENARIO, option, name)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert f"policyengine: {option}: there is no '{name}' here; {near}" in shown.stderr


def test_a_bad_file_is_told_as_everywhere(run: Run, written: Write) -> None:
    shown = run("explain", written(level="level: realm").name)
    assert shown.exit_code == 1
    assert '"realm"' in shown.stderr
