"""Whatever strangers write in a scenario, a pack or a source, a page shows it as text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import SCENARIOS
from hypothesis import given, settings
from hypothesis import strategies as st
from random_packs import Plain, a_pack, a_scenario, write_pack
from report.pages import page_text, parsed, skeleton

from policyengine.api import load_scenario
from policyengine.domain.scenario import Scenario
from policyengine.report import html
from policyengine.report.blocks import Item, Items, Paragraph, Title, phrase
from policyengine.report.html import render_html
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import unsaved

TEXTS = frozenset({
    "title", "shows", "summary", "name", "why", "means", "paraphrase", "heading", "what", "note", "authors", "reasons",
    "measure", "caution", "venue", "unit", "because", "excuse", "provision", "mechanism", "accepts", "switch_off",
})  # fmt: skip
"""The fields that hold running text."""

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style></title></textarea></details><script>alert(1)</script>",
    "<!-- ", "--> ", "]]>", "<![CDATA[<svg onload=alert(1)>", "<svg/onload=alert(1)>", "</svg><b>",
    "{{ 7 * 7 }}{% for x in y %}{# ", "${7*7}", "&lt;b&gt;&amp;&#60;script&#62;", "<base href=//evil.example>",
    "<a href=javascript:alert(1)>", "<template><p>", "<table><tr><td>", "<plaintext>", "<noscript>", "\\\"';`<",
    "\u202etxet\u2066", "\u0639\u0631\u0628\u064a", "\U0001f9ea\U0001f469\u200d\U0001f4bb", "A" * 300,
)  # fmt: skip
LINKS = ("https://example.org/a", "https://example.org/'onclick='alert(1)&quot;", "http://x/javascript:alert(1)")


def filled(data: Any, texts: Iterator[str], inside: bool = False) -> Any:
    """The data with every running text replaced by the next of `texts`.

    The `source` of a word or of a parameter is running text, but that of a source is its id.
    """
    if isinstance(data, dict):
        running = {key for key in data if key in TEXTS or (key == "source" and "means" in data)}
        return {key: filled(value, texts, inside or key in running) for key, value in data.items()}
    if isinstance(data, list):
        return [filled(value, texts, inside) for value in data]
    return next(texts) if inside and isinstance(data, str) else data


def harmless() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"word {number}"


def hostile(random: Random) -> Iterator[str]:
    for text in harmless():
        yield f"{random.choice(HOSTILE)}{text}{random.choice(HOSTILE)}"


def a_scenario_with_reasons(random: Random, vocabulary: Plain) -> Plain:
    scenario = a_scenario(random, vocabulary)
    for thing in (*scenario["jurisdictions"], *scenario["threats"], *scenario.get("ties", ())):
        thing["reasons"] = {("level" if "level" in thing else "kind"): "It is so."}
    scenario["references"] = [{"what": "A book", "seen": "excerpt", "url": random.choice(LINKS)}]
    return scenario


def page_of(pack: Plain, scenario: Plain, texts: Iterator[str], folder: Path) -> str:
    """The page of a scenario, every text of which and of all files of the pack is replaced."""
    write_pack(pack, folder)
    for path in sorted(folder.rglob("*.yaml")):
        data = filled(json.loads(path.read_text("utf-8")), texts)
        path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return page_text(unsaved(Scenario.model_validate(filled(scenario, texts))), load_rulebook([folder]))


@given(st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_no_text_of_a_scenario_a_pack_or_a_source_reaches_the_page_as_markup(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    folder = tmp_path_factory.getbasetemp() / "hostile-pack"
    pack = a_pack(random)
    scenario = a_scenario_with_reasons(random, pack["pack"]["vocabulary"])
    plain = page_of(pack, scenario, harmless(), folder)
    filled_page = page_of(pack, scenario, hostile(random), folder)
    assert skeleton(parsed(filled_page)) == skeleton(parsed(plain))
    assert "<script" not in filled_page.lower()


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_shown_letter_by_letter(text: str) -> None:
    tree = parsed(render_html([Title(text), Paragraph(phrase(text)), Items((Item(phrase(text)),))]))
    shown = text.replace("\u202e", "\\u202e").replace("\u2066", "\\u2066").strip()
    for tag in ("title", "h1", "p", "li"):
        assert "".join(next(tree.iter(tag)).itertext()).strip() == shown


def test_the_test_would_see_markup() -> None:
    """The comparison itself: one element more, or one attribute more, is a difference."""
    plain = skeleton(parsed("<p>a</p>"))
    assert skeleton(parsed("<p>a<b></b></p>")) != plain
    assert skeleton(parsed("<p onclick=x>a</p>")) != plain
    assert skeleton(parsed("<p>b</p>")) == plain


def test_lines_of_a_text_stand_on_one_line_and_nothing_is_hidden() -> None:
    page = render_html([Paragraph(phrase("one\n  two\u2028three\u200bfour"))])
    assert "one two three\\u200bfour" in page


def test_pages_are_the_same_in_whichever_order_they_are_made(rulebook: Rulebook) -> None:
    """What is kept of one page never shows on another, though both come again and in another order."""
    files = [load_scenario(path, rulebook) for path in SCENARIOS]
    forward = [page_text(file, rulebook) for file in files]
    program = (
        "import sys\n"
        "from report.pages import page_text\n"
        "from policyengine.api import load_packs, load_scenario\n"
        "rulebook = load_packs()\n"
        "pages = [page_text(load_scenario(path, rulebook), rulebook) for path in sys.argv[1:]]\n"
        "sys.stdout.buffer.write('\\0'.join(reversed(pages)).encode())\n"
    )
    paths = [str(path) for path in reversed(SCENARIOS)]
    done = subprocess.run(
        [sys.executable, "-c", program, *paths], capture_output=True, check=True, cwd=Path(__file__).parent.parent
    )
    assert done.stdout.decode().split("\0") == forward


def test_more_pieces_than_are_kept_are_made_anew(monkeypatch: pytest.MonkeyPatch, rulebook: Rulebook) -> None:
    file = load_scenario(SCENARIOS[0], rulebook)
    whole = page_text(file, rulebook)
    monkeypatch.setattr(html, "_MOST_KEPT", 3)
    html._environment.cache_clear()
    assert page_text(file, rulebook) == whole
