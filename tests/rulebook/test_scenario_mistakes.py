"""Every mistake in a scenario file is told with its code, its very place, and what to do; all at once."""

from __future__ import annotations

import json

import pytest
from rulebook.conftest import SCENARIO, ReadScenario, ScenarioProblems, brief, marked
from work_limits import at_most

from policyengine.errors import CODES, InputError
from policyengine.rulebook.scenario_reading import unsaved


def with_jurisdiction(fields: str) -> str:
    """The scenario with fields added to its first jurisdiction, on line 5."""
    return SCENARIO.replace("side: east}", f"side: east, {fields}}}")


def with_threat(fields: str) -> str:
    """The scenario with fields added to its threat, on line 8."""
    return SCENARIO.replace("kind: fire}", f"kind: fire, {fields}}}")


def with_line(line: str) -> str:
    """The scenario with one more line, its ninth."""
    return f"{SCENARIO}{line}\n"


def with_ties(*ties: str) -> str:
    return with_line("ties: [" + ", ".join(f"{{id: x{i}, name: X, {tie}}}" for i, tie in enumerate(ties)) + "]")


MISTAKES = [
    # text, code and marked part of each problem (up to 16 characters), words of the first message or hint
    # -- fields
    ("- a\n", ["N101 - a"], "should hold a mapping of fields"),
    ("a text\n", ["N101 a text"], "begin with a line such as: name: value"),
    (with_threat("severty: 1"), ["N102 severty"], "there is no field \"severty\" here|did you mean 'severity'?"),
    (with_threat("diffuseness: {many_actor: 1}"), ["N102 many_actor"], "did you mean 'many_actors'?"),
    (with_line("tie: []"), ["N102 tie"], "did you mean 'ties'?"),
    (SCENARIO.replace("level: upper", "levl: upper"), ["N102 levl"], "did you mean 'level'?"),
    (SCENARIO.replace(" level: upper,", ""), ["N103 {id: A, name: A,"], 'the field "level" is missing'),
    (SCENARIO.replace("title: A small scenario\n", ""), ["N103 scenario: small"], 'the field "title" is missing'),
    (with_threat("severity: high"), ["N104 high"], 'should be a number, this is text ("high")|leave the field out'),
    (with_threat("severity: '0.5'"), ["N104 '0.5'"], "write a number without quotes"),
    (with_threat("severity: 50%"), ["N104 50%"], "without its unit"),
    (with_threat("severity: true"), ["N104 true"], "should be a number, this is true"),
    (with_threat("agent: ON"), ["N104 ON"], 'should be true or false, this is text ("ON")'),
    (with_threat("agent: yes"), ["N104 yes"], "write true or false"),
    (with_threat("agent: 1"), ["N104 1"], "should be true or false, this is 1"),
    (with_threat("diffuseness: [1]"), ["N104 [1]"], "should be a number or a mapping of fields, this is a list"),
    (with_threat("diffuseness: {many_actors: x}"), ["N104 x"], '"many_actors" should be a number'),
    (with_jurisdiction("offices_abroad: 1.5"), ["N104 1.5"], "should be a whole number, this is 1.5"),
    (with_jurisdiction("competences: water"), ["N104 water"], "should be a list|write [a, b]"),
    (with_jurisdiction("competences: [water, 5]"), ["N104 5"], 'entry 2 of "competences" should be text, this is 5'),
    (with_jurisdiction("capacities: 1"), ["N104 1"], "should be a mapping of fields|write {name: value}"),
    (SCENARIO.replace("title: A small scenario", "title: 5"), ["N104 5"], "put it in quotes"),
    (SCENARIO.replace("title: A small scenario", "title: [a]"), ["N104 [a]"], "write one word or sentence"),
    (with_line("year: 2010-05-01"), ["N104 2010-05-01"], 'should be a whole number, this is text ("2010-05-01")'),
    (with_threat("severity: 1.2"), ["N105 1.2"], "is 1.2, which is out of range|at most 1"),
    (with_threat("severity: -1"), ["N105 -1"], "at least 0"),
    (with_threat("diffuseness: 1.5"), ["N105 1.5"], "at most 1"),
    (with_line("year: 10"), ["N105 10"], "at least 1000"),
    (with_threat("severity: .nan, reach: .inf"), ["S026 .nan", "S026 .inf"], "is not an ordinary number"),
    (SCENARIO.replace("id: A,", "id: A B,"), ["N106 A B"], '"A B" cannot be used for "id"|without blanks'),
    (SCENARIO.replace("scenario: small", "scenario: Small File"), ["N106 Small File"], "small letters and digits"),
    (with_line("tags: [-a]"), ["N106 -a"], "begin with a letter or a digit"),
    (SCENARIO.replace("id: A,", "id: .A,"), ["N106 .A"], "begin with a letter or a digit"),
    (with_line("tags: [a b]"), ["N106 a b"], 'cannot be used for entry 1 of "tags"'),
    (with_line("references: [{what: A, url: www.x.org, seen: all}]"), ["N106 www.x.org", "N107 all"], "https://"),
    (SCENARIO.replace("name: T", "name: ''"), ["N108 ''"], '"name" is empty|write something'),
    (
        SCENARIO.replace("name: T", f"name: {'x' * 4_001}"),
        ["N108 xxxxxxxxxxxxxxxx"],
        "has 4,001 characters|at most 4,000",
    ),
    (SCENARIO.split("threats")[0], ["N103 scenario: small"], 'the field "threats" is missing'),
    (f"{SCENARIO.split('threats', maxsplit=1)[0]}threats: []\n", ["N108 []"], '"threats" is empty|at least one entry'),
    (SCENARIO.replace("jurisdictions:\n", "jurisdictions: []\nx:\n"), ["N108 []", "N102 x"], "is empty"),
    (with_ties("kind: pact, parties: [A]"), ["N108 [A]"], "has only 1 entry|at least 2 are needed"),
    # -- the text of the file
    (with_threat("name: Again"), ["S020 name"], 'The key "name" is given twice'),
    (with_line("references: [{what: T, publisher, seen: whole}]"), ["S021 publisher"], "put that whole text in quotes"),
    (SCENARIO.replace("level: upper", "level: "), ["S021 level"], "Leave the field out"),
    (SCENARIO.replace("title: A small scenario", "title: ~"), ["S021 ~"], "Leave the field out"),
    (SCENARIO.replace("  - {id: t", "\t- {id: t"), ["S012 	"], "Indent with spaces"),
    # -- what must fit together
    (SCENARIO.replace("id: B", "id: A"), ["N201 A"], 'the id "A" is given twice in "jurisdictions"|entry 1 has it'),
    (with_jurisdiction("parent: C"), ["N202 C"], 'the parent "C" is not a jurisdiction of this file'),
    (with_jurisdiction("parent: A"), ["N203 A"], '"A" is its own parent'),
    (
        with_jurisdiction("parent: B").replace("side: west", "side: west, parent: A"),
        ["N203 B"],
        "in a circle: A -> B -> A|take one of these parents out",
    ),
    (with_ties("kind: pact, parties: [A, C]"), ["N204 C"], 'the tie names "C"|known here: A, B'),
    (with_threat("places: [A, C]"), ["N210 C"], 'the place "C" is not a jurisdiction of this file|known here: A, B'),
    (with_threat("places: [A, B, A]"), ["N211 A"], 'the place "A" is named twice|name each place once'),
    (with_threat("places: []"), ["N212 []"], "a threat has to be somewhere|leave it out if it is not known"),
    (with_threat("places: A"), ["N104 A"], '"places" should be a list|write [a, b]'),
    (with_threat("places: [A, 5]"), ["N104 5"], 'entry 2 of "places" should be text, this is 5'),
    (with_threat("reasons: {places: Seen there}"), ["N206 places"], "which has no value here"),
    (with_ties("kind: pact, parties: [A, A]"), ["N205 A"], 'joins "A" to itself'),
    (with_ties("kind: pact, parties: [A, B, A]"), ["N205 A"], "name each party once"),
    (with_threat("reasons: {severity: Judged}"), ["N206 severity"], 'a reason is given for "severity"'),
    (
        with_jurisdiction("capacities: {pumps: 1}, reasons: {capacities.pumps: Seen, capacities.pump: Not}"),
        ["N206 capacities.pump"],
        "a value inside a group is named group.value",
    ),
    # -- words that no pack declares
    (SCENARIO.replace("kind: fire", "kind: fir"), ["N301 fir"], "\"fir\" is not a known threat kind|'fire'"),
    (SCENARIO.replace("level: upper", "level: up per"), ["N301 up per"], "is not a known level|did you mean 'upper'?"),
    (with_threat("origin: her, vector: wnd"), ["N301 her", "N301 wnd"], "origin|did you mean 'here'?"),
    (with_jurisdiction("competences: [water, watr]"), ["N301 watr"], "is not a known competence"),
    (with_ties("kind: pakt, parties: [A, B], layers: [feld]"), ["N301 pakt", "N301 feld"], "did you mean 'pact'?"),
    (with_jurisdiction("capacities: {pump: 1}"), ["N304 pump"], '"pump" is not a known capacity'),
    (with_jurisdiction("costs: {x: 1}, benefits: {y: 1}"), ["N304 x", "N304 y"], "is not a known cost category"),
    (with_jurisdiction("interests: {safty: 1}"), ["N304 safty"], "did you mean 'safety'?"),
    (with_threat("attributes: {spred: 1}"), ["N302 spred"], "is not a known attribute of a threat|'spread'"),
    (with_jurisdiction("attributes: {x: 1}"), ["N302 x"], "the packs declare no attribute of a jurisdiction at all"),
    (with_line("conditions: {drouht: 1}"), ["N302 drouht"], "is not a known condition|did you mean 'drought'?"),
    # -- declared facts
    (with_threat("attributes: {spread: wide}"), ["N303 wide"], '"spread" should be a number|from 0 to 10'),
    (with_threat("attributes: {spread: 11}"), ["N105 11"], "from 0 to 10"),
    (with_threat("attributes: {watched: 1}"), ["N303 1"], "should be true or false"),
    (with_threat("attributes: {season: dy}"), ["N301 dy"], '"dy" is not a known option for "season"|\'dry\''),
    (with_threat("attributes: {season: 5}"), ["N303 5"], "should be one word|dry, wet"),
    (with_threat("attributes: {needs: water}"), ["N303 water"], "should be a list of words"),
    (with_threat("attributes: {needs: [watr, 5]}"), ["N301 watr", "N303 5"], "'water'"),
    (with_threat("attributes: {spread: {a: 1}}"), ["N303 {a: 1}"], "should be a number"),
    (with_line("conditions: {drought: 2}"), ["N105 2"], "from 0 to 1"),
    (with_line("conditions: [drought]"), ["N104 [drought]"], "should be a mapping of fields"),
]


@pytest.mark.parametrize(("text", "marks", "says"), MISTAKES, ids=[row[2][:50] for row in MISTAKES])
def test_a_mistake_is_told_where_it_stands(
    scenario_problems: ScenarioProblems, text: str, marks: list[str], says: str
) -> None:
    problems = scenario_problems(text)
    assert [f"{problem.code} {marked(problem)[:16]}" for problem in problems] == marks
    told = f"{problems[0].message} {problems[0].hint}"
    assert [words for words in says.split("|") if words not in told] == []
    for problem in problems:
        assert problem.code in CODES
        assert problem.hint
        assert problem.excerpt is not None
        assert "nput should" not in problem.message


def test_on_stays_text(read_small: ReadScenario) -> None:
    scenario = read_small(SCENARIO.replace("name: A,", "name: ON,")).scenario
    assert scenario.jurisdictions[0].name == "ON"


def test_mistakes_of_every_kind_are_told_in_one_run(scenario_problems: ScenarioProblems) -> None:
    text = """\
scenario: small
title: ~
shows: x
shows: y
year: soon
jurisdictions:
  - {id: A, name: A, level: uper, side: east, capacities: {pumps: 2}}
  - {id: A, name: B, levl: lower, side: west}
ties:
  - {id: x, name: X, parties: [A, C], kind: pact, strength: .inf}
threats:
  - {id: t, name: T, kind: fire, severity: high, reasons: {reach: none}}
"""
    assert brief(scenario_problems(text)) == [
        "2:8 S021", "4:1 S020", "5:7 N104", "7:29 N301", "7:67 N105", "8:10 N201", "8:22 N102", "10:35 N204",
        "10:61 S026", "12:44 N104", "12:60 N206",
    ]  # fmt: skip


def test_a_field_without_a_value_hides_no_other_one_that_is_missing(scenario_problems: ScenarioProblems) -> None:
    text = SCENARIO.replace("level: upper", "level: ").replace("level: lower, ", "")
    assert brief(scenario_problems(text)) == ["5:22 S021", "6:5 N103"]


def test_json_is_checked_in_the_same_way(read_small: ReadScenario, scenario_problems: ScenarioProblems) -> None:
    data = {
        "scenario": "small", "title": "T", "shows": "S",
        "jurisdictions": [{"id": "A", "name": "A", "level": "upper", "side": "east"}],
        "threats": [{"id": "t", "name": "T", "kind": "fire", "severity": 0.5}],
    }  # fmt: skip
    assert read_small(json.dumps(data), "small.json").scenario.threats[0].severity == 0.5
    data["threats"] = [{"id": "t", "name": "T", "kind": "fir", "severity": 2}]
    problems = scenario_problems(json.dumps(data, indent=1), "small.json")
    assert [problem.code for problem in problems] == ["N301", "N105"]


def test_after_a_hundred_problems_the_rest_is_counted_as_more(scenario_problems: ScenarioProblems) -> None:
    text = with_jurisdiction(f"competences: [{', '.join(['x'] * 5_000)}]")
    problems = scenario_problems(text)
    assert [problem.code for problem in problems].count("N301") == 100
    assert [problem.code for problem in problems].count("S039") == 1


HOSTILE = {
    "unknown parties": with_ties(f"kind: pact, parties: [{', '.join(f'J{i}' for i in range(30_000))}]"),
    "one party very often": with_ties(f"kind: pact, parties: [{', '.join(['A'] * 60_000)}]"),
    "a chain of parents": SCENARIO.split("  - {id: A")[0]
    + "".join(f"  - {{id: J{i}, parent: J{i + 1}}}\n" for i in range(20_000)),
    "unknown fields": SCENARIO + "".join(f"field{i}: 1\n" for i in range(30_000)),
    "unknown facts": with_threat(f"attributes: {{{', '.join(f'spread{i}: 1' for i in range(30_000))}}}"),
    "unknown reasons": with_threat(f"reasons: {{{', '.join(f'a{i}: x' for i in range(30_000))}}}"),
    "long words": SCENARIO.replace("kind: fire", f"kind: {'fire' * 200_000}"),
    "a long path": with_threat(f"reasons: {{{'a.' * 100_000}a: x}}"),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_file_is_refused_with_little_work(scenario_problems: ScenarioProblems, text: str) -> None:
    with at_most(4_000_000):
        problems = scenario_problems(text)
    assert len(problems) <= 205
    assert max(len(problem.message) for problem in problems) < 300


def test_a_scenario_made_in_a_program_is_checked_for_what_its_names_refer_to(read_small: ReadScenario) -> None:
    made = read_small(with_ties("kind: pact, parties: [A, B]")).scenario
    assert unsaved(made).scenario is made
    assert made.ties
    wrong = made.model_copy(update={"ties": [made.ties[0].model_copy(update={"parties": ["A", "C"]})]})
    with pytest.raises(InputError, match="N204") as caught:
        unsaved(wrong)
    assert "ties.0.parties.1" in caught.value.problems[0].message
