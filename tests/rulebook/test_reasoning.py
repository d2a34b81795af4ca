"""What is proven of conditions is right: no facts at random speak against it."""

from __future__ import annotations

from itertools import islice, pairwise
from math import inf, isfinite, nextafter
from random import Random
from typing import Any

import pytest
import random_packs
from hypothesis import given, settings
from hypothesis import strategies as st

from policyengine.engines.reference import evaluate
from policyengine.lang.check import check
from policyengine.lang.nodes import Node
from policyengine.lang.types import Boolean, Collection, Number, Record, Schema, Type, Word, Words
from policyengine.rulebook.reasoning.proofs import Prover
from policyengine.rulebook.reasoning.ranges import NEVER_THE_SAME, Ranges
from policyengine.rulebook.reasoning.witness import cases, records

RANDOM = Random(7)
KINDS = ("storm", "theft")
PACK = random_packs.a_pack(RANDOM)["pack"]
PACK["vocabulary"]["threat_kinds"] = {word: {"means": word} for word in KINDS}
SCHEMA = random_packs.schema_of(PACK, ["threat.seen", "jurisdiction.seen"])
ROOTS = ("threat", "jurisdiction", "tie", "other")
PROVER = Prover(Ranges())
IDS = ("jurisdiction.id", "other.id", "tie.partner.id", "jurisdiction.parent")
PARAMETERS = {f"{name}@random": 0.5 for name in random_packs.PARAMETERS}


def condition(text: str) -> Node:
    checked = check(text, SCHEMA, Boolean)
    assert checked.node is not None, checked.mistakes
    return checked.node


NEVER = [
    "threat.severity > 1",
    "threat.severity >= 0.5 and threat.severity < 0.5",
    "threat.severity >= 0.5 and not threat.severity >= 0.3",
    "threat.severity > threat.reach and threat.reach > threat.severity",
    "threat.severity >= threat.reach and threat.severity < threat.reach",
    "threat.severity > threat.reach and threat.reach > threat.exposure and threat.exposure >= threat.severity",
    "threat.severity * 0.5 > 0.5",
    "threat.severity + threat.reach > 2",
    "threat.agent and not threat.agent",
    "threat.agent == False and threat.agent",
    "not known(threat.severity) and threat.severity >= 0",
    "not known(param.low)",
    'threat.kind == "storm" and threat.kind != "storm"',
    'threat.kind not in ("storm", "theft")',
    '"order" in jurisdiction.competences and "order" not in jurisdiction.competences',
    "threat.severity in (0.2, 0.4) and threat.severity > 0.4",
    "threat.severity <= 0 and threat.severity != 0",
    "any(t.strength > 1 for t in jurisdiction.ties)",
    "param.low > 1",
    "False or (threat.agent and not (threat.agent or threat.severity > 0.3))",
    "threat.attributes.wide * 0 > 0",
    "count(t.strength > 0 for t in jurisdiction.ties) < 0",
    "scenario.year > 2010 and scenario.year < 2011",
    "2010 < scenario.year and scenario.year * 2 < 4022",
    "count(t.strength > 0 for t in jurisdiction.ties) == 1.5",
    "2 < count(t.strength > 0 for t in jurisdiction.ties) < 3",
    "any(t.strength > 0.5 for t in jurisdiction.ties) and count(t.strength > 0.5 for t in jurisdiction.ties) == 0",
    "all(t.strength > 0.5 for t in jurisdiction.ties) and any(t.strength < 0.3 for t in jurisdiction.ties)",
    "any(t.strength > 0.5 for t in ties) and not any(t.strength > 0.2 for t in ties)",
    "not all(t.strength > 0.2 for t in ties) and all(t.strength > 0.5 for t in ties)",
    "any(t.strength > threat.reach for t in ties) and threat.reach >= 0.5 and all(t.strength < 0.5 for t in ties)",
    "max(t.strength for t in ties) > 0.8 and all(t.strength < 0.5 for t in ties)",
    "min(t.strength for t in ties) > 0.8 and any(t.strength < 0.5 for t in ties)",
    "any(t.strength > 0.5 for t in ties if known(t.since)) and all(t.strength < 0.5 for t in ties if known(t.since))",
    "threat.severity - threat.severity > 0",
    "threat.severity + threat.reach >= 1.2 and threat.severity - threat.reach >= 0.9",
    "max(threat.severity, threat.reach) < threat.severity",
    "min(threat.severity, threat.reach) > threat.reach",
    "1 / threat.severity < 1",
    "jurisdiction.id == other.id",
    "tie.partner.id == jurisdiction.id",
    'jurisdiction.level == other.level and jurisdiction.level == "lower" and other.level == "upper"',
    "threat.agent == jurisdiction.marks.seen and threat.agent and not jurisdiction.marks.seen",
]
MAY = [
    "threat.severity >= 1",
    "threat.severity > param.low",
    "threat.severity > 0.5 and threat.reach > threat.severity",
    "known(threat.severity) and not known(threat.reach)",
    "any(t.strength >= 1 for t in jurisdiction.ties)",
    'threat.kind == "storm" or threat.kind != "storm"',
    "threat.attributes.wide / threat.severity > 1e300",
    "scenario.year > 2010 and scenario.year < 2012",
    "1 / threat.severity <= 1",
    "any(t.strength > 0.5 for t in ties) and not all(t.strength > 0.2 for t in ties)",
    "any(t.strength > 0.5 for t in ties) and all(t.strength < 0.5 for t in jurisdiction.ties)",
    "any(t.strength > 0.5 for t in ties) and all(t.strength < 0.5 for t in ties if known(t.since))",
    "max(threat.severity, threat.reach) > threat.severity",
    "threat.severity + threat.reach >= 1.2 and threat.severity - threat.reach >= 0.8",
]


@pytest.mark.parametrize("text", NEVER)
def test_what_can_never_hold_is_seen(text: str) -> None:
    assert PROVER.cannot((condition(text), True))


@pytest.mark.parametrize("text", MAY)
def test_what_may_hold_is_left_alone(text: str) -> None:
    assert not PROVER.cannot((condition(text), True))


@pytest.mark.parametrize(
    ("whole", "part", "follows"),
    [
        ("threat.severity >= 0.5", "threat.severity >= 0.3", True),
        ("threat.severity >= 0.3", "threat.severity >= 0.5", False),
        ("threat.severity >= 0.3 and threat.reach > 0.2", "threat.severity >= 0.3", True),
        ("threat.agent", "threat.severity >= 0", False),
        ("threat.severity > threat.reach", "threat.severity >= threat.reach", True),
        ('threat.kind == "storm"', 'threat.kind != "theft"', True),
        ("threat.agent", "known(threat.agent)", True),
        ("threat.severity > 0.5", "threat.severity / threat.severity >= 0", False),
        ("any(t.strength > 0.5 for t in ties)", "any(t.strength > 0.3 for t in ties)", True),
        ("any(t.strength > 0.3 for t in ties)", "any(t.strength > 0.5 for t in ties)", False),
        ("count(t.strength > 0.5 for t in ties) >= 2", "any(t.strength > 0.5 for t in ties)", True),
        ("all(t.strength > 0.5 for t in ties)", "all(t.strength > 0.3 for t in ties)", True),
        ("not any(t.strength > 0.3 for t in ties)", "not any(t.strength > 0.5 for t in ties)", True),
        ("not all(t.strength > 0.3 for t in ties)", "not all(t.strength > 0.5 for t in ties)", True),
        ("not any(t.strength > 0.3 for t in ties)", "not any(t.since > 1990 for t in ties)", False),
        ("any(t.strength > 0.3 for t in ties)", "any(t.strength > 0.3 for t in jurisdiction.ties)", False),
        ("all(t.strength > 0.3 for t in ties)", "any(t.strength > 0.3 for t in ties)", False),
    ],
)
def test_what_follows_is_also_known(whole: str, part: str, follows: bool) -> None:
    assert PROVER.follows([condition(whole)], condition(part)) is follows


def value_of(random: Random, kind: Type, limits: list[float]) -> Any:  # noqa: PLR0911 - one line for each type
    if random.random() < 0.15:
        return None
    match kind:
        case Number():
            ends = [kind.low, kind.high, 0.0, -0.0, 5e-324, 0.5, *limits]
            near = [nextafter(each, way) for each in ends for way in (-inf, inf)]
            if kind.whole:
                ends, near = [*map(round, filter(isfinite, ends)), 2010.0], []
            return random.choice([each for each in [*ends, *near] if kind.low <= each <= kind.high])
        case Boolean():
            return random.random() < 0.5
        case Word():
            return random.choice(sorted(kind.options or ("A", "B")))
        case Words():
            return frozenset(word for word in sorted(kind.options or ()) if random.random() < 0.5)
        case Record():
            return record_of(random, kind, limits)
    return [record_of(random, kind.element, limits) for _ in range(random.randint(0, 2))]


def record_of(random: Random, kind: Record, limits: list[float]) -> dict[str, Any]:
    return {field.key or path: value_of(random, field.type, limits) for path, field in kind.fields.items()}


def record_and_leaf(facts: dict[str, Any], path: tuple[str, ...]) -> tuple[dict[str, Any], str]:
    for step in path[:-1]:
        facts = facts.get(step) or {}
    return facts, path[-1]


def facts_at_random(random: Random, schema: Schema, limits: list[float]) -> dict[str, Any]:
    facts = {root: value_of(random, kind, limits) or {} for root, kind in schema.items() if isinstance(kind, Record)}
    facts |= {root: value_of(random, kind, limits) for root, kind in schema.items() if isinstance(kind, Collection)}
    for path in NEVER_THE_SAME:
        one, other = (record_and_leaf(facts, each) for each in path)
        if one[0].get(one[1]) == other[0].get(other[1]):
            other[0][other[1]] = None
    parameters = schema["param"]
    assert isinstance(parameters, Record)
    facts["param"] = {field.key: random.choice([0.0, 0.5, 1.0, *limits]) for field in parameters.fields.values()}
    facts["param"] = {key: min(max(value, 0.0), 1.0) for key, value in facts["param"].items()}
    return facts


def parts_of(random: Random) -> list[Node]:
    """Conditions at random that have names in common, so that they have something to do with one another."""
    writer = random_packs.Expressions(random, SCHEMA, random.choice([("threat",), ("threat", "jurisdiction"), ROOTS]))
    texts = [writer.condition(random.randint(0, 2)) for _ in range(3)]
    if random.random() < 0.6:
        name = random.choice(["threat.severity", "threat.reach", "threat.attributes.wide", "-threat.severity"])
        other = random.choice(["threat.severity", "0.5", "param.low", "0", "threat.reach * 0.3"])
        texts += [f"{name} {random.choice(['<', '<=', '>', '>=', '==', '!='])} {other}" for _ in range(2)]
    if random.random() < 0.5:
        texts += [element_condition(random) for _ in range(3)]
    if random.random() < 0.4:
        texts += [f"{random.choice(IDS)} {random.choice(['==', '!='])} {random.choice(IDS)}" for _ in range(2)]
        texts += [f"{a_sum(random)} {random.choice(['<', '<=', '>', '>=', '=='])} {a_sum(random)}" for _ in range(2)]
    random.shuffle(texts)
    return [condition(text) for text in texts]


def element_condition(random: Random) -> str:
    """A condition on the elements of one of two collections, so that several speak of the same ones."""
    limit = random.choice(["0", "0.3", "0.5", "param.low", "threat.severity"])
    body = f"t.strength {random.choice(['<', '<=', '>', '>='])} {limit}"
    test = random.choice(["", "", " if t.strength > 0.2", " if known(t.since)"])
    ending = f"for t in {random.choice(['ties', 'jurisdiction.ties'])}{test}"
    value = "min(t.strength", "max(t.strength", f"count({body}"
    compared = f"{random.choice(value)} {ending}) {random.choice(['<', '>=', '=='])} {random.choice(['0', '0.3', '1'])}"
    text = random.choice([f"any({body} {ending})", f"all({body} {ending})", compared])
    return random.choice(["", "not "]) + text


def a_sum(random: Random) -> str:
    """A number made of few names and numbers, so that one limit says something of another's parts."""
    names = ["threat.severity", "threat.reach", "scenario.year", "param.low", "0.1", "0.3", "1", "2010.5"]
    one, other = random.choice(names), random.choice(names)
    forms = f"{one} + {other}", f"{one} - {other}", f"{one} * 0.3", f"{one} / -3", f"max({one}, {other})", one
    return f"({random.choice([*forms, f'min({one}, {other})', f'abs({one} - {other})', f'1 / {one}'])})"


def search_for_counterexamples(seed: int, tries: int = 30) -> None:
    random = Random(seed)
    nodes = parts_of(random)
    limits = [part.value for node in nodes for part in node.walk() if part.op == "literal" and _is_number(part.value)]
    pairs = [(a, b) for a, b in pairwise([*nodes, nodes[0]]) if a is not b]
    never = [(a, b) for a, b in pairs if PROVER.cannot((a, True), (b, True))]
    alone = [(a, wanted) for a in nodes for wanted in (True, False) if PROVER.cannot((a, wanted))]
    follow = [(a, b) for a, b in pairs if PROVER.follows([a], b)]
    for _ in range(tries if never or alone or follow else 0):
        facts = facts_at_random(random, SCHEMA, limits)
        for a, b in never:
            assert not (evaluate(a, facts) is True and evaluate(b, facts) is True), (a, b)
        for a, wanted in alone:
            assert evaluate(a, facts) is not wanted, a
        for a, b in follow:
            assert evaluate(a, facts) is not True or evaluate(b, facts) is True, (a, b)


def _is_number(value: object) -> bool:
    return isinstance(value, float)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32))
def test_no_facts_at_random_speak_against_a_proof(seed: int) -> None:
    search_for_counterexamples(seed)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_facts_tried_before_a_proof_are_cases_of_the_condition_and_never_against_the_proof(seed: int) -> None:
    for narrow, wide in pairwise(parts_of(Random(seed))):
        found = [records(values) for values in islice(cases([narrow], Ranges(), evaluate), 20)]
        assert all(evaluate(narrow, facts) is True for facts in found)
        if PROVER.follows([narrow], wide):
            given = [{**facts, "param": {**PARAMETERS, **facts.get("param", {})}} for facts in found]
            assert all(evaluate(wide, facts) is True for facts in given), (narrow, wide)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_a_word_for_which_a_condition_may_hold_is_among_those_left(seed: int) -> None:
    random = Random(seed)
    kind = condition('threat.kind == "storm"').args[0]
    tests = ['threat.kind == "storm"', 'threat.kind not in ("storm",)', "not known(threat.kind)", "threat.agent"]
    texts = [f"({random.choice(tests)} {random.choice(['and', 'or'])} {random.choice(tests)})" for _ in range(3)]
    whole = condition(random.choice([" and ", " or "]).join(texts))
    may = {word for word in KINDS if not PROVER.cannot((whole, True), (condition(f'threat.kind == "{word}"'), True))}
    assert may <= PROVER.words_left(whole, kind, KINDS)


@pytest.mark.long
@settings(max_examples=20_000, deadline=None)
@given(st.integers(0, 2**32))
def test_no_facts_at_random_speak_against_a_proof_in_the_long_run(seed: int) -> None:
    search_for_counterexamples(seed, 60)
