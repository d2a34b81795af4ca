"""The documentation says what is so: generated pages are fresh, worked numbers hold, links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs_modules import docs_module

from policyengine.api import evaluate, explain, load_packs, load_scenario
from policyengine.engines.interface import ENGINES, make_engine
from policyengine.rulebook.examples import alone, example_facts, examples_of, outcome

ROOT = Path(__file__).parent.parent.parent
COOKBOOK = (ROOT / "docs" / "cookbook.md").read_text("utf-8")
NEEDED = {"docs/batch-tables.md": ("duckdb", "xlsxwriter")}
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


@pytest.mark.parametrize("name", sorted(docs_module("generate").PAGES))
def test_generated_pages_are_fresh(name: str) -> None:
    for library in NEEDED.get(name, ()):
        pytest.importorskip(library, reason="the environment is older than the extra dev: pip install -e '.[dev]'")
    assert (ROOT / name).read_text("utf-8") == docs_module("generate").PAGES[name](), "run: python docs/generate.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_headings(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", page.read_text("utf-8"))
    assert [link for link in links if link[1] not in anchors(page.parent / link[0] if link[0] else page)] == []


def anchors(page: Path) -> set[str]:
    """The anchors that the headings of a page get where it is shown."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_worked_example_gives_the_numbers_of_its_page() -> None:
    rulebook = load_packs([ROOT / "docs" / "examples" / "harbour"])
    result = evaluate(load_scenario(ROOT / "docs" / "examples" / "harbour-fire.yaml", rulebook), rulebook)
    (cell,) = result.views[0].cells
    found = {each.jurisdiction: (each.score, each.share, each.share_of_side, each.role) for each in cell.standings}
    assert found == {
        "REFINERY": (2_400_000, 40, 60, "support"),
        "TOWN": (2_000_000, 33, 100, "lead"),
        "PORT": (1_600_000, 27, 40, "lead"),
        "YARD": (0, 0, 0, "none"),
    }
    assert (cell.mode, cell.settled) == ("integrated", True)
    page = (ROOT / "docs" / "shares.md").read_text("utf-8")
    for jurisdiction, (score, share, own, _) in found.items():
        row = next(line for line in page.splitlines() if line.startswith(f"| {jurisdiction} | {score / 1e6:g} |"))
        assert f"{share} %" in row
        assert f"{own} %" in row
    explained = explain(load_scenario(ROOT / "docs" / "examples" / "harbour-fire.yaml", rulebook), rulebook)
    (yard,) = [why for why in explained.whys if why.standing.jurisdiction == "YARD"]
    near = next(rule for rule in yard.not_fired if rule.rule == "harbour/boats-for-large-fires")
    assert [part.missing for part in near.failed] == [("jurisdictions.YARD.capacities.foam",)]
    (unknown,) = result.undecided
    assert (unknown.missing, unknown.could_change) == (("jurisdictions.YARD.capacities.foam",), ())


def test_the_patterns_of_the_cookbook_do_what_their_examples_say() -> None:
    rulebook = load_packs([ROOT / "docs" / "examples" / "cookbook"])
    examples = [(rule, example) for rule in rulebook.rules for example in examples_of(rule)]
    assert {rule.id for rule, _ in examples} == set(re.findall(r"^rule: (.+)$", COOKBOOK, re.MULTILINE))
    wrong = [
        (rule.id, example.given, engine)
        for rule, example in examples
        for facts in [example_facts(example.given, rulebook.schemas[rule.pack])]
        for engine in ENGINES
        if outcome(rule, make_engine(engine, alone(rulebook, rule)).engine.run(facts)) != example.expected
    ]
    assert wrong == []


def test_another_subject_needs_nothing_of_the_shipped_packs() -> None:
    rulebook = load_packs([ROOT / "docs" / "examples" / "harbour"])
    assert [pack.id for pack in rulebook.packs] == ["harbour"]
    assert rulebook.vocabulary.words("layers") == ("quench",)


def test_every_package_folder_and_command_has_a_word_in_the_docs() -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    for command in ("evaluate", "explain", "claims", "rules", "scenarios"):
        assert f"policyengine {command}" in text
