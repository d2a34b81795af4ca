"""A caret stands under the very character of the file, however a condition is written there."""

from __future__ import annotations

from textwrap import dedent

import pytest
from rulebook.conftest import PackProblems, a_rule, brief, marked

from policyengine.errors import render_problem

WRITTEN = [
    ("literal", "|\n  threat.agent\n  and threat.knd == 'fire'\n", "7:14"),
    ("literal, kept line ends", "|+\n  threat.agent\n\n  and threat.knd == 'fire'\n\n", "8:14"),
    ("literal with its indentation given", "|2\n    threat.agent\n  and threat.knd == 'fire'\n", "7:14"),
    ("literal with comments", "|\n  # why: knd\n  threat.agent  # 'é\n  and threat.knd == 'fire'\n", "8:14"),
    ("folded", ">\n  threat.agent\n  and threat.knd == 'fire'\n", "7:14"),
    ("folded, stripped", ">-\n  threat.agent\n\n  and threat.knd\n  == 'fire'\n", "8:14"),
    ("plain", "threat.agent and threat.knd == 'fire'\n", "5:31"),
    ("plain over lines", "threat.agent\n  and threat.knd\n  == 'fire'\n", "6:14"),
    ("single quotes", "'threat.agent and threat.knd == ''fire'''\n", "5:32"),
    ("single quotes over lines", "'threat.kind == ''fire''\n  and threat.knd == ''fire'''\n", "6:14"),
    ("double quotes", '"threat.agent and threat.knd == \\"fire\\""\n', "5:32"),
    ("double quotes with escapes", '"threat.id == \\"\\u00e9\\" \\x61nd threat.knd == \'fire\'"\n', "5:46"),
    ("double quotes over lines", "\"threat.agent \\\n  and threat.knd == 'fire'\"\n", "6:14"),
    ("accents before it", "|\n  threat.id == 'Québec' and threat.knd == 'fire'\n", "6:36"),
    ("combining accents before it", "|\n  threat.id == 'e\u0301' and threat.knd == 'fire'\n", "6:32"),
    ("emoji before it", "|\n  threat.id == '😀👩\u200d🚒' and threat.knd == 'fire'\n", "6:34"),
    ("emoji escaped", '"threat.id == \\"\\U0001F600\\" and threat.knd == \'fire\'"\n', "5:47"),
]


@pytest.mark.parametrize(("written", "place"), [row[1:] for row in WRITTEN], ids=[row[0] for row in WRITTEN])
def test_the_caret_is_under_the_misspelt_name(pack_problems: PackProblems, written: str, place: str) -> None:
    (problem,) = pack_problems({"one": a_rule("one", when="WHEN").replace("WHEN\n", written)})
    assert brief((problem,)) == [f"{place} L203"]
    assert marked(problem) == "knd"
    assert problem.hint == "did you mean 'kind'?"


def test_the_carets_of_points_stand_in_their_entry(pack_problems: PackProblems) -> None:
    first, second = "{score: field, points: threat.sevrity * 2}", "score: desk"
    then = f"\n  - {first}\n  - {second}\n    points: >\n      1 +\n      threat.agent\n"
    problems = pack_problems({"one": a_rule("one", then="THEN").replace(" THEN\n", then)})
    assert brief(problems) == ["7:35 L203", "11:7 L202"]
    assert list(map(marked, problems)) == ["sevrity", "threat.agent"]


def test_a_problem_is_shown_with_its_line(pack_problems: PackProblems) -> None:
    (problem,) = pack_problems({"one": a_rule("one", when="threat.id == '火' and threat.knd == 'fire'")})
    assert render_problem(problem).partition("L203 ")[2] == dedent(
        """\
        'threat' has no 'knd'
            when: threat.id == '火' and threat.knd == 'fire'
                                               ^^^
          hint: did you mean 'kind'?"""
    )


@pytest.mark.parametrize(
    ("written", "place"),
    [("|\n  # nothing but this\n", "6:3"), ("''\n", "5:7"), ('" "\n', "5:8"), ("|\n\n", "5:7")],
)
def test_a_condition_without_content_is_told_where_it_should_stand(
    pack_problems: PackProblems, written: str, place: str
) -> None:
    (problem,) = pack_problems({"one": a_rule("one", when="WHEN").replace("WHEN\n", written)})
    assert brief((problem,)) == [f"{place} L102"]


def test_an_unclosed_bracket_cannot_reach_outside_the_condition(pack_problems: PackProblems) -> None:
    problems = pack_problems({"one": a_rule("one", when="threat.agent) or (threat.agent")})
    assert brief(problems) == ["5:19 L102", "5:24 L102"]


def test_all_mistakes_of_a_rule_are_told_at_once(pack_problems: PackProblems) -> None:
    when = "threat.sevrity >= param.hihg and jurisdiction.level == 'uper' and threat.agent == 1"
    problems = pack_problems({"one": a_rule("one", when=when, claim="memo/two", then="[{score: feild, points: x}]")})
    assert brief(problems) == ["2:8 C202", "5:14 L203", "5:31 L203", "5:62 L205", "5:89 L204", "6:16 P203", "6:31 L203"]
