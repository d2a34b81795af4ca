"""The index over many scenarios in a real browser."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from browser.conftest import Open, Tab
from click.testing import CliRunner
from report.test_index import Record, a_cell, a_record
from report.test_page_markup import HOSTILE

from policyengine.cli.main import cli
from policyengine.report.html import render_index
from policyengine.report.page.index import index_of, rows_of
from policyengine.shipped import folder

pytestmark = pytest.mark.browser

WIDTHS = (360, 900, 1400)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The batch of all shipped scenarios and of one bad file."""
    out = tmp_path_factory.mktemp("batch")
    bad = out / "bad.yaml"
    bad.write_text("scenario: <b>bad</b>\n", "utf-8")
    CliRunner().invoke(cli, ["batch", str(folder("scenarios")), str(bad), "--out", str(out / "report")])
    return out / "report" / "index.html"


def write(records: list[Record], path: Path) -> Path:
    path.write_text("".join(render_index(index_of(records), partial(rows_of, lambda: records))), "utf-8")
    return path


def titles(tab: Tab) -> list[str]:
    """The titles that are shown, in their order."""
    return tab.page.locator("#list tbody tr:not([hidden]) th").all_inner_texts()


def some() -> list[Record]:
    return [
        a_record("beta", ("river",), (a_cell("first", "storm", "upper"),), firm=2, open=10),
        a_record("alpha", ("river", "flood"), firm=10, open=9),
        a_record("gamma", ("river",), firm=1, open=100),
        a_record("delta", (), firm=3),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(visit: Open, report: Path, scheme: str) -> None:
    assert visit(report, scheme=scheme).violations() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_the_index_fits_every_width_and_asks_for_nothing(visit: Open, report: Path, width: int) -> None:
    tab = visit(report, width)
    assert tab.overflow <= 0
    assert (tab.complaints, len(tab.requests)) == ([], 1)


def test_a_title_leads_to_its_report(visit: Open, report: Path) -> None:
    tab = visit(report)
    link = tab.page.locator("#list tbody a").first
    title = link.inner_text()
    link.click()
    assert tab.page.locator("h1").inner_text().startswith(title)


def test_a_click_on_a_head_sorts_each_group(visit: Open, tmp_path: Path) -> None:
    tab = visit(write(some(), tmp_path / "index.html"))
    assert titles(tab) == ["Title beta", "Title alpha", "Title gamma", "Title delta"]
    head = tab.page.locator("#list table").first.locator("thead")
    head.get_by_role("button", name="firm").click()
    assert titles(tab) == ["Title alpha", "Title beta", "Title gamma", "Title delta"]
    assert head.locator("[aria-sort]").get_attribute("aria-sort") == "descending"
    head.get_by_role("button", name="firm").click()
    assert titles(tab) == ["Title gamma", "Title beta", "Title alpha", "Title delta"]
    head.get_by_role("button", name="scenario").press("Enter")
    assert titles(tab) == ["Title alpha", "Title beta", "Title gamma", "Title delta"]
    assert tab.violations() == []


def test_words_and_tags_filter(visit: Open, tmp_path: Path) -> None:
    tab = visit(write(some(), tmp_path / "index.html"))
    assert tab.page.get_by_role("status").inner_text() == "4 scenarios"
    tab.page.get_by_label("words in the row").fill("TITLE a 100")
    assert titles(tab) == ["Title gamma"]
    assert tab.page.get_by_role("status").inner_text() == "1 scenario"
    assert tab.page.locator("#list h3:visible").all_inner_texts() == ["river 3"]
    tab.page.get_by_label("words in the row").fill("")
    tab.page.get_by_label("tag").select_option("flood")
    assert titles(tab) == ["Title alpha"]


def test_without_a_script_the_table_is_whole_and_the_tools_are_away(visit: Open, report: Path) -> None:
    tab = visit(report, script=False)
    assert tab.page.locator("#list tbody tr").count() > 40
    assert tab.page.locator("#list tbody tr").first.is_visible()
    assert not tab.page.locator("#tools").is_visible()
    assert tab.page.locator("#list button").count() == 0


def test_texts_full_of_markup_are_only_text(visit: Open, tmp_path: Path) -> None:
    records = [a_record(f"n{number}", (text,)) for number, text in enumerate(HOSTILE)]
    for record, text in zip(records, HOSTILE, strict=True):
        record["summary"]["title"] = text
    tab = visit(write(records, tmp_path / "index.html"), 360)
    assert tab.complaints == []
    assert tab.overflow <= 0
    assert tab.page.locator("img, svg svg, base, script").count() == 1
    assert tab.page.locator("#list tbody tr").count() == len(HOSTILE)
