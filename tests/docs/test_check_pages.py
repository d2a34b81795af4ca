"""Every check has a page, and the example of the page raises it and nothing else."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from policyengine.engines.reference import evaluate
from policyengine.errors import CODES
from policyengine.rulebook.check_pages import page_of
from policyengine.rulebook.examine import examine_packs

CHECKS = Path(__file__).parent.parent.parent / "docs" / "checks"
OF_QUALITY = [code for code in CODES if code.startswith("R")]
FILE = re.compile(r"```yaml\n# (\S+\.yaml)\n(.*?)```", re.DOTALL)


def test_every_page_belongs_to_a_code() -> None:
    assert {page.name[:4] for page in CHECKS.glob("R*-*.md")} == set(OF_QUALITY)


def test_the_pack_of_the_examples_is_clean() -> None:
    assert examine_packs([CHECKS / "pack"]).problems == ()


@pytest.mark.parametrize("code", OF_QUALITY)
def test_the_example_of_a_page_raises_its_code_alone(code: str, tmp_path: Path) -> None:
    page = page_of(code)
    assert page is not None
    folder = tmp_path / "pack"
    shutil.copytree(CHECKS / "pack", folder)
    files = FILE.findall(page.read_text("utf-8"))
    assert files
    for name, text in files:
        (folder / name).write_text(text, "utf-8")
    found = examine_packs([folder], evaluate).problems
    assert {problem.code for problem in found} == {code}, [str(problem) for problem in found]
    assert all(problem.span and problem.hint for problem in found)


@pytest.mark.parametrize("code", OF_QUALITY)
def test_a_page_says_what_why_and_how(code: str) -> None:
    page = page_of(code)
    assert page is not None
    text = page.read_text("utf-8")
    assert text.startswith(f"# {code}: {CODES[code].title}\n\nSeverity: {CODES[code].severity}.\n")
    assert re.findall(r"(?m)^## (.*)", text) == ["What it is", "Why it matters", "Example", "How to put it right"]
