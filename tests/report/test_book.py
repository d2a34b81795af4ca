"""A book of packs: pages that lead to one another, and nothing of a stranger's text taken for markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

from policyengine.api import load_packs
from policyengine.report.book import book_pages
from policyengine.rulebook.rule import Rulebook

HOSTILE = "\"><script>alert(1)</script><img src=x onerror='x'>&amp;"


class _Page(HTMLParser):
    """What a browser would see: tags in their order, links, anchors and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.anchors: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name == "href"]
        self.anchors += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.text += data


def pages_of(rulebook: Rulebook) -> dict[str, _Page]:
    return {name: _Page(text) for name, text in book_pages(rulebook, lambda _rule: ())}


def broken(pages: dict[str, _Page]) -> Iterable[str]:
    for name, page in pages.items():
        for link in page.links:
            if link.startswith(("http://", "https://")):
                continue
            target, _, anchor = link.partition("#")
            if target not in pages or (anchor and anchor not in pages[target].anchors):
                yield f"{name} -> {link}"


def test_every_link_leads_to_a_page_and_a_place_on_it(rulebook: Rulebook) -> None:
    pages = pages_of(rulebook)
    assert list(broken(pages)) == []
    assert all(len(page.anchors) == len(set(page.anchors)) for page in pages.values())
    reached = {link.partition("#")[0] for page in pages.values() for link in page.links}
    assert set(pages) - reached == set()


def test_everything_of_the_packs_is_told(rulebook: Rulebook) -> None:
    pages = pages_of(rulebook)
    contents = pages["index.html"]
    for rule in rulebook.rules:
        page = pages[f"rule-{rule.pack}--{rule.id}.html"]
        assert f"rule-{rule.pack}--{rule.id}.html" in contents.links
        for claim in rule.claims:
            source, _, name = claim.partition("/")
            assert f"source-{source}.html#{name}" in page.links
    told = " ".join(" ".join(pages["parameters.html"].text.split()).split())
    assert all(" ".join(parameter.means.split()) in told for parameter in rulebook.parameters.values())


def test_a_book_of_one_pack_has_its_title() -> None:
    pages = pages_of(load_packs([Path(__file__).parents[2] / "docs" / "examples" / "harbour"]))
    assert "Who fights a fire in the harbour" in pages["index.html"].text
    assert "No rule sets a mark." in pages["marks.html"].text


def test_hostile_text_stays_text(rulebook: Rulebook) -> None:
    harmless, hostile = (pages_of(with_text(rulebook, text)) for text in ("plain", HOSTILE))
    assert {name: page.tags for name, page in hostile.items()} == {name: page.tags for name, page in harmless.items()}
    assert list(broken(hostile)) == []
    assert HOSTILE in hostile["index.html"].text


def with_text(rulebook: Rulebook, text: str) -> Rulebook:
    """The rulebook with free text of packs, rules, parameters, claims and sources replaced."""
    claims = {
        name: claim.model_copy(update={"paraphrase": text, "heading": text, "excuse": text, "provision": text})
        for name, claim in rulebook.claims.items()
    }
    of_source = {
        name: [claim for full, claim in claims.items() if full.startswith(f"{name}/")] for name in rulebook.sources
    }
    return replace(
        rulebook,
        packs=tuple(
            replace(pack, file=pack.file.model_copy(update={"title": text, "summary": text})) for pack in rulebook.packs
        ),
        rules=tuple(replace(rule, why=text) for rule in rulebook.rules),
        parameters={
            name: each.model_copy(update={"means": text, "unit": text, "source": text})
            for name, each in rulebook.parameters.items()
        },
        claims=claims,
        sources={
            name: source.model_copy(
                update={"title": text, "authors": [text], "venue": text, "note": text, "claims": of_source[name]}
            )
            for name, source in rulebook.sources.items()
        },
    )
