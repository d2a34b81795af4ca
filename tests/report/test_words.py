"""Numbers and names in sentences."""

import pytest

from policyengine.report.words import aligned_points, capital, count, listing, per_cent, points, what_was_read


@pytest.mark.parametrize(
    ("millionths", "text"),
    [
        (0, "0"),
        (3_000_000, "3"),
        (2_500_000, "2.5"),
        (2_075_000, "2.08"),
        (6_825_000, "6.82"),
        (6_815_000, "6.82"),
        (-700_000, "-0.7"),
        (4_999, "0"),
        (-4_999, "0"),
        (12_345_678_901, "12345.68"),
    ],
)
def test_points_have_at_most_two_decimals_rounded_half_to_even(millionths: int, text: str) -> None:
    assert points(millionths) == text


def test_points_may_carry_their_sign() -> None:
    assert [points(each, sign=True) for each in (1_000_000, -1_000_000, 0)] == ["+1", "-1", "0"]


@pytest.mark.parametrize(
    ("millionths", "text"), [(0, "0.00"), (1_700_000, "1.70"), (-2_400_000, "-2.40"), (-1, "0.00")]
)
def test_points_of_a_column_have_two_decimals(millionths: int, text: str) -> None:
    assert aligned_points(millionths) == text


def test_a_share_is_a_whole_per_cent_or_a_dash() -> None:
    assert (per_cent(36), per_cent(0), per_cent(None)) == ("36\u00a0%", "0\u00a0%", "-")


@pytest.mark.parametrize(
    ("names", "most", "text"),
    [
        ([], 0, ""),
        (["A"], 0, "A"),
        (["A", "B"], 0, "A and B"),
        (["A", "B", "C"], 0, "A, B and C"),
        (["A", "B", "C"], 2, "A, B and C"),
        (["A", "B", "C", "D"], 2, "A, B and 2 others"),
        (["Bosnia and Herzegovina", "C"], 0, "Bosnia and Herzegovina, as well as C"),
    ],
)
def test_names_are_listed_as_in_a_sentence(names: list[str], most: int, text: str) -> None:
    assert listing(names, most) == text


def test_a_number_stands_with_its_noun() -> None:
    assert [count(1, "rule"), count(2, "rule"), count(8, "basis", "bases"), count(1200, "rule")] == [
        "1 rule",
        "2 rules",
        "8 bases",
        "1,200 rules",
    ]


def test_what_was_read_of_a_source_is_said_plainly() -> None:
    assert what_was_read("general_knowledge") == "not read, from general knowledge"
    assert what_was_read("a_new_word") == "a new word"


def test_only_the_first_letter_becomes_a_capital() -> None:
    assert (capital("local US police"), capital("")) == ("Local US police", "")
