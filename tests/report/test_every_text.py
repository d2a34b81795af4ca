"""Every field that holds running text, in every kind of file, comes to every page as text and never as markup."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report.pages import page_text, parsed, skeleton
from report.test_page_markup import harmless, hostile
from report.whole_project import a_whole_project, text_paths, texts_at, write_project

from policyengine.analysis.comparison import Side, compare_sides, pairs_of
from policyengine.api import evaluate
from policyengine.batch.result_files import Load
from policyengine.domain.scenario import Scenario
from policyengine.report.book import book_pages
from policyengine.report.comparison_report import comparison_report
from policyengine.report.html import render_html
from policyengine.rulebook.claims import Source
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.rule_file import PackFile, RuleFile
from policyengine.rulebook.scenario_reading import ScenarioFile, unsaved

MARKED = "a stranger's text"


def marks() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{MARKED} {number}"


def read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("seed", range(3))
def test_the_project_of_this_test_has_every_text_field_and_each_is_filled(tmp_path: Path, seed: int) -> None:
    """A new field that holds text has to be added to the project, or this fails."""
    project = a_whole_project(Random(seed))
    base, changing, scenario = write_project(project, marks(), tmp_path)
    rules = [read(path) for path in sorted((base / "rules").glob("*.yaml"))]
    files: dict[type, list[Any]] = {
        Scenario: [scenario],
        PackFile: [read(base / "pack.yaml"), read(changing / "pack.yaml")],
        RuleFile: rules,
        Source: [read(base / "seeds" / "memo.yaml")],
    }
    for model, data in files.items():
        for path in text_paths(model):
            texts = [text for each in data for text in texts_at(each, path)]
            assert texts, f"{model.__name__}: nothing stands at {'.'.join(path)}"
            assert all(text.startswith(MARKED) for text in texts), f"{model.__name__}: {'.'.join(path)} is left out"


def pages(project: Any, texts: Iterator[str], top: Path) -> dict[str, str]:
    """The report, the book, and the comparison of the two packs."""
    base, changing, data = write_project(project, texts, top)
    scenario = unsaved(Scenario.model_validate(data))
    plain, changed = load_rulebook([base]), load_rulebook([changing])
    title = next(texts)
    return {
        "report": page_text(scenario, plain),
        "changed report": page_text(scenario, changed),
        "comparison": compared(scenario, plain, changed, title),
        **{f"book {name}": page for name, page in book_pages(changed, lambda _rule: ())},
    }


def compared(scenario: ScenarioFile, before: Rulebook, after: Rulebook, title: str) -> str:
    def side(rulebook: Rulebook) -> Side:
        load: Load = lambda: evaluate(scenario, rulebook, "reference")  # noqa: E731 - the result of one side
        return Side(title, {title: load})

    old, new = side(before), side(after)
    return render_html(comparison_report(compare_sides(old, new, pairs_of(old, new)), 0))


@given(st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_no_text_of_any_file_reaches_any_page_as_markup(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    project = a_whole_project(random)
    top = tmp_path_factory.getbasetemp() / "whole-project"
    top.mkdir(exist_ok=True)
    expected = pages(project, harmless(), top)
    for name, page in pages(project, hostile(random), top).items():
        assert skeleton(parsed(page)) == skeleton(parsed(expected[name])), name
        assert "<script" not in page.lower(), name
