"""Who leads where, and how firmly, in one sentence."""

from report.build import a_cell, a_result, a_standing

from policyengine.report.blocks import Tone
from policyengine.report.headline import headline, sentence


def said(*cells: object) -> str:
    result = a_result(cells)  # type: ignore[arg-type]
    return "".join(piece.text for piece in headline(result))


def test_one_lead_leads() -> None:
    assert said(a_cell("first_layer", ["A"])) == "Land A leads on first layer (firm)."


def test_several_leads_lead() -> None:
    assert said(a_cell("first", ["A", "B"])) == "Land A and Land B lead on first (firm)."


def test_layers_with_the_same_leads_stand_together_the_firm_ones_first() -> None:
    cells = [a_cell("w", ["A"], settled=False), a_cell("x", ["A"]), a_cell("y", ["B"]), a_cell("z", ["A"])]
    assert said(*cells) == "Land A leads on x and z (firm) and on w (unsettled); Land B leads on y (firm)."
    cells = [a_cell("w", ["A"], settled=False), a_cell("y", ["B"]), a_cell("v", []), a_cell("u", [], settled=False)]
    assert said(*cells) == (
        "Land B leads on y (firm); Land A leads on w (unsettled); "
        "there is no recommendation for v and for u (unsettled)."
    )


def test_many_degrees_of_firmness_are_listed() -> None:
    cells = [
        a_cell("x", ["A"], "contested", settled=False),
        a_cell("y", ["A"], settled=False),
        a_cell("z", ["A"]),
    ]
    assert said(*cells) == ("Land A leads on z (firm), on y (unsettled) and on x (contested, unsettled).")


def test_what_is_contested_or_unsettled_is_said_and_stands_out() -> None:
    cell = a_cell("x", ["A"], "contested", settled=False)
    assert said(cell) == "Land A leads on x (contested, unsettled)."
    result = a_result([cell])
    assert [piece.text for piece in sentence(result, [cell]) if piece.tone is Tone.WARNING] == ["contested, unsettled"]


def test_a_layer_without_points_has_no_recommendation() -> None:
    assert said(a_cell("x", [])) == "There is no recommendation for x."
    assert said(a_cell("x", [], settled=False)) == "There is no recommendation for x (unsettled)."


def test_a_layer_whose_points_lie_with_those_who_may_not_lead_has_no_lead() -> None:
    barred = a_standing("A", "support", barred="from lead")
    assert said(a_cell("x", [], standings=[barred])) == "Nobody may lead on x."


def test_long_lists_of_leads_are_shortened() -> None:
    assert said(a_cell("x", list("ABCDE"))) == "Land A, Land B, Land C and 2 others lead on x (firm)."


def test_several_threats_are_told_in_numbers() -> None:
    cells = [
        a_cell("x", ["A"], threat="s"),
        a_cell("y", ["A"], "contested", threat="s"),
        a_cell("x", ["B"], settled=False, threat="t"),
        a_cell("y", [], threat="t"),
    ]
    assert said(*cells) == (
        "Over 2 threats and 2 layers, 3 of 4 have a lead: 1 firm, 1 contested, 1 unsettled. "
        "Most leads: Land A (2) and Land B (1)."
    )


def test_layers_with_the_same_leads_for_every_threat_are_told_of_as_firmly_as_the_least_firm() -> None:
    cells = [
        a_cell("x", ["A"], threat="s"),
        a_cell("y", ["B"], threat="s"),
        a_cell("x", ["A"], threat="t", settled=False),
        a_cell("y", ["A"], threat="t"),
    ]
    assert said(*cells) == (
        "Over 2 threats and 2 layers, 4 of 4 have a lead: 3 firm, 1 unsettled. "
        "Whatever the threat, Land A leads on x (unsettled)."
    )


def test_a_result_without_any_lead_says_so() -> None:
    cells = [a_cell("x", [], threat="s"), a_cell("x", [], threat="t")]
    assert said(*cells) == "Over 2 threats and 1 layer, 0 of 2 have a lead: none firm."
