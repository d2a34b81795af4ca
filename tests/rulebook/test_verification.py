"""A made-up deck about a village bakery stands in for every document that a register may describe."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyengine.rulebook.verification import TITLE, Finding, Outcome, fingerprint, locate, normalise, verify

if TYPE_CHECKING:
    from collections.abc import Callable

HEADINGS = ["Contents", "Flour", "Ovens", "Price of Bread", "Summing up"]

DECK = """\
Bread for the Village

A. Baker, Guild of Millers

Contents

Flour from the valley

Ovens

□ Summing up

Flour

□ 1) Rye keeps longer than wheat
□ 2) The mill is “too far”...

Ovens

- **D** Wood beats gas – always
- **Kinds:**
 - The round oven
 - The village oven

Price of Bread
- Summing the costs, bread is cheap

Summing up

Bake less, share more
"""


@dataclass(frozen=True)
class Claim:
    """The least that verification asks of a claim."""

    claim: str
    heading: str
    position: int
    fingerprint: str | None


def a_claim(claim: str, heading: str, position: int, statement: str | None) -> Claim:
    return Claim(claim, heading, position, statement and fingerprint(statement))


REGISTER = [
    a_claim("title", TITLE, 1, "Bread for the Village"),
    a_claim("valley", "Contents", 1, "Flour from the valley"),
    a_claim("on-ovens", "Contents", 2, "Ovens"),
    a_claim("on-the-end", "Contents", 3, "Summing up"),
    a_claim("rye", "Flour", 1, "Rye keeps longer than wheat"),
    a_claim("mill", "Flour", 2, 'The mill is "too far"'),
    a_claim("wood", "Ovens", 1, "Wood beats gas - always"),
    a_claim("round", "Ovens", 3, "The round oven"),
    a_claim("village", "Ovens", 4, "The village oven"),
    a_claim("price", "Price of Bread", 0, "Price of bread"),
    a_claim("cheap", "Price of Bread", 1, "Summing the costs, bread is cheap"),
    a_claim("share", "Summing up", 1, "Bake less, share more"),
    a_claim("less", "Summing up", 1, "Bake less, share more"),
]


def exceptions(text: str, register: list[Claim] = REGISTER) -> list[tuple[Outcome, str | None, str | None]]:
    """Whatever is not found as recorded: outcome, claim, and the text that bears it."""
    return [
        (finding.outcome, finding.claim, finding.statement.text if finding.statement else None)
        for finding in verify(register, text)
        if finding.outcome is not Outcome.FOUND
    ]


def the_finding(slug: str, text: str) -> Finding:
    (finding,) = [finding for finding in verify(REGISTER, text) if finding.claim == slug]
    return finding


def places(text: str) -> list[tuple[str, int]]:
    return [(statement.heading, statement.position) for statement in locate(text, HEADINGS)]


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("  Rye\tkeeps \u00a0longer ", "rye keeps longer"),
        ("□ Rye", "rye"),
        ("- □ 1) Rye", "rye"),
        ("\uf0b7Rye", "rye"),
        ("* Rye", "rye"),
        ("- **D** Rye", "rye"),
        ("(a) Rye", "rye"),
        ("12. Rye", "rye"),
        ("**Rye** and __wheat__", "rye and wheat"),
        ("“Rye” isn’t «wheat»", '"rye" isn\'t "wheat"'),
        ("rye – wheat — oats − barley", "rye - wheat - oats - barley"),
        ("Rye…", "rye"),
        ("Rye ...", "rye"),
        ("Rye?", "rye?"),
        ("\ufeffRye", "rye"),
        ("Que\u0301bec", "québec"),
        ("ﬂour", "flour"),
        ("9/11 rolls", "9/11 rolls"),
        ("6 rolls", "6 rolls"),
        ("-rye", "-rye"),
        ("D is for dough", "d is for dough"),
        ("□", ""),
    ],
)
def test_normalising_removes_what_a_copy_may_change_and_nothing_else(written: str, normal: str) -> None:
    assert normalise(written) == normal


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("*_-□•1a.)( \u2026’´"))))
def test_normalising_twice_changes_nothing_more(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_fingerprint_is_the_sha256_of_the_normalised_statement() -> None:
    assert fingerprint("- **D** Québec…") == hashlib.sha256("québec".encode()).hexdigest()


def test_statements_are_numbered_under_their_heading_which_is_number_nought() -> None:
    assert places(DECK) == [
        (TITLE, 1),
        (TITLE, 2),
        *[("Contents", number) for number in range(4)],
        *[("Flour", number) for number in range(3)],
        *[("Ovens", number) for number in range(5)],
        *[("Price of Bread", number) for number in range(2)],
        *[("Summing up", number) for number in range(2)],
    ]


def test_a_statement_knows_its_line_and_its_text_as_written() -> None:
    statement = next(statement for statement in locate(DECK, HEADINGS) if "Rye" in statement.text)

    assert (statement.line, statement.text) == (15, "□ 1) Rye keeps longer than wheat")


def test_headings_of_an_overview_that_lists_them_all_stay_items() -> None:
    text = "Contents\nFlour\nOvens\nFlour\nWhite\nOvens\nRound"

    assert places(text) == [
        *[("Contents", n) for n in range(3)],
        ("Flour", 0),
        ("Flour", 1),
        ("Ovens", 0),
        ("Ovens", 1),
    ]


def test_a_heading_that_the_copy_lacks_does_not_hide_the_later_ones() -> None:
    assert places("Contents\nOvens\nRound") == [("Contents", 0), ("Ovens", 0), ("Ovens", 1)]


def test_lines_without_a_letter_are_no_statements() -> None:
    assert places("Flour\nRye\n\n 17 \n----\n□\nWheat") == [("Flour", 0), ("Flour", 1), ("Flour", 2)]


@pytest.mark.parametrize("text", ["", "\n\n", "no heading at all"])
def test_a_text_without_headings_is_all_title(text: str) -> None:
    assert {heading for heading, _ in places(text)} <= {TITLE}


def test_every_claim_of_a_faithful_copy_is_found_as_recorded() -> None:
    findings = verify(REGISTER, DECK)

    assert [finding.claim for finding in findings] == [claim.claim for claim in REGISTER]
    assert {finding.outcome for finding in findings} == {Outcome.FOUND}


@pytest.mark.parametrize(
    "rewrite",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="Windows line endings"),
        pytest.param(lambda text: text.replace("\n", "\r"), id="old Macintosh line endings"),
        pytest.param(lambda text: text.replace("\n\n", "\n"), id="no blank lines"),
        pytest.param(lambda text: text.replace("\n", "\n\n"), id="more blank lines"),
        pytest.param(lambda text: text.replace("□ ", "• ").replace(" - ", "   * "), id="other bullets"),
        pytest.param(lambda text: text.replace("□ ", "").replace("- ", ""), id="no bullets"),
        pytest.param(str.upper, id="capitals"),
        pytest.param(lambda text: text.replace("\n\n", "\n\n\f3\n\n"), id="page breaks and page numbers"),
        pytest.param(lambda text: "\ufeff" + text, id="byte order mark"),
    ],
)
def test_the_look_of_a_copy_does_not_matter(rewrite: Callable[[str], str]) -> None:
    assert exceptions(rewrite(DECK)) == []


def test_reordered_bullets_are_reported_as_moved_with_their_new_place() -> None:
    text = DECK.replace(" - The round oven\n - The village oven\n", " - The village oven\n - The round oven\n")

    assert exceptions(text) == [
        (Outcome.MOVED, "round", "- The round oven"),
        (Outcome.MOVED, "village", "- The village oven"),
    ]
    statement = the_finding("round", text).statement
    assert statement is not None
    assert (statement.heading, statement.position, statement.line) == ("Ovens", 4, 23)


def test_a_statement_under_another_heading_is_reported_as_moved() -> None:
    text = DECK.replace("□ 1) Rye keeps longer than wheat\n", "") + "Rye keeps longer than wheat\n"

    assert exceptions(text) == [
        (Outcome.MOVED, "rye", "Rye keeps longer than wheat"),
        (Outcome.MOVED, "mill", "□ 2) The mill is “too far”..."),
    ]


def test_changed_text_is_reported_with_what_stands_there_now() -> None:
    text = DECK.replace("Rye keeps longer", "Oats keep longer")

    assert exceptions(text) == [(Outcome.CHANGED, "rye", "□ 1) Oats keep longer than wheat")]


def test_a_change_is_reported_for_every_claim_that_rests_on_the_statement() -> None:
    text = DECK.replace("share more", "sell more")

    assert exceptions(text) == [
        (Outcome.CHANGED, "share", "Bake less, sell more"),
        (Outcome.CHANGED, "less", "Bake less, sell more"),
    ]


def test_a_statement_that_has_gone_is_missing() -> None:
    assert exceptions(DECK.replace("- Summing the costs, bread is cheap\n", "")) == [(Outcome.MISSING, "cheap", None)]


def test_a_statement_whose_place_another_took_is_missing_not_changed() -> None:
    text = DECK.replace(" - The round oven\n", "")

    assert exceptions(text) == [
        (Outcome.MISSING, "round", None),
        (Outcome.MOVED, "village", "- The village oven"),
    ]


def test_an_item_that_has_gone_is_not_found_in_the_heading_of_the_same_words() -> None:
    assert exceptions(DECK.replace("□ Summing up\n", "", 1)) == [(Outcome.MISSING, "on-the-end", None)]


def test_a_heading_that_has_gone_is_missing_and_its_statements_have_moved() -> None:
    assert exceptions(DECK.replace("Price of Bread\n", "")) == [
        (Outcome.MISSING, "price", None),
        (Outcome.MOVED, "cheap", "- Summing the costs, bread is cheap"),
    ]


def test_an_extra_statement_is_reported_as_covered_by_no_claim() -> None:
    assert exceptions(DECK + "- And one more thing\n") == [(Outcome.UNCOVERED, None, "- And one more thing")]


def test_a_repeated_statement_is_covered_once() -> None:
    text = DECK.replace(" - The village oven\n", " - The village oven\n - The village oven\n")

    (finding,) = [finding for finding in verify(REGISTER, text) if finding.outcome is Outcome.UNCOVERED]
    assert finding.statement is not None
    assert finding.statement.position == 5


def test_title_lines_headings_and_labels_need_no_claim() -> None:
    uncovered = [text for outcome, _, text in exceptions(DECK, register=REGISTER[1:3]) if outcome is Outcome.UNCOVERED]

    assert "A. Baker, Guild of Millers" not in uncovered
    assert "- **Kinds:**" not in uncovered
    assert "- **D** Wood beats gas – always" in uncovered


def test_a_claim_without_fingerprint_is_neither_confirmed_nor_refuted() -> None:
    register = [*REGISTER[:-1], a_claim("less", "Summing up", 1, None)]

    assert exceptions(DECK, register) == [(Outcome.UNRECORDED, "less", "Bake less, share more")]


def test_a_register_may_spell_its_headings_in_its_own_way() -> None:
    register = [*REGISTER, a_claim("again", "price of  bread…", 1, "Summing the costs, bread is cheap")]

    assert exceptions(DECK, register) == []


def test_no_claims_and_no_text_give_no_findings() -> None:
    assert verify([], "") == []
