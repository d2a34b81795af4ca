"""Lazy facts hold what plain facts hold."""

from __future__ import annotations

from pathlib import Path

from policyengine.engines.columnar import Columnar
from policyengine.lang.types import Collection, Record
from policyengine.lang.types import Words as WordsType
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.lazy_facts import lazy_facts_of, values_at
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import read_scenario
from policyengine.rulebook.schema import build_schema


def test_every_field_of_every_entry_has_the_same_value(scenario_path: Path, rulebook: Rulebook) -> None:
    scenario = read_scenario(scenario_path, rulebook.vocabulary).scenario
    plain = facts_of(scenario, rulebook.vocabulary)
    lazy = lazy_facts_of(scenario, rulebook.vocabulary, burdens=True)
    schema = build_schema(rulebook.vocabulary, {}, {})
    pairs = {
        "threat": (plain.threats, lazy.threats),
        "jurisdiction": (plain.jurisdictions, lazy.jurisdictions),
        "tie": ([link for own in plain.links for link in own], [link for own in lazy.links for link in own]),
        "scenario": ([plain.scenario], [lazy.scenario]),
    }
    for root, (records, others) in pairs.items():
        kind = schema[root]
        assert isinstance(kind, Record)
        for path, field in kind.fields.items():
            if not isinstance(field.type, Record | Collection):
                found = values_at(others, path, words=isinstance(field.type, WordsType))
                assert found == [record.get(path) for record in records], path
                assert [record.get(path) for record in others] == found, path
    assert lazy.burdens == plain.burdens


def test_firings_from_lazy_facts_are_those_from_plain_ones(scenario_path: Path, rulebook: Rulebook) -> None:
    scenario = read_scenario(scenario_path, rulebook.vocabulary).scenario
    engine = Columnar(rulebook)
    lazy = lazy_facts_of(scenario, rulebook.vocabulary, burdens=True)
    assert engine.run(lazy) == engine.run(facts_of(scenario, rulebook.vocabulary))
