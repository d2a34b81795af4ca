"""What ships keeps to the rules that hold for everybody, and to a few more."""

from __future__ import annotations

from pathlib import Path

import pytest

from policyengine import shipped
from policyengine.rulebook.loading import load_rulebook, shipped_packs
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import read_scenario
from policyengine.source import read_document


def test_a_scenario_is_named_as_its_file(scenario_path: Path, rulebook: Rulebook) -> None:
    assert read_scenario(scenario_path, rulebook.vocabulary).scenario.scenario == scenario_path.stem


@pytest.mark.parametrize("name", shipped_packs())
def test_a_pack_loads_by_itself_and_is_named_as_its_folder(name: str) -> None:
    rulebook = load_rulebook([name])
    assert rulebook.packs[-1].id == name
    assert {claim.partition("/")[0] for rule in rulebook.rules for claim in rule.claims} <= rulebook.sources.keys()


def test_a_register_is_named_as_its_file() -> None:
    paths = sorted(shipped.folder("seeds").glob("*.yaml"))
    named = {path.stem for path in paths if isinstance(data := read_document(path).plain(), dict) and "source" in data}
    assert {path.stem for path in paths} == named


def test_the_packs_make_the_same_rulebook_in_any_order() -> None:
    names = shipped_packs()
    first, second = load_rulebook(names), load_rulebook(names[::-1])
    assert {rule.name: rule.when for rule in first.rules} == {rule.name: rule.when for rule in second.rules}
    assert {pack.id: pack.sha256 for pack in first.packs} == {pack.id: pack.sha256 for pack in second.packs}
