"""Conditions in plain English."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_packs import a_pack, write_pack

from policyengine.lang.check import check
from policyengine.lang.english import clause, quantity
from policyengine.lang.types import Boolean, Number
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rulebook

CONDITIONS = {
    'jurisdiction.level == "provincial"': "the jurisdiction's level is provincial",
    "threat.severity >= param.strong": "the threat's severity is at least strong (3)",
    "not threat.severity >= 0.5": "the threat's severity is below 0.5",
    "0.2 <= threat.reach < 0.6": "0.2 is at most the threat's reach and the threat's reach is below 0.6",
    'not jurisdiction.level in ("state", "local")': "the jurisdiction's level is not one of local or state",
    'threat.kind in ("terrorism",)': "the threat's kind is terrorism",
    '"criminal_law" in threat.attributes.powers': "the threat's powers include criminal law",
    "not threat.agent": "the threat's agent is false",
    "not known(threat.severity)": "the threat's severity is not known",
    "threat.agent or threat.reach > 0.5 and not threat.exposure > 0.5": (
        "the threat's agent is true or (the threat's reach is above 0.5 and the threat's exposure is at most 0.5)"
    ),
    "not (threat.agent and threat.reach > 0.5)": "the threat's agent is false or the threat's reach is at most 0.5",
    'any(t.kind == "compact" and t.partner.side != jurisdiction.side for t in jurisdiction.ties)': (
        "for at least one tie of the jurisdiction: "
        "that tie's kind is compact and the other party's side is not the jurisdiction's side"
    ),
    "not any(x.severity > 0.5 for x in threats)": "for no threat: that threat's severity is above 0.5",
    "all(x.agent for x in threats if x.reach > 0)": (
        "for every threat, of those where that threat's reach is above 0: that threat's agent is true"
    ),
    "not all(x.agent for x in threats)": "for at least one threat: that threat's agent is false",
    'count(x.side == "CA" for x in jurisdictions) >= 2': (
        "the number of jurisdiction records where that jurisdiction's side is CA is at least 2"
    ),
    "jurisdiction.capacities.policing >= max(x.capacities.policing for x in jurisdictions)": (
        "the jurisdiction's policing capacity is at least "
        "the greatest of that jurisdiction's policing capacity over every jurisdiction"
    ),
    "any(all(y.side == x.side for y in jurisdictions) for x in jurisdictions)": (
        "for at least one jurisdiction: "
        "for every jurisdiction: that second jurisdiction's side is that jurisdiction's side"
    ),
    "tie.partner.level == other.level": "the other party's level is the other jurisdiction's level",
}
NUMBERS = {
    "param.strong * (1 - threat.severity)": "strong (3) times (1 minus the threat's severity)",
    "-min(threat.severity, threat.reach, 0.5)": "minus the least of the threat's severity, the threat's reach and 0.5",
    "clip(threat.severity, 0, 1) / 2": "the threat's severity, kept between 0 and 1, divided by 2",
    "abs(threat.severity - 0.5)": "the size of (the threat's severity minus 0.5)",
    "mean(x.severity for x in threats)": "the mean of that threat's severity over every threat",
}


def value_of(_name: str) -> float:
    return 3.0


@pytest.mark.parametrize("text", CONDITIONS)
def test_conditions_read_as_sentences(rulebook: Rulebook, text: str) -> None:
    node = check(text, rulebook.schemas["layered-border"], Boolean).node
    assert node is not None
    assert str(clause(node, value_of)) == CONDITIONS[text]


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_read_as_phrases(rulebook: Rulebook, text: str) -> None:
    node = check(text, rulebook.schemas["layered-border"], Number).node
    assert node is not None
    assert quantity(node, value_of) == NUMBERS[text]


def test_marks_are_what_something_is_marked(rulebook: Rulebook) -> None:
    rule = next(rule for rule in rulebook.rules if rule.id == "home-governments-command")
    shown = clause(rule.when)
    assert shown.text == "all of these hold"
    assert [str(part) for part in shown.parts] == [
        "the threat is marked calls for protection",
        "the jurisdiction's level is one of provincial, state or territorial",
        "the jurisdiction is marked protects territory",
    ]


@given(seed=st.integers(0, 10_000))
def test_whatever_can_be_written_can_be_said(seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = write_pack(a_pack(Random(seed)), tmp_path_factory.getbasetemp() / "spoken" / "random")
    for rule in load_rulebook([folder]).rules:
        said = [
            str(clause(rule.when)),
            *(quantity(effect.points) for effect in rule.effects if effect.points is not None),
        ]
        assert all(said)
        assert not any(mark in text for text in said for mark in ("@", "_", "==", "$"))
