"""Decision tables, as the user of the commands meets them: rows are rules, and a table can be shown as a whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from cli.conftest import ROOT, Run

from policyengine.engines.interface import ENGINES

WATER = ROOT / "docs" / "examples" / "water"
SPILL = ROOT / "docs" / "examples" / "water-spill.yaml"


def test_the_tables_of_the_docs_are_clean_and_pass(run: Run) -> None:
    assert run("rules", "check", WATER).output == "8 rules checked: nothing found\n"
    shown = run("rules", "test", WATER)
    assert shown.exit_code == 0, shown.output
    assert "water/give-notice ...." in shown.output


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_takes_rows_for_rules(run: Run, engine: str) -> None:
    shown = run("evaluate", SPILL, "--pack", WATER, "--engine", engine, "--format", "json")
    assert {firing["rule"] for firing in json.loads(shown.output)["firings"]} == {
        "water/give-notice-wide-spill", "water/bring-water-tankers", "water/bring-water-state-helps",
    }  # fmt: skip


def test_reasons_name_the_row(run: Run) -> None:
    assert "+2 water/give-notice-wide-spill (normative)" in run("explain", SPILL, "--pack", WATER).output


def test_a_table_is_shown_with_all_its_rows_and_examples(run: Run) -> None:
    shown = run("rules", "show", "give-notice", "--pack", WATER)
    assert shown.exit_code == 0
    for part in ("5 rows", "• small-spill [water/give-notice-small-spill]", "row germs fires", "undecided",
                 "main = 2 points", "water-plan/notices: The health office"):  # fmt: skip
        assert part in shown.output
    data = json.loads(run("rules", "show", "water/bring-water", "--pack", WATER, "--format", "json").output)
    assert [row["row"] for row in data["rows"]] == ["bottles", "tankers", "state-helps"]


def test_a_table_is_shown_with_where_its_rows_fire(run: Run, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    shutil.copy(SPILL, tmp_path / "scenarios")
    shown = run("rules", "show", "give-notice", "--pack", WATER).output
    assert "Where it fires" in shown
    assert "• wide-spill\n  - water-spill: fires for" in shown
    assert "• germs: silent in 1 scenario" in shown
    data = json.loads(run("rules", "show", "give-notice", "--pack", WATER, "--format", "json").output)
    assert [len(row["occurrences"]) for row in data["rows"]] == [1] * 5


def test_a_row_is_shown_as_the_rule_that_it_is(run: Run) -> None:
    shown = run("rules", "show", "bring-water-tankers", "--pack", WATER)
    assert "row tankers of bring-water" in shown.output
    data = json.loads(run("rules", "show", "bring-water-tankers", "--pack", WATER, "--format", "json").output)
    assert (data["table"], data["row"], len(data["examples"]["fires"])) == ("bring-water", "tankers", 1)
    assert [row["row"] for row in json.loads(run("rules", "list", "--pack", WATER, "--format", "json").output)][:2] == [
        "bottles", "state-helps",
    ]  # fmt: skip
