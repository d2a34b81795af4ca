"""What a rule speaks of, which marks it reads and sets, and the order that follows."""

from __future__ import annotations

import pytest
from rulebook.conftest import MEMO, PACK, LoadPack, PackProblems, a_rule, marked

from policyengine.rulebook.rule import Rule

MARKS = a_rule("marks", then="[{mark: threat.seen}, {mark: jurisdiction.seen}, {mark: burden.seen}]")


@pytest.mark.parametrize(
    ("when", "then", "subject"),
    [
        ("'True'", "[{caution: A}]", ()),
        ("scenario.year > 2000", "[{caution: A}]", ()),
        ("threat.agent", "[{caution: A}]", ("threat",)),
        ("any(t.agent for t in threats)", "[{caution: A}]", ()),
        ("'True'", "[{score: field, points: 1}]", ("threat", "jurisdiction")),
        ("'True'", "[{bar: field}]", ("threat", "jurisdiction")),
        ("'True'", "[{mark: threat.a}]", ("threat",)),
        ("'True'", "[{mark: burden.a}]", ("jurisdiction", "burden")),
        ("'True'", "[{favour: open, points: 1}]", ()),
        ("'True'", "[{favour: model, points: 1}]", ("model",)),
        ("tie.strength > 0", "[{caution: A}]", ("jurisdiction", "tie")),
        ("other.power > 0", "[{caution: A}]", ("jurisdiction", "other")),
        ("burden.weaker", "[{caution: A}]", ("jurisdiction", "burden")),
        ("'True'", "[{measure: A, parties: [tie.partner]}]", ("jurisdiction", "tie")),
        ("'True'", "[{favour: open, points: threat.severity}]", ("threat",)),
    ],
)
def test_the_subject_follows_from_names_and_effects(
    load_pack: LoadPack, when: str, then: str, subject: tuple[str, ...]
) -> None:
    assert load_pack({"one": a_rule("one", when=when, then=then)}).rules[0].subject == subject


READS = [
    ("threat.marks.seen", {"threat"}),
    ("jurisdiction.marks.seen or burden.marks.seen", {"jurisdiction", "burden"}),
    ("other.marks.seen", {"jurisdiction"}),
    ("tie.partner.marks.seen", {"jurisdiction"}),
    ("known(threat.marks.seen)", {"threat"}),
    ("any(x.marks.seen for x in threats)", {"threat"}),
    ("any(x.marks.seen for x in jurisdictions)", {"jurisdiction"}),
    ("any(x.marks.seen for x in jurisdiction.burdens)", {"burden"}),
    ("any(x.partner.marks.seen for x in jurisdiction.ties)", {"jurisdiction"}),
    ("any(True for x in threats if x.marks.seen)", {"threat"}),
    ("any(x.marks.seen for x in threats) or any(x.marks.seen for x in jurisdictions)", {"threat", "jurisdiction"}),
    ("any(any(y.marks.seen for y in threats) for x in jurisdictions)", {"threat"}),
    ("any(any(x.marks.seen for y in threats) for x in jurisdictions)", {"jurisdiction"}),
    ("any(any(z.marks.seen for z in y.burdens) for y in jurisdictions)", {"burden"}),
]


@pytest.mark.parametrize(("when", "records"), READS, ids=[row[0] for row in READS])
def test_the_marks_that_a_condition_reads_are_found(load_pack: LoadPack, when: str, records: set[str]) -> None:
    rules = load_pack({"marks": MARKS, "one": a_rule("one", when=when, then="[{caution: A}]")}).rules
    (rule,) = [each for each in rules if each.id == "one"]
    assert rule.reads == {f"{record}.marks.seen@mine" for record in records}
    assert rule.stratum == 1


def test_points_read_marks_as_well(load_pack: LoadPack) -> None:
    points = "count(x.marks.seen for x in threats)"
    rules = load_pack({"marks": MARKS, "one": a_rule("one", then=f"[{{score: field, points: {points}}}]")}).rules
    assert [(rule.id, rule.stratum) for rule in rules] == [("marks", 0), ("one", 1)]


def test_a_rule_comes_after_all_that_set_its_marks(load_pack: LoadPack) -> None:
    def step(name: str, reads: str, sets: str) -> str:
        when = " and ".join(f"threat.marks.{mark}" for mark in reads) or "'True'"
        return a_rule(name, when=when, then=f"[{{mark: threat.{sets}}}]")

    steps = [("r1", "cd", "e"), ("r2", "b", "c"), ("r3", "a", "b"), ("r4", "", "a"), ("r5", "", "d"), ("r6", "a", "d")]
    rulebook = load_pack({name: step(name, reads, sets) for name, reads, sets in steps})
    assert {rule.id: rule.stratum for rule in rulebook.rules} == {"r4": 0, "r5": 0, "r3": 1, "r6": 1, "r2": 2, "r1": 3}
    assert [[rulebook.rules[index].id for index in stratum] for stratum in rulebook.strata] == [
        ["r4", "r5"],
        ["r3", "r6"],
        ["r2"],
        ["r1"],
    ]


def test_a_pack_may_read_the_marks_of_what_it_extends_and_has_its_own_of_the_same_name(load_pack: LoadPack) -> None:
    words = PACK[PACK.index("vocabulary") : PACK.index("parameters")]
    files = {
        "marks": MARKS,
        "other/pack.yaml": PACK.replace("pack: mine", "pack: other").replace(words, "") + "extends: [mine]\n",
        "other/seeds/memo.yaml": MEMO,
        "other/a/reads.yaml": a_rule("reads", when="threat.marks.seen", then="[{caution: A}]"),
    }
    (reads,) = [rule for rule in load_pack(files, "other").rules if rule.id == "reads"]
    assert reads.reads == {"threat.marks.seen@mine"}
    files["other/a/sets.yaml"] = a_rule("sets", then="[{mark: threat.seen}]")
    (reads,) = [rule for rule in load_pack(files, "other").rules if rule.id == "reads"]
    assert reads.reads == {"threat.marks.seen@other"}


def test_two_rules_with_one_condition_share_its_tree(load_pack: LoadPack) -> None:
    written = a_rule("two", when=">-\n  (threat.severity)\n  >= param.high")
    first, second = load_pack({"one": a_rule("one"), "two": written}).rules
    assert first.when is second.when


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (["score: field, points: 9e3 * threat.severity"], None),
        (["score: field, points: 9e9 * threat.severity"], None),
        (["score: field, points: 9.1e9 * threat.severity"], "P303"),
        (["score: field, points: 5e9", "score: desk, points: -5e9"], "P303"),
        (["score: field, points: 9e4 * tie.strength"], None),
        (["score: field, points: 9.1e4 * tie.strength"], "P303"),
        (["score: field, points: 1 / threat.severity"], "P302"),
        (["score: field, points: 'clip(1 / threat.severity, 0, 5)'"], None),
        (["favour: open, points: 9e9"], None),
        (["favour: open, points: 9e6 * jurisdiction.power / 1e12"], None),
        (["favour: open, points: 9e8 * jurisdiction.power / 1e12"], "P303"),
    ],
)
def test_points_are_so_small_that_all_firings_can_be_added_exactly(
    load_pack: LoadPack, pack_problems: PackProblems, rules: list[str], code: str | None
) -> None:
    files = {
        f"r{number}": a_rule(f"r{number}", when="'True'", then=f"[{{{effect}}}]") for number, effect in enumerate(rules)
    }
    if code is None:
        assert len(load_pack(files).rules) == len(rules)
    else:
        (problem,) = pack_problems(files)
        assert problem.code == code
        assert marked(problem) == rules[-1].partition("points: ")[2].strip("'")


def test_weights_count_when_points_are_bounded(pack_problems: PackProblems) -> None:
    then = "[{score: field, points: 1e8}]\nweight: 100"
    assert [problem.code for problem in pack_problems({"one": a_rule("one", then=then)})] == ["P303"]


def test_rules_stand_in_the_order_of_their_names(load_pack: LoadPack) -> None:
    rules: tuple[Rule, ...] = load_pack({"mine/b/a1.yaml": a_rule("a1"), "mine/a/z1.yaml": a_rule("z1")}).rules
    assert [rule.name for rule in rules] == ["mine/a1", "mine/z1"]
    assert [rule.file for rule in rules] == ["mine/b/a1.yaml", "mine/a/z1.yaml"]
