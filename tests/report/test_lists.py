"""Lists of claims, rules and scenarios, and the verification of a register."""

from __future__ import annotations

from collections.abc import Iterable

from policyengine.report.blocks import Block
from policyengine.report.claims import CarriedClaim, carried_claims, claims_report
from policyengine.report.paper import Paper
from policyengine.report.rules import rule_data, rule_report, rules_report
from policyengine.report.text import render_text
from policyengine.report.verification import is_bad, verification_data, verification_report
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.verification import Finding, Outcome, Statement


def flat(blocks: Iterable[Block]) -> str:
    return " ".join(render_text(blocks, Paper()).split())


def test_every_claim_names_what_carries_it_or_why_nothing_does(rulebook: Rulebook) -> None:
    text = flat(claims_report(rulebook, carried_claims(rulebook)))
    for claim in carried_claims(rulebook):
        assert " ".join(claim.paraphrase.split()) in text
        assert claim.carried or claim.excuse
    assert "carried by layered-border/provinces-tackle-diffuse-threats" in text
    assert "gives parameter layered-border/full_network" in text
    assert "no rule: " in text


def test_rules_of_all_packs_are_found_for_a_claim(rulebook: Rulebook) -> None:
    carriers = {claim.claim: claim.rules for claim in carried_claims(rulebook)}
    for rule in rulebook.rules:
        for claim in rule.claims:
            assert rule.name in carriers[claim]


def test_the_uncarried_are_those_that_nothing_carries(rulebook: Rulebook) -> None:
    bare = carried_claims(rulebook, uncarried=True)
    assert bare
    assert not any(claim.rules or claim.parameters for claim in bare)
    assert {claim.source for claim in carried_claims(rulebook, "sharing-the-burden")} == {"sharing-the-burden"}


def test_a_claim_without_rule_and_reason_stands_out(rulebook: Rulebook) -> None:
    hole = CarriedClaim("sharing-the-burden/x", "sharing-the-burden", "H", 1, "claim", "denied", "Words.", (), (), None)
    text = flat(claims_report(rulebook, [hole]))
    assert "1 claim; 1 carried by no rule or parameter, 1 of them without a written reason." in text
    assert "x (claim, denied, number 1): Words." in text
    assert "carried by nothing, and no reason is written" in text


def test_the_list_of_rules_names_each_once_under_its_pack(rulebook: Rulebook) -> None:
    text = render_text(rules_report(rulebook.rules), Paper(400))
    for rule in rulebook.rules:
        assert text.count(f"• {rule.id} ({rule.nature}): ") == sum(each.id == rule.id for each in rulebook.rules)


def test_a_rule_is_shown_with_everything_behind_it(rulebook: Rulebook) -> None:
    rule = next(rule for rule in rulebook.rules if rule.id == "partner-network-speaks")
    text = flat(rule_report(rulebook, rule))
    for part in (
        "When",
        "Then",
        "Parameters",
        "Claims",
        "Examples",
        "network_cap = 1.5",
        "(from 0.5 to 3)",
        "undecided",
    ):
        assert part in text
    assert " ".join(rule.why.split()) in text
    assert " ".join(rule.when_text.split()) in text


def test_every_rule_can_be_shown(rulebook: Rulebook) -> None:
    for rule in rulebook.rules:
        assert rule.name in render_text(rule_report(rulebook, rule), Paper())
        data = rule_data(rulebook, rule)
        assert (data["rule"], list(data["claims"])) == (rule.id, list(rule.claims))


FOUND = Finding(Outcome.FOUND, "a", Statement("H", 1, "text", 3))
MOVED = Finding(Outcome.MOVED, "b", Statement("H", 2, "text", 4))
MISSING = Finding(Outcome.MISSING, "c", None)
UNCOVERED = Finding(Outcome.UNCOVERED, None, Statement("H", 3, "A line.", 5))
UNRECORDED = Finding(Outcome.UNRECORDED, "d", None)


def test_findings_are_told_by_kind() -> None:
    text = flat(verification_report("s", "f.txt", [FOUND, MOVED, MISSING, UNCOVERED]))
    assert "4 findings: 1 found as recorded, 1 moved, 1 missing, 1 covered by no claim." in text
    assert "b (line 4, number 2 under “H”)" in text
    assert "c stands nowhere in the copy" in text
    assert "A line. (line 5, number 3 under “H”)" in text


def test_a_register_that_holds_is_told_too() -> None:
    assert "Register and copy agree." in flat(verification_report("s", "f.txt", [FOUND, UNRECORDED]))
    assert [is_bad(each) for each in (FOUND, UNRECORDED, MOVED, MISSING, UNCOVERED)] == [False, False, True, True, True]


def test_findings_are_data_too() -> None:
    assert verification_data([MOVED, MISSING]) == [
        {"outcome": "moved", "claim": "b", "heading": "H", "position": 2, "line": 4},
        {"outcome": "missing", "claim": "c", "heading": None, "position": None, "line": None},
    ]
