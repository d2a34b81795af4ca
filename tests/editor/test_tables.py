"""Decision tables in the editor: what is wrong as one types, in both files, and what a cell means."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from editor.test_answers import defined, offered, shown

from policyengine.editor.desk import Desk
from policyengine.editor.outline import outline

WATER = Path(__file__).parents[2] / "docs" / "examples" / "water"
INLINE, BESIDE, CSV = (Path("rules") / name for name in ("give-notice.yaml", "bring-water.yaml", "bring-water.csv"))


@pytest.fixture
def water(tmp_path: Path) -> Path:
    return Path(shutil.copytree(WATER, tmp_path / "water"))


def told(pack: Path, changed: Path, old: str, new: str) -> dict[str, list[str]]:
    """What is wrong in each file while one of them is changed and not saved."""
    desk = Desk()
    for name in (INLINE, BESIDE, CSV):
        desk.put(pack / name, (pack / name).read_text("utf-8"))
    text = (pack / changed).read_text("utf-8")
    assert old in text
    desk.put(pack / changed, text.replace(old, new, 1))
    found = desk.problems()
    return {
        path.name: [f"{each.span.line}:{each.span.column} {each.code}" for each in all_ if each.span]
        for path, all_ in found.items()
        if all_
    }


def test_tables_without_mistakes_are_left_alone(water: Path) -> None:
    assert told(water, INLINE, "germs", "germs") == {}


@pytest.mark.parametrize(
    ("changed", "old", "new", "expected"),
    [
        (INLINE, "spill, < param.wide", "spll, < param.wide", {"give-notice.yaml": ["10:21 L205"]}),
        (INLINE, "score notice]", "scor notice]", {"give-notice.yaml": ["6:69 P603"]}),
        (INLINE, "why:", "wy:", {"give-notice.yaml": ["4:1 P102"]}),
        (BESIDE, "column.points", "column.pionts", {"bring-water.yaml": ["7:3 P603"]}),
        (BESIDE, "bring-water.csv", "bring-water.cvs", {"bring-water.yaml": ["5:8 P602"]}),
        (CSV, "spill", "spll", {"bring-water.csv": ["4:13 L205"]}),
    ],
)
def test_a_mistake_is_told_in_its_file_before_it_is_saved(
    water: Path, changed: Path, old: str, new: str, expected: dict[str, list[str]]
) -> None:
    assert told(water, changed, old, new) == expected


def test_a_gap_and_an_overlap_of_a_table_are_told_as_one_types(water: Path) -> None:
    found = told(water, CSV, "tankers,,>= param.wide,county", "tankers,,-,utility")
    assert "3:1 R209" in found["bring-water.csv"]


HEAD = "rule: new\nnature: normative\ntable:\n  columns: [case, threat.severity, score notice]\n  rows:\n"


def test_a_cell_is_an_expression_of_the_language(water: Path) -> None:
    path = water / "rules" / "new.yaml"
    assert "wide" in offered(f"{HEAD}    - [a, < param.|>", path)
    assert shown(f"{HEAD}    - [a, < param.wi|>de, 1]\n", path).startswith("param.wide: a number from 0.3 to 0.7")
    assert defined(f"{HEAD}    - [a, < param.wi|>de, 1]\n", path) == "water/pack.yaml wide"
    assert shown(f"{HEAD.replace('threat.sev', 'threat.se|>v')}    - [a, 1, 1]\n", path).startswith("threat.severity: ")


def test_the_outline_lists_the_rows() -> None:
    (table,) = (entry for entry in outline(WATER / INLINE) if entry.name == "table")
    assert [row.name for row in table.inner] == ["germs", "lead", "small-spill", "wide-spill", "laboratory"]
