"""The book of packs in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser.conftest import Open
from click.testing import CliRunner

from policyengine.cli.main import cli

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book of two shipped packs."""
    out = tmp_path_factory.mktemp("doc") / "book"
    made = CliRunner().invoke(cli, ["rules", "doc", "layered-border", "counter-claims", "--out", str(out)])
    assert made.exit_code == 0, made.output
    return out


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "name",
    [
        "index.html", "parameters.html", "marks.html", "words.html", "source-sharing-the-burden.html",
        "rule-layered-border--provinces-tackle-diffuse-threats.html",
    ],
)  # fmt: skip
def test_pages_can_be_read_by_anybody_and_ask_for_nothing(visit: Open, book: Path, name: str, scheme: str) -> None:
    tab = visit(book / name, 360, scheme)
    assert tab.violations() == []
    assert tab.complaints == []
    assert tab.requests == [(book / name).resolve().as_uri()]
    assert tab.overflow <= 0


def test_a_reader_goes_from_a_rule_to_its_claim_and_back(visit: Open, book: Path) -> None:
    page = visit(book / "index.html").page
    page.get_by_role("link", name="provinces-tackle-diffuse-threats").first.click()
    page.get_by_role("link", name="sharing-the-burden/provinces-diffuse-threats").click()
    assert page.url.endswith("source-sharing-the-burden.html#provinces-diffuse-threats")
    target = page.locator(":target")
    assert "better placed than the centre" in target.inner_text()
    target.get_by_role("link", name="layered-border/provinces-tackle-diffuse-threats").click()
    assert page.get_by_role("heading", name="In plain English").is_visible()
