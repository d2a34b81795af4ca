"""The package knows kinds of things, and no subject: no word that a shipped pack declares stands anywhere in it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PACKS = sorted((ROOT / "rules").glob("*/pack.yaml"))
SCENARIOS = sorted((ROOT / "scenarios").rglob("*.yaml"))
FILES = [path for path in sorted((ROOT / "policyengine").rglob("*")) if path.is_file() and path.suffix != ".pyc"]

ORDINARY = {
    "agreement": "of engines with one another",
    "baselines": "packs to compare with",
    "both": "two of two",
    "competence": "a kind of fact about jurisdictions",
    "environment": "of a process or of templates",
    "intelligence": "in the title of a paper",
    "joint": "what joins the parts of a sentence",
    "local": "in the scale of severity, 'local nuisance'",
    "nature": "of a rule: normative or descriptive",
    "network": "what a page does without",
    "on_the_line": "of text",
    "people": "who write files",
    "policing": "in a docstring that shows a path with a dot",
    "powers": "of numbers, and how strong partners are",
    "regional": "in the scale of severity, 'regional harm'",
    "security": "the policy of a page on what it may load",
    "state": "of the matcher",
}
"""Words of shipped packs that the package uses in another sense, with that sense."""


@cache
def vocabulary() -> set[str]:
    """Every word that a shipped pack declares: levels, sides, layers, kinds of threat, models and all the rest."""
    packs = [yaml.safe_load(path.read_text("utf-8")) for path in PACKS]
    sections = [section for pack in packs for section in pack.get("vocabulary", {}).values()]
    return {word for section in sections for word in section}


@cache
def names() -> set[str]:
    """What shipped packs, sources, scenarios and the jurisdictions of shipped scenarios are called."""
    scenarios: list[dict[str, Any]] = [yaml.safe_load(path.read_text("utf-8")) for path in SCENARIOS]
    called = {each[key] for file in scenarios for each in file["jurisdictions"] for key in ("id", "name")}
    sources = [*ROOT.glob("seeds/*.yaml"), *ROOT.glob("rules/*/seeds/*.yaml")]
    return called | {path.parent.name for path in PACKS} | {path.stem for path in (*sources, *SCENARIOS)}


@cache
def text_of_the_package() -> str:
    """All that the package ships, code, templates and styles, one file after the other."""
    return "\n".join(path.read_text("utf-8") for path in FILES)


@cache
def words_of_the_package() -> str:
    """The same in small letters, with one blank between words, however their parts were joined."""
    return as_words(text_of_the_package())


def as_words(text: str) -> str:
    words = re.findall(r"[^\W_]+", text.lower())
    return f" {' '.join(words)} "


def stands_there(word: str) -> bool:
    """Whether the package has a word, also in the plural; a code in capitals counts only as it is."""
    if word == word.upper():
        return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text_of_the_package()) is not None
    words = as_words(word)
    return words in words_of_the_package() or f"{words[:-1]}s " in words_of_the_package()


def test_the_shipped_packs_have_words_to_look_for() -> None:
    assert {"federal", "frontier", "CA", "organised_crime", "customs_union"} <= vocabulary()
    assert {"borders", "Québec", "US-VT"} <= names()


def test_no_word_of_a_shipped_pack_stands_in_the_package() -> None:
    wanted = (vocabulary() | names()) - set(ORDINARY)
    assert [word for word in sorted(wanted) if stands_there(word)] == []


@pytest.mark.parametrize("word", sorted(ORDINARY))
def test_every_excuse_is_for_a_word_that_does_stand_there(word: str) -> None:
    assert word in vocabulary() | names()
    assert stands_there(word)


def test_no_value_in_the_code_is_a_word_of_a_shipped_pack() -> None:
    trees = [ast.parse(path.read_text("utf-8")) for path in FILES if path.suffix == ".py"]
    values = {node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    # 'nature' is a field of every rule, 'state' one of every sheet of a workbook, 'local' what Dask and Ray call a
    # cluster of this machine; any other would decide by a subject.
    assert values & vocabulary() == {"local", "nature", "state"}


@pytest.mark.parametrize("name", ["border", "frontier", "Canada", "Canadian", "United States", "Washington", "Ottawa"])
def test_no_border_and_no_country_is_named(name: str) -> None:
    text = re.sub(r"border(-[a-z]+)*:|border-box", "", text_of_the_package())  # a border of a style is a line of ink
    assert f" {name.lower()} " not in as_words(text)
    assert f" {name.lower()}s " not in as_words(text)
