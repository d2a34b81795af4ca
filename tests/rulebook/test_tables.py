"""Decision tables: the rows of a list or a CSV file are ordinary rules, and mistakes stand in their cells."""

from __future__ import annotations

from pathlib import Path

import pytest
from rulebook.conftest import SCENARIO, LoadPack, PackProblems, a_rule, brief, marked

from policyengine.engines.interface import ENGINES, make_engine
from policyengine.evaluation import evaluate_scenario
from policyengine.rulebook.examples import examples_of
from policyengine.rulebook.scenario_reading import read_scenario

HEAD = 'rule: smoke\nclaim: memo/one\nnature: normative\nwhy: Because.\nwhen: jurisdiction.level == "upper"\n'
LIST = f"""{HEAD}table:
  columns: [case, threat.kind, "threat.severity >=", score field, mark threat.hot]
  rows:
    - [mild, "fire, flood", "-", 1, "-"]
    - [dense, fire, 0.5, 2 * threat.severity, yes]
"""
FILE = f"{HEAD}table: smoke.csv\nthen: [{{score: column.layer, points: column.points}}]\n"
CSV = (
    "\ufeffcase;threat.kind;threat.severity;layer;points\r\n"
    'mild;"fire, flood";-;field;1\r\n'
    "dense;fire;>= 0.5;desk;2\r\n;;;;\r\n"
)
SEVERE = SCENARIO.replace("kind: fire", "kind: fire, severity: 0.6")


@pytest.mark.parametrize("engine", ENGINES)
def test_each_row_of_a_list_is_a_rule(load_pack: LoadPack, tmp_path: Path, engine: str) -> None:
    rulebook = load_pack({"smoke": LIST})
    assert [(rule.id, rule.table, rule.row) for rule in rulebook.rules] == [
        ("smoke-dense", "smoke", "dense"), ("smoke-mild", "smoke", "mild"),
    ]  # fmt: skip
    (tmp_path / "s.yaml").write_text(SEVERE, "utf-8")
    file = read_scenario(tmp_path / "s.yaml", rulebook.vocabulary)
    result = evaluate_scenario(file.scenario, file.sha256, rulebook, make_engine(engine, rulebook))
    assert [(each.rule, each.kind, each.strength) for each in result.firings] == [
        ("mine/smoke-dense", "score", 1_200_000), ("mine/smoke-dense", "mark", 0),
        ("mine/smoke-mild", "score", 1_000_000),
    ]  # fmt: skip


def test_a_file_beside_the_rule_holds_the_rows(load_pack: LoadPack) -> None:
    rulebook = load_pack({"smoke": FILE, "mine/a/smoke.csv": CSV})
    dense, mild = rulebook.rules
    assert dense.when_text == '(jurisdiction.level == "upper") and threat.kind == "fire" and threat.severity >= 0.5'
    assert mild.when_text == '(jurisdiction.level == "upper") and threat.kind in ("fire", "flood")'
    assert [rule.effects[0].target for rule in rulebook.rules] == ["desk", "field"]


def test_the_fingerprint_of_a_pack_covers_its_tables(load_pack: LoadPack) -> None:
    before, after = (load_pack({"smoke": FILE, "mine/a/smoke.csv": text}) for text in (CSV, CSV.replace("0.5", "0.6")))
    assert before.packs[0].sha256 != after.packs[0].sha256


@pytest.mark.parametrize(
    ("old", "new", "place", "under"),
    [
        ("dense;fire", "dense;fier", "smoke.csv:3:7 L205", "fier"),
        (">= 0.5", ">= high", "smoke.csv:3:12 L204", ">= high"),
        (";desk;", ";dsek;", "smoke.csv:3:19 P203", "dsek"),
        (";threat.kind;", ";threat.kid;", "smoke.csv:1:6 L203", "threat.kid"),
        (";desk;2", ";desk", "smoke.csv:3:1 P605", "dense"),
        ("dense;", "mild;", "smoke.csv:3:1 P606", "mild"),
        (";layer;", ";a layer;", "smoke.csv:1:34 P603", "a layer"),
        (";threat.severity;", ";threat.kind;", "smoke.csv:1:18 P604", "threat.kind"),
    ],
)
def test_a_mistake_stands_in_its_cell(
    pack_problems: PackProblems, tmp_path: Path, old: str, new: str, place: str, under: str
) -> None:
    assert old in CSV
    problems = pack_problems({"smoke": FILE, "mine/a/smoke.csv": CSV.replace(old, new, 1)})
    found = dict(zip(brief(problems, tmp_path), map(marked, problems), strict=True))
    assert found[f"mine/a/{place}"].strip() == under


def test_a_mistake_in_a_list_stands_in_the_rule_file(pack_problems: PackProblems, tmp_path: Path) -> None:
    problems = pack_problems({"smoke": LIST.replace("dense, fire", "dense, fier")})
    assert brief(problems, tmp_path) == ["mine/a/smoke.yaml:10:15 L205"]


@pytest.mark.parametrize(
    "given", ["../smoke.csv", "/etc/passwd", "nothing.csv", "smoke.txt", "[1]", "{columns: [case]}"]
)
def test_a_table_that_cannot_be_read_is_told(pack_problems: PackProblems, given: str) -> None:
    (problem,) = pack_problems({"smoke": FILE.replace("smoke.csv", given)})
    assert problem.code in ("P601", "P602")


def test_a_table_may_not_be_a_link_out_of_the_pack(pack_problems: PackProblems, tmp_path: Path) -> None:
    (tmp_path / "out.csv").write_text(CSV, "utf-8")
    (tmp_path / "mine/a").mkdir(parents=True)
    (tmp_path / "mine/a/smoke.csv").symlink_to(tmp_path / "out.csv")
    assert [problem.code for problem in pack_problems({"smoke": FILE})] == ["P503"]


def test_an_example_names_its_row(load_pack: LoadPack, pack_problems: PackProblems) -> None:
    example = "examples: {fires: [{row: ROW, threat: {kind: fire}, jurisdiction: {level: upper}}]}\n"
    dense, mild = load_pack({"smoke": LIST + example.replace("ROW", "mild")}).rules
    assert (len(examples_of(dense)), len(examples_of(mild))) == (0, 1)
    for wrong in ("midl", '""'):
        assert [each.code for each in pack_problems({"smoke": LIST + example.replace("ROW", wrong)})] == ["P610"]


@pytest.mark.parametrize("given", ["5", "word", "[5]"])
def test_what_follows_from_a_table_must_be_effects(pack_problems: PackProblems, given: str) -> None:
    text = FILE.replace("[{score: column.layer, points: column.points}]", given)
    assert {problem.code for problem in pack_problems({"smoke": text, "mine/a/smoke.csv": CSV})} == {"P109"}


@pytest.mark.parametrize(
    ("column", "cell", "condition"),
    [
        ("threat.severity >=", "min(param.high, 0.3)", "threat.severity >= min(param.high, 0.3)"),
        ("threat.severity", "< clip(param.high, 0.1, 0.3)", "threat.severity < clip(param.high, 0.1, 0.3)"),
        ("threat.kind", "(fire, flood)", 'threat.kind in ("fire", "flood")'),
        ("threat.kind not in", "fire, flood", 'threat.kind not in ("fire", "flood")'),
        ("threat.kind in", "fire", 'threat.kind == "fire"'),
        ("threat.kind", '== "fire" or threat.severity > 0.5', '(threat.kind == "fire" or threat.severity > 0.5)'),
        ("threat.attributes.watched", "no", "not threat.attributes.watched"),
        ("count(t.kind == 'pact' for t in jurisdiction.ties) >=", "1", None),
    ],
)
def test_what_a_cell_asks_for(load_pack: LoadPack, column: str, cell: str, condition: str | None) -> None:
    table = f"""{HEAD}table:
  columns: ["{column}", "score field"]
  rows: [['{cell}', 1]]
"""
    (rule,) = load_pack({"smoke": table}).rules
    told = condition or f"{column} {cell}"
    assert rule.when_text == f'(jurisdiction.level == "upper") and {told}'


def test_a_row_without_conditions_holds_always(load_pack: LoadPack) -> None:
    table = "table: {columns: [threat.kind, score field], rows: [[fire, 1], [any, 2], [-, 3]]}\n"
    rules = load_pack({"smoke": HEAD.replace('when: jurisdiction.level == "upper"\n', "") + table}).rules
    assert [rule.when_text for rule in rules] == ['threat.kind == "fire"', "True", "True"]
    assert {rule.subject for rule in rules} == {("threat", "jurisdiction")}


def test_a_remark_in_the_common_condition_ends_with_its_line(load_pack: LoadPack) -> None:
    noted = LIST.replace('when: jurisdiction.level == "upper"', 'when: |\n  jurisdiction.level == "upper"  # them')
    assert [rule.row for rule in load_pack({"smoke": noted}).rules] == ["dense", "mild"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("[dense, fire, 0.5", "[dense, fire, '0.5) or (True'", "10:21 P609"),
        ("[dense, fire, 0.5", "[dense, fire, '0.5 # much'", "10:21 P609"),
        ("[dense, fire, 0.5", "[dense, fire, '0,5'", "10:21 P609"),
        ("2 * threat.severity, yes]", "'2,5', yes]", "10:26 P609"),
        ("[dense, fire, 0.5", "[dense, '\"fire', 0.5", "10:15 P609"),
        ("threat.severity, yes]", "threat.severity, maybe]", "10:47 P609"),
        ("2 * threat.severity, yes]", "'-', no]", "10:8 P607"),
        ("[dense,", "[A dense fire,", "10:8 P609"),
        ("threat.severity >=", "(threat.severity >=", "7:32 P603"),
        ('when: jurisdiction.level == "upper"', "when: [1]", "5:7 P104"),
    ],
)
def test_a_cell_that_its_column_cannot_hold(pack_problems: PackProblems, old: str, new: str, place: str) -> None:
    assert old in LIST
    assert brief(pack_problems({"smoke": LIST.replace(old, new)})) == [place]


def test_an_example_of_a_table_stands_in_the_rule_file(pack_problems: PackProblems) -> None:
    examples = "examples:\n  fires:\n    - {row: mild, threat: {knd: fire}}\n    - {threat: {kind: fier}}\n"
    assert brief(pack_problems({"smoke": LIST + examples})) == ["13:28 P401", "14:23 P402"]


def test_a_row_of_the_wrong_length_is_not_missed_by_its_examples(pack_problems: PackProblems) -> None:
    examples = "examples: {fires: [{row: dense, threat: {kind: fire}}]}\n"
    text = LIST.replace("[dense, fire, 0.5,", "[dense, fire,") + examples
    assert brief(pack_problems({"smoke": text})) == ["10:8 P605"]


BESIDE = {
    "more/pack.yaml": "pack: more\ntitle: M\nversion: 1.0.0\nrole: opinion\nsummary: S.\nextends: [mine]\nSWITCH\n"
}


@pytest.mark.parametrize(("named", "left"), [("smoke-dense", ["smoke-mild"]), ("smoke", [])])
def test_a_pack_may_switch_off_a_row_or_a_whole_table(load_pack: LoadPack, named: str, left: list[str]) -> None:
    switch = f"switch_off: {{mine/{named}: Not ours.}}"
    rulebook = load_pack({"smoke": LIST, **{k: v.replace("SWITCH", switch) for k, v in BESIDE.items()}}, "more")
    assert [rule.id for rule in rulebook.rules] == left
    assert len(rulebook.off) == 2 - len(left)
    assert {each.because for each in rulebook.changes.switched_off} == {"Not ours."}


def test_a_row_that_is_lost_to_a_mistake_is_missed_by_nobody_else(pack_problems: PackProblems, tmp_path: Path) -> None:
    switch = "switch_off: {mine/smoke-dense: Not ours.}"
    files = {
        "smoke": LIST.replace("[dense, fire,", "[dense,"),
        "two": "rule: two\nclaim: memo/one\nnature: normative\nwhy: W.\nwhen: threat.marks.hot\n"
        "then: [{score: field, points: 1}]\n",
        **{k: v.replace("SWITCH", switch) for k, v in BESIDE.items()},
    }
    assert brief(pack_problems(files, "more"), tmp_path) == ["mine/a/smoke.yaml:10:8 P605"]


@pytest.mark.parametrize(("suffix", "code"), [("csv", "P603"), ("xlsx", "P602")])
def test_marks_of_a_table_file_that_cannot_be_used_are_missed_by_nobody(
    pack_problems: PackProblems, tmp_path: Path, suffix: str, code: str
) -> None:
    (tmp_path / "mine" / "a").mkdir(parents=True)
    (tmp_path / "mine" / "a" / f"smoke.{suffix}").write_text(
        "case,score field,mark threat.hot,???\na,1,yes,2\n", "utf-8"
    )
    files = {
        "smoke": f"{HEAD}table: smoke.{suffix}\n",
        "two": a_rule("two", when="threat.marks.hot and jurisdiction.level == 'upper'"),
    }
    assert [problem.code for problem in pack_problems(files)] == [code]
