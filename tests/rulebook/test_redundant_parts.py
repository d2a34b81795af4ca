"""A part that is said to change nothing can be taken out: at random facts the condition holds as before."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebook.conftest import WritePacks, a_rule, marked
from rulebook.test_reasoning import SCHEMA, facts_at_random, parts_of

from policyengine.engines.reference import evaluate
from policyengine.lang.nodes import FALSE, TRUE, Node, apply
from policyengine.rulebook.checks.redundant_parts import redundant
from policyengine.rulebook.examine import examine_packs
from policyengine.rulebook.reasoning.proofs import Prover
from policyengine.rulebook.reasoning.ranges import Ranges


def without(node: Node, part: Node) -> Node:
    """A condition without one part: what stands alone below a `not` goes with it."""
    kept = [arg for arg in node.args if not _comes_down_to(arg, part)] if node.op in ("and", "or") else list(node.args)
    if node.op in ("and", "or") and not kept:
        return TRUE if node.op == "and" else FALSE
    changed = tuple(without(arg, part) for arg in kept)
    return (
        changed[0] if node.op in ("and", "or") and len(changed) == 1 else Node(node.op, node.value, changed, node.type)
    )


def _comes_down_to(node: Node, part: Node) -> bool:
    return node is part or (node.op == "not" and _comes_down_to(node.args[0], part))


def joined_at_random(random: Random) -> Node:
    nodes = parts_of(random)
    while len(nodes) > 1:
        some = [nodes.pop(random.randrange(len(nodes))) for _ in range(min(len(nodes), random.randint(2, 3)))]
        joined = apply(random.choice(["and", "or"]), tuple(some))
        nodes.append(apply("not", (joined,)) if random.random() < 0.3 else joined)
    return nodes[0]


def take_out_what_is_redundant(seed: int, tries: int) -> int:
    random = Random(seed)
    when = joined_at_random(random)
    limits = [part.value for part in when.walk() if part.op == "literal" and isinstance(part.value, float)]
    found = [part for part, said, _ in redundant(Prover(Ranges()), when) if "are known" not in said]
    alone = [part for part in found if sum(each is part for each in when.walk()) == 1]
    for part in alone:
        shorter = without(when, part)
        for _ in range(tries):
            facts = facts_at_random(random, SCHEMA, limits)
            assert (evaluate(when, facts) is True) == (evaluate(shorter, facts) is True), (when, part)
    return len(alone)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_without_a_redundant_part_a_condition_holds_as_before(seed: int) -> None:
    take_out_what_is_redundant(seed, 20)


@pytest.mark.parametrize(
    ("when", "says"),
    [
        ("any(t.strength > 0.5 or t.since != t.since for t in ties)", "is never true here"),
        ("not any(t.strength > 0.5 or t.since != t.since for t in ties)", "is false wherever its values are known"),
        ("count(t.strength > 0.5 and t.strength > 0.2 for t in ties) < 2", "without it the rule fires in the same"),
        ("not any(t.strength > 0.5 and t.strength > 0.2 for t in ties)", "changes nothing here"),
    ],
)
def test_what_is_said_of_elements_depends_on_what_is_asked_of_them(
    write_packs: WritePacks, when: str, says: str
) -> None:
    root = write_packs({"mine/a/one.yaml": a_rule("one", when=f"|\n  {when}")})
    (found,) = (each for each in examine_packs([root / "mine"], evaluate).problems if each.code == "R204")
    assert says in found.message


def test_a_counterexample_that_was_found_stays_put_right() -> None:
    assert take_out_what_is_redundant(882, 60)


def test_such_parts_are_found_at_random() -> None:
    assert sum(take_out_what_is_redundant(seed, 1) for seed in range(200)) > 20


@pytest.mark.long
@settings(max_examples=5_000, deadline=None)
@given(st.integers(0, 2**32))
def test_without_a_redundant_part_a_condition_holds_as_before_in_the_long_run(seed: int) -> None:
    take_out_what_is_redundant(seed, 60)


@pytest.mark.parametrize(
    ("when", "part", "says"),
    [
        ("not (threat.agent and threat.reach > 0.2 and threat.reach > 0.1)", "threat.reach > 0.1", "changes nothing"),
        ("not (threat.agent or threat.kind == 'fire' or threat.agent)", "threat.agent", "changes nothing here"),
        ("any(t.since > 1990 and t.strength >= 0 for t in ties)", "t.strength >= 0", "wherever its values are known"),
        (
            "threat.agent and (threat.kind == 'fire' and threat.agent or threat.kind == 'flood')",
            "threat.agent",
            "follows from the rest",
        ),
        (
            "threat.kind in ('fire', 'flood') and threat.kind in ('fire',)",
            "threat.kind in ('fire', 'flood')",
            "follows",
        ),
        ("threat.agent and threat.kind in ('fire', 'fire')", "'fire'", "stands twice in this list"),
        (
            "threat.agent and other.id != jurisdiction.id",
            "other.id != jurisdiction.id",
            "wherever its values are known",
        ),
        ("any(t.kind == 'pact' for t in ties if t.strength > 0.5 and t.strength > 0.2)", "t.strength > 0.2", "follows"),
    ],
)
def test_a_part_is_found_wherever_it_stands(write_packs: WritePacks, when: str, part: str, says: str) -> None:
    root = write_packs({"mine/a/one.yaml": a_rule("one", when=f"|\n  {when}")})
    (problem,) = (each for each in examine_packs([root / "mine"], evaluate).problems if each.code == "R204")
    assert marked(problem) == part
    assert says in problem.message


@pytest.mark.parametrize("when", ["known(threat.severity) and threat.severity > param.high", "not (not threat.agent)"])
def test_a_part_that_keeps_a_rule_from_being_undecided_is_left_alone(write_packs: WritePacks, when: str) -> None:
    root = write_packs({"mine/a/one.yaml": a_rule("one", when=when)})
    assert not [each for each in examine_packs([root / "mine"], evaluate).problems if each.code == "R204"]
