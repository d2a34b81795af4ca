"""Facts hold a value for every name that a condition may use, and nothing for what a file leaves out."""

from __future__ import annotations

import json

import pytest
from rulebook.conftest import SCENARIO, LoadPack, ReadScenario, a_rule

from policyengine.lang.types import Collection, Record, Schema
from policyengine.rulebook.facts import Facts, facts_of
from policyengine.rulebook.rule import Rulebook

ACTOR = {
    "level": "upper",
    "parent": "A",
    "capacities": {"pumps": 0.5},
    "competences": ["water"],
    "offices_abroad": 2,
    "power": 3,
    "costs": {"shared": 1},
    "benefits": {"people": 2},
    "interests": {"safety": 1},
}
THREAT = {
    "kind": "fire",
    "agent": True,
    "diffuseness": 0.5,
    "severity": 0.5,
    "likelihood": 0.5,
    "reach": 0.5,
    "exposure": 0.5,
    "origin": "here",
    "vector": "wind",
    "places": ["A"],
    "attributes": {"spread": 1, "watched": True, "season": "dry", "needs": ["water"]},
}
TIE = {"kind": "pact", "strength": 1, "since": 2000, "layers": ["field"]}
WHOLE = {
    "scenario": "whole",
    "title": "Everything",
    "shows": "Every field.",
    "year": 2020,
    "conditions": {"drought": 0.5},
    "jurisdictions": [
        {"id": "A", "name": "A", "side": "east", **ACTOR, "parent": "B"},
        {"id": "B", "name": "B", "side": "west", **{name: value for name, value in ACTOR.items() if name != "parent"}},
    ],
    "ties": [{"id": "x", "name": "X", "parties": ["A", "B"], **TIE}],
    "threats": [{"id": "t", "name": "T", **THREAT}],
}


@pytest.fixture
def whole(read_small: ReadScenario, small_rulebook: Rulebook) -> Facts:
    return facts_of(read_small(json.dumps(WHOLE), "whole.json").scenario, small_rulebook.vocabulary)


@pytest.fixture
def bare(read_small: ReadScenario, small_rulebook: Rulebook) -> Facts:
    return facts_of(read_small(SCENARIO).scenario, small_rulebook.vocabulary)


def names(schema: Schema, root: str) -> set[str]:
    kind = schema[root]
    record = kind.element if isinstance(kind, Collection) else kind
    assert isinstance(record, Record)
    return set(record.fields)


def test_a_scenario_that_says_everything_has_a_value_for_every_name(whole: Facts, small_rulebook: Rulebook) -> None:
    schema: Schema = small_rulebook.schemas["mine"]
    assert names(schema, "scenario") == whole.scenario.keys()
    assert names(schema, "threat") == whole.threats[0].keys()
    assert names(schema, "jurisdiction") == whole.jurisdictions[0].keys()
    assert names(schema, "other") == whole.jurisdictions[0].keys() - {"ties", "burdens"}
    assert names(schema, "tie") == whole.links[0][0].keys() - {"#tie", "#partner"}
    assert names(schema, "ties") == (whole.ties or [])[0].keys()
    assert names(schema, "burden") == whole.burdens[0][1].keys()
    assert names(schema, "model") == whole.models[0].keys()
    assert schema.keys() == whole.roots({}).keys() | {"threat", "jurisdiction", "tie", "other", "model", "burden"}


def test_what_is_left_out_is_not_there(bare: Facts) -> None:
    assert bare.threats == [{"id": "t", "kind": "fire"}]
    assert bare.jurisdictions[0] == {"id": "A", "level": "upper", "side": "east", "burdens": []}
    assert bare.ties is None
    assert bare.links == [[], []]
    assert bare.scenario == {}


def test_no_ties_at_all_is_known_to_be_none(read_small: ReadScenario, small_rulebook: Rulebook) -> None:
    facts = facts_of(read_small(f"{SCENARIO}ties: []\n").scenario, small_rulebook.vocabulary)
    assert facts.ties == []
    assert [record["ties"] for record in facts.jurisdictions] == [[], []]


def test_numbers_are_floats_and_lists_are_sets(whole: Facts) -> None:
    assert type(whole.threats[0]["attributes.spread"]) is float
    assert type(whole.jurisdictions[0]["offices_abroad"]) is float
    assert type(whole.scenario["year"]) is float
    assert whole.threats[0]["agent"] is True
    assert whole.threats[0]["attributes.needs"] == frozenset({"water"})


def test_a_place_lies_in_all_its_parents_and_in_nothing_else(
    read_small: ReadScenario, small_rulebook: Rulebook
) -> None:
    more = "  - {id: C, name: C, level: lower, side: east, parent: B}\n  - {id: D, name: D, level: lower, side: east}\n"
    text = SCENARIO.replace("threats:", f"{more}threats:").replace(
        "level: lower, side: west", "level: lower, side: west, parent: A"
    )
    text = text.replace("kind: fire}", "kind: fire, places: [C]}")
    facts = facts_of(read_small(text).scenario, small_rulebook.vocabulary)
    assert facts.threats[0]["places"] == frozenset({"A", "B", "C"})


def test_a_tie_of_three_links_each_to_both_others(read_small: ReadScenario, small_rulebook: Rulebook) -> None:
    text = SCENARIO.replace("threats:", "  - {id: C, name: C, level: lower, side: west}\nthreats:")
    scenario = read_small(f"{text}ties: [{{id: x, name: X, parties: [A, B, C], kind: pact}}]\n").scenario
    facts = facts_of(scenario, small_rulebook.vocabulary)
    assert [[link["partner"]["id"] for link in links] for links in facts.links] == [["B", "C"], ["A", "C"], ["A", "B"]]


@pytest.mark.parametrize(
    ("roots", "count"),
    [
        ((), 1),
        (("threat",), 1),
        (("jurisdiction",), 2),
        (("threat", "jurisdiction"), 2),
        (("model",), 2),
        (("jurisdiction", "tie"), 2),
        (("jurisdiction", "other"), 2),
        (("jurisdiction", "tie", "other"), 2),
        (("jurisdiction", "burden"), 2),
        (("threat", "jurisdiction", "model"), 4),
    ],
)
def test_a_rule_has_one_subject_for_each_way_its_names_can_be_read(
    whole: Facts, roots: tuple[str, ...], count: int
) -> None:
    subjects = whole.subjects(roots)
    assert len(subjects) == count
    assert len({subject for subject, _ in subjects}) == count
    assert all(bindings.keys() == set(roots) for _, bindings in subjects)


def test_marks_on_a_fork_leave_the_facts_as_they_are(whole: Facts) -> None:
    fork = whole.fork()
    for record in (fork.threats[0], fork.jurisdictions[1], fork.burdens[0][1]):
        record["marks.seen"] = True
    assert fork.links[0][0]["partner"]["marks.seen"] is True
    assert fork.jurisdictions[0]["ties"][0]["partner"]["marks.seen"] is True
    assert fork.jurisdictions[0]["burdens"][0]["marks.seen"] is True
    for record in (whole.threats[0], whole.jurisdictions[1], whole.burdens[0][1], whole.links[0][0]["partner"]):
        assert "marks.seen" not in record


def test_ranges_of_names_are_those_of_the_models(load_pack: LoadPack) -> None:
    then = "[{score: field, points: threat.severity + jurisdiction.capacities.pumps + threat.attributes.spread}]"
    assert load_pack({"one": a_rule("one", then=then)}).rules[0].effects[0].points is not None
    schema = load_pack({"one": a_rule("one")}).schemas["mine"]
    ranges = {
        path: (field.type.low, field.type.high)
        for path, field in {**schema["threat"].fields, **schema["jurisdiction"].fields}.items()
        if hasattr(field.type, "low")
    }
    assert ranges == {
        "diffuseness": (0, 1),
        "severity": (0, 1),
        "likelihood": (0, 1),
        "reach": (0, 1),
        "exposure": (0, 1),
        "attributes.spread": (0, 10),
        "capacities.pumps": (0, 1),
        "offices_abroad": (0, 10_000),
        "power": (0, 1e12),
        "costs.shared": (0, 1e12),
        "benefits.people": (0, 1e12),
        "interests.safety": (0, 1),
    }
