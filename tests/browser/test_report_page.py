"""The page of a result in a real browser."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from browser.conftest import Open, Tab
from report.pages import page_text
from report.test_page_markup import filled, hostile

from policyengine.api import load_scenario
from policyengine.domain.scenario import Scenario
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import unsaved
from policyengine.shipped import folder

pytestmark = pytest.mark.browser

WIDTHS = (360, 900, 1400)
SHOWN = ("trafficking-quebec-vermont", "burden-of-the-border", "flood-nooksack")
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"


@pytest.fixture(params=SHOWN)
def report(request: pytest.FixtureRequest, rulebook: Rulebook, tmp_path: Path) -> Path:
    """The page of a shipped scenario: with one threat, with several and with a burden, with many jurisdictions."""
    file = load_scenario(folder("scenarios") / f"{request.param}.yaml", rulebook)
    path = tmp_path / "report.html"
    path.write_text(page_text(file, rulebook), "utf-8")
    return path


@pytest.fixture
def hostile_report(rulebook: Rulebook, tmp_path: Path) -> Path:
    """A shipped scenario, every text of which is markup, quotes, right-to-left letters or emoji."""
    file = load_scenario(folder("scenarios") / f"{SHOWN[1]}.yaml", rulebook)
    data = filled(file.scenario.model_dump(exclude_none=True, exclude_unset=True), hostile(Random(1)))
    path = tmp_path / "hostile.html"
    path.write_text(page_text(unsaved(Scenario.model_validate(data)), rulebook), "utf-8")
    return path


def quiet(tab: Tab) -> bool:
    """Nothing was complained of, and nothing but the file itself was asked for."""
    return tab.complaints == [] and len(tab.requests) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_folded_or_unfolded(visit: Open, report: Path, scheme: str) -> None:
    tab = visit(report, scheme=scheme)
    assert tab.violations() == []
    tab.page.evaluate(OPEN_ALL)
    assert tab.violations() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_fits_every_width_and_asks_for_nothing(visit: Open, report: Path, width: int) -> None:
    tab = visit(report, width)
    assert tab.overflow <= 0
    tab.page.evaluate(OPEN_ALL)
    assert tab.overflow <= 0
    assert quiet(tab)


def test_it_can_be_read_at_twice_the_size(visit: Open, report: Path) -> None:
    """Zooming to 200 % in a window of 900 pixels leaves 450 of them for the page."""
    tab = visit(report, 450, zoom=2)
    tab.page.evaluate(OPEN_ALL)
    assert tab.overflow <= 0


def test_folds_open_without_a_script(visit: Open, report: Path) -> None:
    tab = visit(report, script=False)
    fold = tab.page.locator("details", has=tab.page.get_by_role("heading", name="Where each share comes from")).first
    table = fold.locator("table").first
    assert not table.is_visible()
    fold.locator("summary").first.click()
    assert table.is_visible()


def test_a_share_leads_to_its_waterfall_and_a_rule_to_its_reason(visit: Open, report: Path) -> None:
    tab = visit(report, script=False)
    share = tab.page.locator("a.share").first
    target = tab.page.locator(str(share.get_attribute("href")))
    assert not target.is_visible()
    share.click()
    assert target.is_visible()
    rule = target.locator("a").first
    reason = tab.page.locator(str(rule.get_attribute("href")))
    rule.click()
    assert reason.is_visible()


def test_texts_full_of_markup_are_only_text(visit: Open, hostile_report: Path) -> None:
    for width in WIDTHS:
        tab = visit(hostile_report, width)
        tab.page.evaluate(OPEN_ALL)
        assert quiet(tab)
        assert tab.overflow <= 0
        assert tab.page.locator("script, img, base, main main").count() == 0
    assert "<script>alert(1)</script>" in tab.page.inner_text("main")
    assert tab.violations() == []


def test_print_unfolds_everything(visit: Open, report: Path) -> None:
    tab = visit(report)
    table = tab.page.locator("details table").last
    hidden = tab.page.pdf(prefer_css_page_size=True)
    tab.page.emulate_media(media="print")
    assert table.evaluate("each => each.checkVisibility({contentVisibilityAuto: true})")
    tab.page.evaluate(OPEN_ALL)
    assert abs(len(tab.page.pdf(prefer_css_page_size=True)) - len(hidden)) < 0.1 * len(hidden)


def test_bars_differ_without_colour(visit: Open, report: Path) -> None:
    """Bars of leads, bars of support and what lies behind them are told apart by their lightness alone."""
    for scheme in ("light", "dark"):
        tab = visit(report, scheme=scheme)
        names = ("--lead", "--part", "--track")
        style = "name => getComputedStyle(document.documentElement).getPropertyValue(name)"
        lead, part, track = (lightness(str(tab.page.evaluate(style, name))) for name in names)
        assert min(abs(lead - part), abs(part - track)) > 0.15


def lightness(colour: str) -> float:
    """How light a colour written as #rrggbb is, from 0 to 1."""
    red, green, blue = (int(colour.strip()[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue
