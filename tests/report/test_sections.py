"""The sections of the report, each on a result that shows only what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest
from report.build import HASH, a_cell, a_result, a_standing, a_view

from policyengine.assess.result import (
    BurdenBasis,
    BurdenRow,
    BurdenVerdict,
    Caution,
    Cell,
    Engine,
    Fired,
    Measure,
    ModelRank,
    Open,
    Result,
    RuleNote,
)
from policyengine.report.advice import all_open, cautions, measures, unknowns
from policyengine.report.allocation import allocation
from policyengine.report.blocks import Block
from policyengine.report.burden import burden
from policyengine.report.facts import Facts
from policyengine.report.opinions import opinions
from policyengine.report.paper import Paper
from policyengine.report.ranking import ranking
from policyengine.report.stamp import stamp, who_is_who
from policyengine.report.text import render_text


def lines(blocks: Iterable[Block]) -> list[str]:
    """The lines of a section, without empty ones and rules."""
    shown = render_text(blocks, Paper()).splitlines()
    return [line for line in shown if line.strip("─= ")]


def test_a_table_names_layer_mode_role_and_both_shares() -> None:
    standings = [
        a_standing("A", "lead", 75, share_of_side=80),
        a_standing("B", "support", 20, share_of_side=100),
    ]
    shown = lines(allocation(a_result([a_cell("first_layer", ["A"], "parallel", standings=standings)])))
    assert shown[:5] == [
        "Threat: Threat t",
        "  role     who                 of all  of its side",
        "First layer: parallel",
        "  lead     Land A  ███████▌      75 %         80 %",
        "  support  Land B  ██            20 %        100 %",
    ]


def test_those_with_little_and_those_kept_out_are_noted() -> None:
    standings = [
        a_standing("A"),
        a_standing("B", "none", 4),
        a_standing("C", "none", 0, barred="from lead"),
        a_standing("D", "none", 0, barred="from layer"),
    ]
    shown = lines(allocation(a_result([a_cell("x", ["A"], standings=standings)])))
    assert "  less than a supporting part: Land B 4 %" in shown
    assert "  may not lead: Land C" in shown
    assert "  may have no part: Land D" in shown


@pytest.mark.parametrize(
    ("cell", "head"),
    [
        (a_cell("x", []), "X: no recommendation"),
        (a_cell("x", [], settled=False), "X: no recommendation, unsettled"),
        (a_cell("x", [], standings=[a_standing("A", "support", barred="from lead")]), "X: no lead"),
        (a_cell("x", ["A"], "contested", settled=False), "X: contested, unsettled"),
        (a_cell("x", ["A", "B"], "host"), "X: host"),
    ],
)
def test_the_head_of_a_layer_says_how_firm_its_leads_are(cell: Cell, head: str) -> None:
    assert head in lines(allocation(a_result([cell])))


def test_words_of_the_tables_are_explained_only_where_they_occur() -> None:
    firm = " ".join(lines(allocation(a_result([a_cell("x")]))))
    doubtful = " ".join(lines(allocation(a_result([a_cell("x", ["A"], "contested", settled=False)]))))
    assert ("Contested:" in firm, "Unsettled:" in firm) == (False, False)
    assert ("Contested:" in doubtful, "Unsettled:" in doubtful) == (True, True)


def views(*leads: tuple[Sequence[str], Sequence[str]]) -> Result:
    """Two opinion packs, with the leads of each on each layer."""
    together = [
        a_cell(f"layer{n}", first, "contested" if not set(first) & set(second) else None)
        for n, (first, second) in enumerate(leads)
    ]
    alone = [[a_cell(f"layer{n}", pair[side]) for n, pair in enumerate(leads)] for side in (0, 1)]
    return a_result(views=[a_view(together), a_view(alone[0], "first-pack"), a_view(alone[1], "second-pack")])


def test_packs_that_disagree_are_shown_side_by_side() -> None:
    assert lines(opinions(views((["A"], ["B"])))) == [
        "What each opinion pack says alone",
        "  pack or layer  leads",
        "Layer0: they disagree",
        "  first-pack     Land A",
        "  second-pack    Land B",
    ]


def test_packs_that_differ_only_in_part_do_not_disagree() -> None:
    assert "Layer0: they differ in part" in lines(opinions(views((["A"], ["A", "B"]))))


def test_layers_on_which_packs_agree_stand_together() -> None:
    shown = lines(opinions(views((["A"], ["A"]), (["A"], ["A"]), ([], []))))
    assert shown[2:] == ["They agree", "  Layer0 and layer1  Land A", "  Layer2             nobody"]


def test_one_opinion_alone_has_no_section() -> None:
    assert list(opinions(a_result([a_cell()]))) == []


def ranked(*scores: int) -> tuple[ModelRank, ...]:
    return tuple(
        ModelRank(model=f"model_{place}", rank=place + 1, score=score, firings=(0,))
        for place, score in enumerate(scores)
    )


def test_models_are_ranked_with_the_points_of_each_pack() -> None:
    together, alone = a_view([a_cell()]), a_view([a_cell()], "a-pack")
    result = a_result(
        views=[
            replace(together, models=ranked(1_500_000, -250_000)),
            replace(alone, models=ranked(0, 0)),
        ]
    )
    assert lines(ranking(result))[1:] == [
        "rank  model    points  a-pack",
        "   1  model 0    1.50    0.00",
        "   2  model 1   -0.25    0.00",
    ]


def test_a_rank_that_unknowns_could_change_is_named() -> None:
    models = ranked(2_000_000, 1_000_000, 0)
    unsure = (*(replace(each, settled=False) for each in models[:2]), replace(models[2], settled=True))
    said = lines(ranking(a_result(views=[replace(a_view([a_cell()]), models=unsure)])))
    assert said[-1] == "Unsettled: facts that are missing could change the rank of model 0 and model 1."
    said = lines(ranking(a_result(views=[replace(a_view([a_cell()]), models=models)])))
    assert not any("Unsettled" in line for line in said)


def test_models_that_no_rule_speaks_of_are_not_ranked() -> None:
    idle = tuple(ModelRank(model=name, rank=1, score=0, firings=()) for name in "xy")
    result = a_result(views=[replace(a_view([a_cell()]), models=idle)])
    assert lines(ranking(result)) == ["Models, ranked", "No rule that holds here speaks for or against a model."]
    assert list(ranking(a_result([a_cell()]))) == []


def test_a_burden_label_never_stands_without_its_bases() -> None:
    result = a_result(
        [a_cell()],
        burdens=(
            BurdenBasis(
                cost_measure="all_costs",
                basis="damage",
                gap=30,
                rows=(
                    BurdenRow(jurisdiction="A", cost_share=50, benefit_share=80, ratio=0.625, labels=("free rider",)),
                    BurdenRow(jurisdiction="B", cost_share=None, benefit_share=20, ratio=None, labels=()),
                ),
            ),
        ),
        burden_verdicts=(
            BurdenVerdict(jurisdiction="A", label="free rider", holds=1, bases=3, undetermined=2, firings=()),
            BurdenVerdict(jurisdiction="B", label="burden_sharer", holds=0, bases=1, undetermined=0, firings=()),
        ),
    )
    assert lines(burden(result)) == [
        "Burden",
        "• Land A",
        "  - free rider: under 1 of 3 bases, undetermined on 2",
        "• Land B",
        "  - burden sharer: under 0 of 1 basis",
        "benefit  cost counted  who     of cost  of benefit  ratio",
        "damage   all costs     Land A     50 %        80 %   0.62",
        "                       Land B  unknown        20 %      -",
        "Cost and benefit shares lie 30 % apart.",
    ]


def fired(rule: str, number: int = 1) -> tuple[Fired, ...]:
    one = Fired(rule=rule, effect=0, kind="measure", target="x", subject={}, strength=0)
    return (one,) * number


def test_a_measure_stands_once_with_all_its_parties_and_the_pack_that_asks_for_it() -> None:
    result = a_result(
        [a_cell()],
        measures=(
            Measure(text="Sign an accord", parties=("A", "B"), threats=("t",), firings=(0,)),
            Measure(text="Sign an accord", parties=("B",), threats=("t",), firings=(0,)),
        ),
        firings=fired("some-pack/some-rule"),
    )
    assert lines(measures(result))[1:] == ["• Sign an accord: Land A with Land B; Land B (some-pack)"]


def test_a_measure_for_some_threats_names_them() -> None:
    cells = [a_cell(threat="s"), a_cell(threat="t")]
    result = a_result(
        cells, measures=(Measure(text="Do it", parties=(), threats=("s",), firings=(0,)),), firings=fired("p/r")
    )
    assert lines(measures(result))[1:] == ["• Do it; for Threat s (p)"]


def test_many_parties_are_counted() -> None:
    asked = tuple(Measure(text="Do it", parties=(name,), threats=(), firings=(0,)) for name in "ABABABAB")
    shown = lines(measures(a_result([a_cell()], measures=asked, firings=fired("p/r"))))
    assert "and 2 more" in " ".join(shown)


@pytest.mark.parametrize(
    ("about", "threats", "tail"),
    [
        (("t, A",), "t", "(about Land A; p/r)"),
        (("t",), "t", "(p/r)"),
        ((), "t", "(p/r)"),
        (("s, A", "s, B", "t, A"), "st", "(about Threat s: Land A and Land B, as well as Threat t: Land A; p/r)"),
        (("A, all_costs, trade",), "t", "(about Land A (all costs, trade); p/r)"),
    ],
)
def test_a_caution_says_whom_it_is_about(about: tuple[str, ...], threats: str, tail: str) -> None:
    cells = [a_cell(threat=threat) for threat in threats]
    result = a_result(cells, cautions=(Caution(text="Beware.", about=about, rules=("p/r",)),))
    assert " ".join(" ".join(lines(cautions(result))[1:]).split()) == f"• Beware. {tail}"


def test_what_the_run_itself_warns_of_has_no_rule() -> None:
    result = a_result([a_cell()], cautions=(Caution(text="One side only.", about=(), rules=()),))
    assert lines(cautions(result))[1:] == ["• One side only."]


def undecided(*grave: bool) -> tuple[Open, ...]:
    return tuple(
        Open(
            rule=f"p/rule-{place}",
            subjects=({},),
            missing=("threats.t.marks.derived", "threats.t.severity", "threats.t.reach", "ties"),
            could_change=("t/x",) if could else (),
        )
        for place, could in enumerate(grave)
    )


def test_rules_that_could_change_a_lead_come_first_with_what_is_missing() -> None:
    shown = lines(unknowns(a_result([a_cell("x", settled=False)], undecided=undecided(True, False))))
    assert shown[1] == "2 rules could not be decided for want of facts; 1 of them could change a lead:"
    assert shown[2] == "• severity and reach of the threat; ties could change x (p/rule-0)"
    assert "no lead hangs on it alone" in " ".join(" ".join(shown[3:]).split())


def test_the_rest_is_counted() -> None:
    text = " ".join(
        " ".join(lines(unknowns(a_result([a_cell()], undecided=undecided(*[True] * 8, *[False] * 3))))).split()
    )
    assert text.count("could change x") == 6
    assert "and 5 more rules, 2 of which could change a lead" in text
    few = " ".join(" ".join(lines(unknowns(a_result([a_cell()], undecided=undecided(*[False] * 5))))).split())
    assert "none of them could change a lead alone:" in few
    assert "and 2 more rules, none of which could change a lead alone" in few


def test_all_open_rules_stand_by_the_facts_that_they_need() -> None:
    shown = lines(all_open(a_result([a_cell("x")], undecided=undecided(True, False, False))))
    facts = "severity and reach of the threat; ties"
    assert shown == [
        "Facts that could change a lead",
        f"• {facts}: p/rule-0; could change x",
        "Facts on which no lead hangs alone",
        f"• {facts}: p/rule-1 and p/rule-2",
    ]


def facts(paths: Sequence[str], most: int = 9, threats: Sequence[str] = "t") -> str:
    result = a_result([a_cell(threat=each) for each in threats])
    return "".join(piece.text for piece in Facts(result).told(paths, most))


@pytest.mark.parametrize(
    ("paths", "text"),
    [
        (["threats.t.attributes.powers"], "attributes.powers of the threat"),
        (["jurisdictions.A.power"], "power of Land A"),
        (["jurisdictions.B.power", "jurisdictions.A.power"], "power of Land A and Land B"),
        (
            ["jurisdictions.A.costs.joint", "jurisdictions.A.costs.unilateral", "conditions.change_cost"],
            "costs.joint and costs.unilateral of Land A; conditions.change_cost",
        ),
        (["ties", "jurisdictions.Z.power"], "ties and jurisdictions.Z.power"),
        (["max of nothing cannot be computed"], "max of nothing cannot be computed"),
    ],
)
def test_facts_are_told_as_fields_and_whose_they_are(paths: Sequence[str], text: str) -> None:
    assert facts(paths) == text


def test_facts_of_several_threats_name_them_or_say_that_it_is_all_of_them() -> None:
    assert facts(["threats.s.reach", "threats.t.reach"], threats="st") == "reach of every threat"
    assert facts(["threats.s.reach", "ties"], threats="st") == "reach of Threat s; ties"


def test_layers_that_a_fact_could_change_for_the_same_threats_stand_together() -> None:
    cells = [a_cell(layer, threat=threat) for threat in "st" for layer in "xyz"]
    rules = (Open(rule="p/r", subjects=({},), missing=("ties",), could_change=("s/x", "s/y", "t/x", "t/y", "t/z")),)
    shown = lines(all_open(a_result(cells, undecided=rules)))[-1]
    assert shown == "• ties: p/r; could change x and y for every threat, as well as z for Threat t"


def test_many_facts_are_counted() -> None:
    assert facts(["threats.t.reach", "jurisdictions.A.power", "ties"], most=1) == "reach of the threat; 2 more"


def test_the_reason_of_a_rule_stands_beside_what_it_lacks() -> None:
    notes = {"p/rule-0": RuleNote(claims=(), nature="normative", why="So it is.", when="true", file="a.yaml")}
    result = a_result([a_cell("x", settled=False)], undecided=undecided(True), rules=notes)
    assert lines(unknowns(result))[2] == (
        "• severity and reach of the threat; ties could change x: So it is. (p/rule-0)"
    )


def test_unknowns_that_matter_only_together_are_told() -> None:
    text = " ".join(lines(unknowns(a_result([a_cell(settled=False)], undecided=undecided(False)))))
    assert "none of them could change a lead alone, but together they could:" in text


def test_nothing_unknown_is_said_too() -> None:
    assert lines(unknowns(a_result([a_cell()]))) == ["What is not known", "Every rule could be decided."]


def test_the_stamp_names_everything_that_made_the_result() -> None:
    shown = lines(stamp(a_result([a_cell()]), ["my file.yaml", "--pack", "x"]))
    assert shown == [
        "How this came about",
        f"scenario  a-scenario ({HASH[:12]})",
        f"packs     words 1.0.0 ({HASH[:12]})",
        "engine    reference",
        "version   policyengine 1.2.3, format policyengine-result/1",
        "The same again, and the reasons for it:",
        "  policyengine evaluate 'my file.yaml' --pack x",
        "  policyengine explain 'my file.yaml' --pack x",
    ]


def test_only_the_command_that_takes_an_engine_is_shown_with_one() -> None:
    shown = lines(stamp(a_result([a_cell()]), ["x"], ["--engine", "reference"]))
    assert shown[-2:] == ["  policyengine evaluate x --engine reference", "  policyengine explain x"]


def test_an_engine_that_had_to_step_in_says_why() -> None:
    result = a_result([a_cell()], engine=Engine(name="reference", note="the other one is missing"))
    assert "engine    reference (the other one is missing)" in lines(stamp(result, ["x"]))


def test_who_is_who_gives_full_names() -> None:
    assert lines(who_is_who(a_result([a_cell()])))[1:] == [
        "id  name    level  side",
        "A   Land A  top    one",
        "B   Land B  top    one",
    ]
