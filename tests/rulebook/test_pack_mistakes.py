"""Every mistake in a pack is told with its code, its very place, and what to do; all files at once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from rulebook.conftest import (
    MEMO,
    PACK,
    LoadPack,
    PackProblems,
    WritePacks,
    a_rule,
    brief,
    marked,
)

from policyengine.errors import CODES, InputError, Problem
from policyengine.rulebook.loading import load_rulebook

WORDS = PACK[PACK.index("vocabulary") : PACK.index("parameters")]
PARAMETERS = PACK[PACK.index("parameters") :]
OTHER = PACK.replace("pack: mine", "pack: other").replace(WORDS, "").replace(PARAMETERS, "")
"""A pack that declares no word and no parameter."""


def told(problem: Problem) -> str:
    return f"{problem.message} | {problem.hint}"


RULES = [
    # fields of a rule, code and marked part of each problem (up to 20 characters), words of the first one
    ({"claim": "memo/two"}, ["C202 memo/two"], "did you mean 'memo/one'?"),
    ({"claim": "[memo/one, other/one]"}, ["C202 other/one"], 'no claim "other/one" in the sources of this pack'),
    ({"claim": "memo"}, ["P106 memo"], "write source/claim"),
    ({"claim": "[memo/one, memo]"}, ["P106 memo"], 'cannot be used for entry 2 of "claim"'),
    ({"claim": "[]"}, ["P108 []"], "give at least one entry"),
    ({"claim": "5"}, ["P104 5"], "should be text or a list"),
    ({"nature": "normativ"}, ["P107 normativ"], "did you mean 'normative'?"),
    ({"why": "''"}, ["P108 ''"], '"why" is empty'),
    ({"why": "Because.\nweight: -1"}, ["P105 -1"], "at least 0"),
    ({"why": "Because.\nweights: 1"}, ["P102 weights"], "did you mean 'weight'?"),
    ({"why": "Because.\nexamples: {sillent: []}"}, ["P102 sillent"], "did you mean 'silent'?"),
    ({"when": "true"}, ["P104 true"], "should be text, this is true"),
    ({"when": "[threat.agent]"}, ["P104 [threat.agent]"], "should be text, this is a list"),
    ({"when": "threat.severity >= param.hihg"}, ["L203 hihg"], "did you mean 'high'?"),
    ({"when": "jurisdiction.marks.seen"}, ["L203 marks"], "has no 'marks'"),
    ({"then": "[]"}, ["P108 []"], "is empty"),
    ({"then": "{score: field, points: 1}"}, ["P104 {score: field, point"], "should be a list"),
    ({"then": "[5]"}, ["P109 5"], "name one of: score, bar, mark, favour, measure, caution"),
    ({"then": "[{scoer: field, points: 1}]"}, ["P109 {scoer: field, point"], "does not say what it does"),
    ({"then": "[{score: field}]"}, ["P103 {score: field}"], 'the field "points" is missing'),
    ({"then": "[{score: field, point: 1}]"}, ["P102 point"], "did you mean 'points'?"),
    ({"then": "[{score: field, points: [1]}]"}, ["P104 [1]"], "should be text or a number, this is a list"),
    ({"then": "[{score: [a], points: 1}]"}, ["P104 [a]"], '"score" should be text'),
    ({"then": "[{score: field, points: true}]"}, ["P104 true"], "should be text or a number, this is true"),
    ({"then": "[{score: field, points: yes}]"}, ["L203 yes"], "there is no 'yes' here"),
    ({"then": "[{score: field, points: threat.agent}]"}, ["L201 threat.agent"], "a number is needed here"),
    ({"then": "[{score: feild, points: 1}]"}, ["P203 feild"], "there is no layer \"feild\" | did you mean 'field'?"),
    ({"then": "[{bar: feild}]"}, ["P203 feild"], 'there is no layer "feild"'),
    ({"then": "[{bar: field, form: lead}]"}, ["P102 form"], "did you mean 'from'?"),
    ({"then": "[{bar: field, from: led}]"}, ["P107 led"], "did you mean 'lead'?"),
    ({"then": "[{favour: opn, points: 1}]"}, ["P203 opn"], 'there is no model "opn"'),
    ({"then": "[{mark: tie.seen}]"}, ["P106 tie.seen"], "threat.name or jurisdiction.name or burden.name"),
    ({"then": "[{mark: threat.Seen}]"}, ["P106 threat.Seen"], "with small letters"),
    ({"then": "[{measure: Do it, parties: [neighbour]}]"}, ["P107 neighbour"], "jurisdiction, other, tie.partner"),
    ({"then": "[{caution: A, mark: threat.a}]"}, ["P102 caution"], 'there is no field "caution" here'),
    ({"then": "[{score: field, points: 1 / threat.severity}]"}, ["P302 1 / threat.severity"], "clip(points, low"),
    ({"then": "[{score: field, points: 1e10 * jurisdiction.power}]"}, ["P303 1e10 * jurisdiction."], "smaller points"),
    ({"then": "[{score: field, points: 1e16}]"}, ["P303 1e16"], "may grow too large"),
]


@pytest.mark.parametrize(("fields", "marks", "says"), RULES, ids=[row[2][:50] for row in RULES])
def test_a_mistake_in_a_rule_is_told_where_it_stands(
    pack_problems: PackProblems, fields: dict[str, str], marks: list[str], says: str
) -> None:
    problems = pack_problems({"one": a_rule("one", **fields)})
    assert [f"{problem.code} {marked(problem)[:20]}" for problem in problems] == marks
    assert says in told(problems[0])
    for problem in problems:
        assert problem.code in CODES
        assert problem.hint


PACKS = [
    # text to replace in pack.yaml, its replacement, code and marked part, words
    ("version: 1.0.0", "version: 1", "P104 1", "put it in quotes"),
    ("version: 1.0.0", "version: one", "P106 one", "three numbers with points"),
    ("role: opinion", "role: opinoin", "P107 opinoin", "did you mean 'opinion'?"),
    ("pack: mine", "pack: Mine", "P106 Mine", "small letters"),
    ("summary:", "sumary:", "P102 sumary", "did you mean 'summary'?"),
    ("  levels:", "  level:", "P102 level", "did you mean 'levels'?"),
    ("{means: Upper}", "{mean: Upper}", "P102 mean", "did you mean 'means'?"),
    ("{means: Pact}", "{means: Pact, mode: hots}", "P107 hots", "did you mean 'host'?"),
    ("{type: boolean, means: Watched}", "{type: bool, means: W}", "P107 bool", "did you mean 'boolean'?"),
    (
        "{type: boolean, means: Watched}",
        "{means: W}",
        "P103 {means: W}",
        "with one of: number, boolean, choice, choices",
    ),
    ("{pumps: {means", "{wet-pumps: {means", "P522 wet-pumps", "no condition could name"),
    ("    spread: {type", "    lambda: {type", "P522 lambda", "no condition could name"),
    ("low: 0, high: 10, means: Spread", "means: S", "P110 {type: number, means", "low not above high"),
    ("options: [dry, wet], ", "", "P110 {type: choice, means", "give 'options', or 'of'"),
    ("of: competences", "of: competnces", "P512 competnces", "did you mean 'competences'?"),
    ("counts: [shared]", "counts: [shred]", "P512 shred", "did you mean 'shared'?"),
    ("high: {value", "High: {value", "P106 High", "cannot be used as a name here"),
    ("means: High", "mens: High", "P102 mens", "did you mean 'means'?"),
    ("value: 0.5", "value: half", "P104 half", "should be a number"),
    ("value: 0.5", "value: 1.5", "P507 1.5", "outside its range | from 0 to 1"),
    ("low: 0, high: 1, means: High", "low: 1, high: 0, means: High", "P507 1", "low is above high"),
    ("means: High}", "means: High, claim: memo/two}", "C202 memo/two", "did you mean 'memo/one'?"),
    ("sources: [memo]", "sources: [memo, meno]", "C201 meno", "stands in seeds/meno.yaml of the pack"),
    ("sources: [memo]", "sources: [memo]\nextends: [mine]", "P504 mine", "mine -> mine"),
    ("sources: [memo]", "sources: [memo]\nextends: [othr]", "P505 othr", 'the pack "othr" does not exist'),
    ("sources: [memo]", "sources: [memo]\ncounterpart: mine", "P513 mine", "the other side of itself"),
    ("sources: [memo]", "sources: memo", "P104 memo", "should be a list"),
]


@pytest.mark.parametrize(("old", "new", "mark", "says"), PACKS, ids=[f"{row[1][:40]}" for row in PACKS])
def test_a_mistake_in_a_pack_file_is_told_where_it_stands(
    pack_problems: PackProblems, old: str, new: str, mark: str, says: str
) -> None:
    problem = pack_problems({"mine/pack.yaml": PACK.replace(old, new)})[0]
    assert f"{problem.code} {marked(problem)[:20]}" == mark
    assert says in told(problem)


def test_all_files_are_read_and_all_their_mistakes_told(pack_problems: PackProblems, tmp_path: Path) -> None:
    problems = pack_problems(
        {
            "one": "rule: [",
            "two": a_rule("two", when="threat.agnt"),
            "three": a_rule("four"),
            "five": "",
            "mine/seeds/memo.yaml": MEMO.replace("kind: claim", "kind: clam"),
            "mine/pack.yaml": PACK.replace("value: 0.5", "value: 5"),
        }
    )
    assert brief(problems, tmp_path) == [
        "mine/a/five.yaml S010",
        "mine/a/one.yaml:1:7 S013",
        "mine/a/three.yaml:1:7 P201",
        "mine/a/two.yaml:5:14 L203",
        "mine/pack.yaml:30:17 P507",
        "mine/seeds/memo.yaml:6:51 C107",
    ]


# -- the folder of a pack


def test_a_pack_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(InputError) as caught:
        load_rulebook(["nowhere"])
    (problem,) = caught.value.problems
    assert problem.code == "P501"
    assert "borders" in problem.hint


def test_a_folder_without_a_pack_file_is_no_pack(pack_problems: PackProblems, tmp_path: Path) -> None:
    assert brief(pack_problems({"mine/pack.yaml": None}), tmp_path) == ["mine P502"]


def test_a_file_that_is_named_otherwise_than_its_rule_is_told(pack_problems: PackProblems) -> None:
    (problem,) = pack_problems({"two": a_rule("one")})
    assert (problem.code, marked(problem)) == ("P201", "one")
    assert problem.hint == "name the file one.yaml, or the rule two"


def test_two_rules_of_one_name_are_told(pack_problems: PackProblems) -> None:
    (problem,) = pack_problems({"one": a_rule("one"), "mine/b/one.yaml": a_rule("one")})
    assert (problem.code, marked(problem)) == ("P202", "one")
    assert "mine/a/one.yaml" in problem.hint


def test_rules_that_would_not_be_read_are_told(pack_problems: PackProblems, tmp_path: Path) -> None:
    files = {"mine/one.yaml": a_rule("one"), "mine/a/two.yml": a_rule("two"), "mine/a/notes.txt": "Notes."}
    assert brief(pack_problems(files), tmp_path) == ["mine/a/two.yml P510", "mine/one.yaml P510"]


def test_folders_beside_the_rules_are_left_alone(load_pack: LoadPack) -> None:
    files = {"mine/tests/x.yaml": "x: [", "mine/.git/x.yaml": "x: [", "mine/a/.x.yaml": "x: [", "one": a_rule("one")}
    assert [rule.id for rule in load_pack(files).rules] == ["one"]


def test_links_out_of_the_folder_are_not_followed(write_packs: WritePacks, tmp_path: Path) -> None:
    write_packs({"mine/a/one.yaml": a_rule("one"), "out/two.yaml": a_rule("two"), "linked/keep": ""})
    (tmp_path / "mine/a/two.yaml").symlink_to(tmp_path / "out/two.yaml")
    (tmp_path / "mine/b").symlink_to(tmp_path / "out")
    (tmp_path / "mine/a/dead.yaml").symlink_to(tmp_path / "mine/a/nothing.yaml")
    (tmp_path / "linked/pack.yaml").symlink_to(tmp_path / "mine/pack.yaml")
    with pytest.raises(InputError) as caught:
        load_rulebook([tmp_path / "mine", tmp_path / "linked"])
    assert brief(caught.value.problems, tmp_path) == [
        "linked/pack.yaml P503", "mine/a/dead.yaml S001", "mine/a/two.yaml P503", "mine/b P503",
    ]  # fmt: skip


def test_what_is_no_file_is_not_waited_for(write_packs: WritePacks, tmp_path: Path) -> None:
    write_packs({"mine/a/one.yaml": a_rule("one")})
    os.mkfifo(tmp_path / "mine/a/two.yaml")
    with pytest.raises(InputError) as caught:
        load_rulebook([tmp_path / "mine"])
    assert brief(caught.value.problems, tmp_path) == ["mine/a/two.yaml S003"]


def test_a_folder_that_cannot_be_read_is_told(
    write_packs: WritePacks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    write_packs({"mine/a/one.yaml": a_rule("one")})
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(InputError) as caught:
        load_rulebook([tmp_path / "mine"])
    assert brief(caught.value.problems, tmp_path) == ["mine P514"]
    assert "Permission denied" in caught.value.problems[0].message


def test_links_inside_the_folder_are_followed(write_packs: WritePacks, tmp_path: Path) -> None:
    write_packs({"mine/a/one.yaml": a_rule("one"), "mine/tests/two.yaml": a_rule("two")})
    (tmp_path / "mine/a/two.yaml").symlink_to(tmp_path / "mine/tests/two.yaml")
    assert [rule.id for rule in load_rulebook([tmp_path / "mine"]).rules] == ["one", "two"]


def test_one_folder_named_in_two_ways_is_read_once(write_packs: WritePacks, tmp_path: Path) -> None:
    root = write_packs({"mine/a/one.yaml": a_rule("one")})
    (tmp_path / "again").symlink_to(root / "mine")
    rulebook = load_rulebook([root / "mine", root / "mine" / ".." / "mine", root / "again"])
    assert [pack.id for pack in rulebook.packs] == ["mine"]


def test_two_packs_of_one_name_are_told(pack_problems: PackProblems) -> None:
    (problem,) = pack_problems({"twin/pack.yaml": PACK, "twin/seeds/memo.yaml": MEMO}, "mine", "twin")
    assert (problem.code, marked(problem)) == ("P506", "mine")


# -- packs that extend others


def test_packs_that_extend_one_another_are_told_with_the_way(pack_problems: PackProblems, tmp_path: Path) -> None:
    files = {"other/pack.yaml": f"{OTHER}extends: [mine]\n", "mine/pack.yaml": f"{PACK}extends: [other]\n"}
    (problem,) = pack_problems({**files, "other/seeds/memo.yaml": MEMO, "one": a_rule("one", when="threat.agnt")})
    assert brief((problem,), tmp_path) == ["other/pack.yaml:7:11 P504"]
    assert "mine -> other -> mine" in problem.message


def test_very_many_packs_in_a_row_are_refused(pack_problems: PackProblems) -> None:
    files = {f"p{i}/pack.yaml": OTHER.replace("other", f"p{i}") + f"extends: [p{i + 1}]\n" for i in range(30)}
    seeds = {f"p{i}/seeds/memo.yaml": MEMO for i in range(30)}
    assert [problem.code for problem in pack_problems({**files, **seeds}, "p0")] == ["P504"]


def test_the_rules_of_a_pack_are_not_blamed_for_a_base_that_cannot_be_read(
    pack_problems: PackProblems, tmp_path: Path
) -> None:
    files = {"other/pack.yaml": "pack: [", "mine/pack.yaml": f"{PACK}extends: [other]\n"}
    problems = pack_problems({**files, "one": a_rule("one", when="threat.severity > param.of_the_other")})
    assert brief(problems, tmp_path) == ["other/pack.yaml:1:7 S013"]


def test_a_base_is_found_by_the_name_of_its_folder_which_must_be_its_own(pack_problems: PackProblems) -> None:
    files = {"base/pack.yaml": OTHER, "base/seeds/memo.yaml": MEMO, "mine/pack.yaml": f"{PACK}extends: [base]\n"}
    (problem,) = pack_problems(files)
    assert (problem.code, marked(problem)) == ("P511", "base")


def test_a_base_is_not_looked_for_where_the_command_happens_to_run(
    pack_problems: PackProblems, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"other/pack.yaml": OTHER, "deep/mine/pack.yaml": f"{PACK}extends: [other]\n"}
    problems = pack_problems({**files, "deep/mine/seeds/memo.yaml": MEMO}, "deep/mine")
    assert [problem.code for problem in problems] == ["P505"]


def test_a_word_declared_twice_is_told_with_its_owner(pack_problems: PackProblems) -> None:
    second = f"{OTHER}extends: [mine]\nvocabulary: {{levels: {{upper: {{means: U}}, top: {{means: T}}}}}}\n"
    (problem,) = pack_problems({"other/pack.yaml": second, "other/seeds/memo.yaml": MEMO}, "other")
    assert (problem.code, marked(problem)) == ("P509", "upper")
    assert '"mine"' in problem.message


def test_two_packs_may_be_the_other_side_of_one_another(load_pack: LoadPack) -> None:
    files = {
        "mine/pack.yaml": f"{PACK}counterpart: other\n",
        "other/pack.yaml": f"{OTHER}counterpart: mine\n",
        "other/seeds/memo.yaml": MEMO,
    }
    assert [pack.file.counterpart for pack in load_pack(files, "mine", "other").packs] == ["other", "mine"]


def test_a_pack_sees_only_what_it_extends(pack_problems: PackProblems, load_pack: LoadPack) -> None:
    rule = a_rule("two", when="threat.kind == 'fire'", claim="memo/one", then="[{score: field, points: param.high}]")
    files = {"other/pack.yaml": OTHER.replace("sources: [memo]\n", ""), "other/a/two.yaml": rule}
    problems = pack_problems(files, "mine", "other")
    assert [problem.code for problem in problems] == ["C202", "L205", "P203", "L203"]
    files["other/pack.yaml"] += "extends: [mine]\n"
    assert [rule.name for rule in load_pack(files, "other").rules] == ["other/two"]


def test_a_packs_own_parameter_hides_one_of_the_same_name(load_pack: LoadPack) -> None:
    files = {
        "other/pack.yaml": f"{OTHER}extends: [mine]\n{PARAMETERS.replace('value: 0.5', 'value: 1')}",
        "other/seeds/memo.yaml": MEMO,
        "other/a/two.yaml": a_rule("two"),
    }
    rulebook = load_pack(files, "other")
    assert rulebook.rules[0].when.args[1].value == ("param", "high@other")
    assert rulebook.parameter_values == {"high@mine": 0.5, "high@other": 1.0}


# -- sources


def test_a_claim_given_twice_is_told_where_it_stands(pack_problems: PackProblems) -> None:
    (problem,) = pack_problems({"mine/seeds/memo.yaml": MEMO + MEMO.split("claims:\n")[1]})
    assert (brief((problem,)), marked(problem)) == (["7:13 C203"], "one")


def test_a_register_in_a_file_of_another_name_is_told(pack_problems: PackProblems) -> None:
    (problem,) = pack_problems({"mine/seeds/memo.yaml": MEMO.replace("source: memo", "source: meno")})
    assert (problem.code, marked(problem)) == ("C204", "meno")


# -- marks


def test_rules_that_wait_for_one_another_are_named(pack_problems: PackProblems) -> None:
    def step(name: str, reads: str, sets: str) -> str:
        return a_rule(name, when=f"jurisdiction.marks.{reads}", then=f"[{{mark: jurisdiction.{sets}}}]")

    files = {"one": step("one", "c", "a"), "two": step("two", "a", "b"), "three": step("three", "b", "c")}
    (problem,) = pack_problems({**files, "four": step("four", "c", "d")})
    assert problem.code == "P301"
    assert "mine/one -> mine/two -> mine/three -> mine/one" in problem.message


def test_a_rule_that_waits_for_its_own_mark_is_named(pack_problems: PackProblems) -> None:
    (problem,) = pack_problems({"one": a_rule("one", when="threat.marks.a", then="[{mark: threat.a}]")})
    assert (problem.code, marked(problem)) == ("P301", "threat.marks.a")


def test_a_rule_is_not_blamed_for_a_mark_of_a_rule_that_cannot_be_read(
    pack_problems: PackProblems, tmp_path: Path
) -> None:
    lost = a_rule("one", then="[{mark: jurisdiction.seen}]").replace("why: Because.\n", "")
    broken = 'rule: "two\nthen: [{mark: "threat.heard"}]\n'
    reader = a_rule("three", when="jurisdiction.marks.seen and threat.marks.heard and threat.marks.felt")
    problems = pack_problems({"one": lost, "two": broken, "three": reader})
    assert brief(problems, tmp_path)[0] == "mine/a/one.yaml:1:1 P103"
    assert [marked(problem) for problem in problems if problem.code == "L203"] == ["felt"]


# -- examples


def test_examples_may_hold_only_what_a_scenario_could(pack_problems: PackProblems) -> None:
    given = "{threat: {severity: 2, knd: fire, kind: fir}, thret: {}, ties: 5, jurisdiction: {ties: [5]}, scenario: []}"
    problems = pack_problems({"one": f"{a_rule('one')}examples: {{fires: [{given}]}}\n"})
    assert [f"{problem.code} {marked(problem)}" for problem in problems] == [
        "P402 2", "P401 knd", "P402 fir", "P401 thret", "P402 5", "P402 5", "P402 []",
    ]  # fmt: skip
    assert 'entry 1 of "ties" should be a mapping' in problems[5].message
