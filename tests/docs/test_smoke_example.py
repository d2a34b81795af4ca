"""The example project on wildfire smoke stands alone: checked, tested and evaluated without any shipped pack."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from policyengine import shipped
from policyengine.engines.interface import ENGINES
from policyengine.rulebook.loading import load_rulebook, shipped_packs

ROOT = Path(__file__).parent.parent.parent
SMOKE = ROOT / "docs" / "examples" / "smoke"
PACKS = ["close-to-home", "one-command", "smoke-law"]
SCENARIOS = sorted(SMOKE.glob("scenarios/*.yaml"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, far from the repository."""
    return shutil.copytree(SMOKE, tmp_path_factory.mktemp("far") / "smoke")


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "policyengine", *arguments]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)


def test_nothing_is_wrong_or_doubtful_in_it(project: Path) -> None:
    checked = run(project, "rules", "check")
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "20 rules checked: nothing found\n", "")


def test_all_its_tests_pass_and_reach_every_branch(project: Path) -> None:
    tested = run(project, "rules", "test", "--coverage", "--coverage-min", "100")
    assert (tested.returncode, tested.stderr) == (0, "")
    assert re.search(r"^100 % of branches \((\d+) of \1\); 0 rules never fired\.$", tested.stdout, re.MULTILINE)
    assert tested.stdout.endswith(" passed, 0 failed\n")


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_all_engines_give_the_same_result_and_only_its_own_packs_run(path: Path, project: Path) -> None:
    results = [the_result(project, path, engine) for engine in ENGINES]
    assert [result.pop("engine")["name"] for result in results] == list(ENGINES)
    assert all(result == results[0] for result in results)
    assert sorted(pack["id"] for pack in results[0]["packs"]) == PACKS


def the_result(project: Path, path: Path, engine: str) -> Any:
    done = run(project, "evaluate", f"scenarios/{path.name}", "--engine", engine, "--format", "json")
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


def test_it_needs_no_shipped_pack_and_no_shipped_source() -> None:
    rulebook = load_rulebook([SMOKE / name for name in PACKS])
    assert {pack.id for pack in rulebook.packs}.isdisjoint(shipped_packs())
    assert set(rulebook.sources).isdisjoint(path.stem for path in shipped.folder("seeds").glob("*.yaml"))
    assert all(pack.folder.is_relative_to(SMOKE) for pack in rulebook.packs)


def test_it_shows_each_kind_of_effect_and_both_sides_of_the_argument() -> None:
    rulebook = load_rulebook([SMOKE / name for name in PACKS])
    text = "".join(path.read_text("utf-8") for path in SMOKE.rglob("rules/*.yaml"))
    text += "".join(path.read_text("utf-8") for path in (SMOKE / "smoke-law").glob("*/*.yaml"))
    for part in ("score: ", "bar: ", "mark: ", "favour: ", "measure: ", "caution: ", "table:", "jurisdiction.ties)"):
        assert part in text
    sides = {pack.file.pack: pack.file.counterpart for pack in rulebook.packs if pack.file.role == "opinion"}
    assert sides == {"close-to-home": "one-command", "one-command": "close-to-home"}
