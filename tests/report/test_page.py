"""The page of one result: what stands on it, and where."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from conftest import SCENARIOS
from report.build import a_cell, a_result, a_standing, a_view
from report.pages import a_page, page_text, parsed, words_of

from policyengine.api import load_packs, load_scenario
from policyengine.assess.result import Actor, Result
from policyengine.report.html import render_evaluation
from policyengine.report.page.evaluation import EvaluationPage
from policyengine.report.page.models import model_table
from policyengine.report.page.rules import MOST_DECISIVE
from policyengine.report.page.shares import overview, share_tables
from policyengine.rulebook.rule import Rulebook

ROOT = Path(__file__).parent.parent.parent
HARBOUR = ROOT / "docs" / "examples" / "harbour"
FIRST_SCREEN = (
    "Who does what",
    "What each opinion pack says alone",
    "Models, ranked",
    "Burden",
    "Rules that decide",
    "What is not known",
    "How this came about",
)


@pytest.fixture(scope="module")
def made() -> dict[Path, tuple[EvaluationPage, Element]]:
    """Pages are made once."""
    return {}


@pytest.fixture
def page(scenario_path: Path, rulebook: Rulebook, made: dict[Path, tuple[EvaluationPage, Element]]) -> EvaluationPage:
    if scenario_path not in made:
        page = a_page(load_scenario(scenario_path, rulebook), rulebook)
        made[scenario_path] = page, parsed(render_evaluation(page))
    return made[scenario_path][0]


@pytest.fixture
def tree(page: EvaluationPage, scenario_path: Path, made: dict[Path, tuple[EvaluationPage, Element]]) -> Element:
    assert page is made[scenario_path][0]
    return made[scenario_path][1]


@pytest.fixture
def harbour() -> Element:
    rulebook = load_packs([HARBOUR])
    return parsed(page_text(load_scenario(ROOT / "docs" / "examples" / "harbour-fire.yaml", rulebook), rulebook))


def test_the_sections_stand_in_the_order_in_which_they_are_read(tree: Element) -> None:
    titles = [words_of(title) for title in tree.iter("h2")]
    found = [title for title in titles if title in FIRST_SCREEN]
    assert found == [title for title in FIRST_SCREEN if title in titles]
    assert {"Who does what", "Rules that decide", "What is not known", "How this came about"} <= set(titles)


def test_the_page_needs_nothing_else_and_no_script(tree: Element) -> None:
    assert [tag for tag in ("script", "link", "img", "iframe", "object") if list(tree.iter(tag))] == []
    assert [each.get("style") for each in tree.iter() if each.get("style")] == []
    assert "url(" not in words_of(next(tree.iter("style")))
    (policy,) = [each.get("content") for each in tree.iter("meta") if each.get("http-equiv")]
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_every_share_stands_as_a_bar_and_as_a_number(page: EvaluationPage, tree: Element) -> None:
    shares = [share for t in page.threats for layer in t.layers for row in layer.rows for share in row.shares]
    wanted = [f"{share} %" for share in shares if share is not None]
    tables = [table for table in tree.iter("table") if words_of(table).startswith("Shares by layer")]
    cells = [cell for table in tables for cell in table.iter("td") if cell.get("class") == "bars"]
    numbers = [words_of(cell) for cell in cells if words_of(cell)]
    bars = [rect.get("width") for cell in cells for rect in cell.iter("{http://www.w3.org/2000/svg}rect")]
    assert (numbers, bars) == (wanted, [share.replace(" ", "") for share in wanted])


def test_every_link_within_the_page_leads_somewhere(tree: Element) -> None:
    places = [each.get("id") for each in tree.iter() if each.get("id")]
    assert len(set(places)) == len(places)
    links = {link.get("href", "").partition("#")[2] for link in tree.iter("a") if link.get("href", "").startswith("#")}
    assert links <= set(places)


def test_every_table_of_bars_has_a_caption(tree: Element) -> None:
    for table in tree.iter("table"):
        if any(cell.get("class") == "bars" for cell in table.iter("td")):
            assert words_of(next(table.iter("caption")))


def test_waterfalls_end_at_the_score(page: EvaluationPage) -> None:
    for layer in page.falls:
        for fall in layer.falls:
            bars = [step.bar for step in fall.steps if step.bar]
            moved = sum(-bar.length if bar.negative else bar.length for bar in bars)
            end = -fall.bar.length if fall.bar.negative else fall.bar.length
            assert moved == pytest.approx(end, abs=0.1 * (len(bars) + 1))
            assert all(bar.start >= 0 and bar.start + bar.length <= 100.1 for bar in (*bars, fall.bar))


def test_at_most_five_rules_decide_each_with_its_sources(page: EvaluationPage) -> None:
    assert 1 <= len(page.decisive) <= MOST_DECISIVE
    assert [entry.name for entry in page.decisive if not entry.backing] == []


def test_contested_and_unsettled_are_explained_where_they_occur(page: EvaluationPage, tree: Element) -> None:
    text = words_of(tree)
    assert ("Contested : heard alone, two opinion packs name leads of the same side" in text) == page.contested
    assert ("Unsettled : facts that are missing" in text) == page.unsettled


def test_what_was_read_of_a_source_stands_beside_it(tree: Element) -> None:
    text = words_of(tree)
    for source in tree.iter("cite"):
        assert re.search(re.escape(words_of(source)) + r" \((the whole|an excerpt|not read)", text)


def test_the_numbers_of_the_worked_example_stand_on_its_page(harbour: Element) -> None:
    text = words_of(harbour)
    assert "The refinery's crew support 40 % 60 %" in text
    assert "The town's fire brigade lead 33 % 100 %" in text
    assert "The port authority lead 27 % 40 %" in text
    assert "harbour/boats-for-large-fires +1.6 score 1.6" in text
    assert "capacities.foam of The shipyard" in text
    assert "Fire on a tanker [tanker]" in text


def test_the_page_of_a_small_scenario_is_small() -> None:
    rulebook = load_packs([HARBOUR])
    file = load_scenario(ROOT / "docs" / "examples" / "harbour-fire.yaml", rulebook)
    assert len(page_text(file, rulebook).encode()) < 17_000


def test_the_same_result_gives_the_same_bytes(rulebook: Rulebook) -> None:
    file = load_scenario(SCENARIOS[0], rulebook)
    assert page_text(file, rulebook) == page_text(file, rulebook)


def with_sides(sides: str) -> Result:
    standings = [a_standing(name, share=10) for name in sides]
    result = a_result([a_cell(leads=tuple(sides), standings=standings)])
    actors = tuple(Actor(id=name, name=name, level="top", side=f"side_{name}") for name in sides)
    return replace(result, jurisdictions=actors)


def test_each_of_a_few_sides_has_a_column_of_its_own() -> None:
    (table,) = share_tables(with_sides("ABC"))
    assert table.views == ("of all", "within side A", "within side B", "within side C")
    assert [row.shares for row in table.layers[0].rows] == [
        (10, 10, None, None), (10, None, 10, None), (10, None, None, 10)
    ]  # fmt: skip


def test_many_sides_share_one_column() -> None:
    (table,) = share_tables(with_sides("ABCD"))
    assert table.views == ("of all", "of its side")
    assert {row.shares for row in table.layers[0].rows} == {(10, 10)}


def test_several_threats_are_seen_at_a_glance() -> None:
    cells = [a_cell(threat="t"), a_cell(threat="u", leads=(), standings=()), a_cell(threat="v", settled=False)]
    found = overview(a_result(cells))
    assert found is not None
    said = [("".join(piece.text for piece in phrase)) for _, (phrase,) in found.rows]
    assert said == ["Land A", "-", "Land A (unsettled)"]
    assert overview(a_result([a_cell()])) is None


def test_models_without_a_rule_for_them_are_left_out() -> None:
    assert model_table(a_result(views=[a_view([a_cell()])])) is None


def test_a_page_without_a_ranking_says_why(page: EvaluationPage, tree: Element) -> None:
    text = words_of(tree)
    assert "Models, ranked" in text
    assert ("No rule that holds here speaks for or against a model" in text) == (page.models is None)


def test_ranks_that_unknowns_could_change_are_marked_where_they_stand(page: EvaluationPage, tree: Element) -> None:
    unsettled = sum(row.unsettled for row in page.models.rows) if page.models else 0
    marks = [mark for mark in tree.iter("small") if mark.text == "unsettled"]
    assert len(marks) == unsettled
    assert ("a rank that is called unsettled" in words_of(tree)) == bool(unsettled)


def test_no_element_is_there_for_nothing(tree: Element) -> None:
    inline = [each for tag in ("span", "strong", "small", "code") for each in tree.iter(tag)]
    assert [each.tag for each in inline if not "".join(each.itertext())] == []


def test_a_rule_that_decides_shows_two_claims_of_a_source_and_where_the_rest_stands(
    page: EvaluationPage, tree: Element
) -> None:
    (section,) = [each for each in tree.iter("section") if words_of(each).startswith("Rules that decide")]
    for entry, shown in zip(page.decisive, section.iter("li"), strict=True):
        text = words_of(shown)
        links = [words_of(link) for link in shown.iter("a") if link.get("href") == f"#r{entry.place}"]
        assert links == [f"{len(each.claims) - 2} more" for each in entry.backing if len(each.claims) > 2]
        for each in entry.backing:
            told = [claim for claim in each.claims if f"{words(claim.paraphrase)} (“" in text]
            assert told == list(each.claims[:2])


def words(text: str) -> str:
    return " ".join(text.split())


def test_a_source_is_cited_once_among_the_rules_that_decide(page: EvaluationPage, tree: Element) -> None:
    cited = [words_of(cite) for cite in tree.iter("cite")]
    assert len(set(cited)) == len(cited)
    assert set(cited) == {words(each.source.citation) for entry in page.decisive for each in entry.backing}
    for entry in page.decisive:
        for each in entry.backing:
            first = page.decisive[each.again - 1] if each.again else entry
            assert [other.again for other in first.backing if other.source == each.source] == [0]
