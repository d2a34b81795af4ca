"""Every mistake in a YAML file is named with its code, its very place, and words a newcomer understands."""

from collections.abc import Callable

import pytest
import yaml

from policyengine.errors import Problem
from policyengine.source.lines import Lines
from policyengine.source.yaml_syntax import Mistake, explain

Refused = Callable[..., tuple[Problem, ...]]


def brief(problems: tuple[Problem, ...]) -> list[str]:
    """Place and code of each problem."""
    return [f"{problem.span.line}:{problem.span.column} {problem.code}" for problem in problems if problem.span]


MISTAKES = [
    # text, places and codes, part of the first message or hint
    ("a: 1\nb: 2\na: 3\n", ["3:1 S020"], 'The key "a" is given twice: first in line 1, column 1, and again here'),
    ('a: 1\n"a": 2\n', ["2:1 S020"], "given twice"),
    ("1: a\n'1': b\n", ["2:1 S020"], "given twice"),
    ("- {a: 1, a: 2}\n", ["1:10 S020"], "first in line 1, column 4"),
    ("a: &x b\nb: 1\n*x : 2\n", ["3:1 S020"], "first in line 2, column 1"),
    ("a:\n", ["1:1 S021"], "Leave the field out when it is not known"),
    ("a: # later\nb: 1\n", ["1:1 S021"], '"a" has no value'),
    ("a: ~\nb: NULL\nc: null\n", ["1:4 S021", "2:4 S021", "3:4 S021"], '"a" has the value null'),
    ("- a\n-\n- ~\n", ["2:2 S021", "3:3 S021"], "This item of the list is empty"),
    ("[a, ~]", ["1:5 S021"], "has the value null"),
    ("~", ["1:1 S021"], "has the value null"),
    ("{id: a, b}", ["1:9 S021"], 'If "b" belongs to the text before the comma, put that whole text in quotes'),
    ("- {what: Title, publisher, date, url: x}", ["1:17 S021", "1:28 S021"], "before the comma"),
    ("{id: a, b: }", ["1:9 S021"], "Leave the field out"),
    ("{a:b}", ["1:2 S021"], "Put a space after the colon"),
    ("a: {name}", ["1:5 S021"], "If the braces belong to the text"),
    ("a: {{b}}", ["1:5 S023", "1:6 S021"], "Put text that begins with [ or { in quotes"),
    ("? [a, b]\n: 1\n", ["1:3 S023"], "A list cannot be the key"),
    ("{a: 1}: 2", ["1:1 S023"], "A mapping cannot be the key"),
    ("a: &x [1]\n*x : 2\n", ["2:1 S023"], "A list cannot be the key"),
    ("~: a\n", ["1:1 S022"], "means null"),
    (": a\n", ["1:1 S022"], "no key here"),
    ("{: a}", ["1:2 S022"], "no key here"),
    ("<<: a\n", ["1:1 S024"], "Merge keys (<<) are not accepted"),
    ("a: &x {b: 1}\nc:\n  <<: *x\n", ["3:3 S024"], "Merge keys"),
    ("a: !!python/object:os.system x", ["1:4 S025"], '"!!python/object:os.system"'),
    ("a: !!str 1", ["1:4 S025"], '"!!str"'),
    ("a: !<tag:x> 1", ["1:4 S025"], '"!<tag:x>"'),
    ("a: !own [1]", ["1:4 S025"], '"!own"'),
    ("a: ! b", ["1:4 S025"], '"!"'),
    ('a: ! "b"', ["1:4 S025"], '"!"'),
    ("a: &x !own b", ["1:7 S025"], '"!own"'),
    ("!\na: b", ["1:1 S025"], '"!"'),
    ("! [a]", ["1:1 S025"], '"!"'),
    ("a: !\n  - b\n", ["1:4 S025"], '"!"'),
    ("a: &x ! {b: c}", ["1:7 S025"], '"!"'),
    ("!own\na: b", ["1:1 S025"], '"!own"'),
    ("!own a: b", ["1:1 S025"], '"!own"'),
    ("a: .inf\nb: -.INF\nc: .nan\n", ["1:4 S026", "2:4 S026", "3:4 S026"], '".inf" is not an ordinary number'),
    ("a: 9007199254740993", ["1:4 S027"], "too large"),
    ("a: " + "9" * 5000, ["1:4 S027"], "too large"),
    ("a: 1e400", ["1:4 S027"], "too large"),
    ("a: 0x7FFFFFFFFFFFFFFF", ["1:4 S027"], "too large"),
    ("a: *b", ["1:4 S032"], "Put the text in quotes if it should begin with a star"),
    ("a: *important*", ["1:4 S011"], "Unquoted text cannot begin with *"),
    ("a: &x [1, *x]", ["1:11 S033"], "inside the value that it repeats"),
    ("&x a: *y\nb: &x {c: *x}", ["1:7 S032", "2:11 S033"], "Nothing in the file above is named &y"),
    ("a: 1\n---\nb: 2\n", ["2:1 S015"], "A second document begins here"),
    ("a: 1\n...\nb: 2\n", ["3:1 S015"], "The document has ended before this"),
    ("a:\n\tb: 1\n", ["2:1 S012"], "Indent with spaces"),
    ("a: b\n\tc\n", ["2:1 S012"], "Indent with spaces"),
    ("a: |\n\tb\n", ["2:1 S012"], "Indent with spaces"),
    ("\ta: 1", ["1:1 S012"], "Indent with spaces"),
    ('a: "b', ["1:4 S013"], "The quoted text that begins here is never closed"),
    ("a: 'b\nc: d\n", ["1:4 S013"], "never closed"),
    ("a: [b, c\n", ["1:4 S013"], "The list that begins here is never closed"),
    ("a: [b,\n", ["1:4 S013"], "The list that begins here is never closed"),
    ("a: {b: [1], c: # d", ["1:4 S013"], "The mapping that begins here is never closed"),
    ("a: [{b: c}", ["1:4 S013"], "The list that begins here is never closed"),
    ("a: {b: c", ["1:4 S013"], "The mapping that begins here is never closed"),
    ("a: b: c", ["1:5 S014"], "Put the whole text in quotes"),
    ("a: [b\nc: d\n", ["2:2 S011"], "A comma or ] is missing before this; the list began in line 1, column 4"),
    ('a: ["b" c]', ["1:9 S011"], "A comma or ] is missing"),
    ("a: {b: 1]", ["1:9 S011"], "A comma or } is missing"),
    ("a: 1\n b: 2\n", ["2:2 S011"], "Check the indentation"),
    ("a\nb: 1\n", ["2:1 S011"], "whether the line above is complete"),
    ("a: 1\nb\n", ["2:1 S011"], "There is no colon after this key"),
    ("a:\n  - b\n - c\n", ["3:2 S011"], "The indentation of this line fits none of the lines above"),
    ("- a\nb: 1\n", ["2:1 S011"], "A list item must begin with a dash here"),
    ('a: "b" == c', ["1:8 S011"], "Nothing can follow here"),
    ('a: "b": c', ["1:7 S011"], "Nothing can follow here"),
    ("a: [1, 2] in b", ["1:11 S011"], "Nothing can follow here"),
    ("a: @b", ["1:4 S011"], "Unquoted text cannot begin with @"),
    ("a: %b", ["1:4 S011"], "Unquoted text cannot begin with %"),
    ("a: `b`", ["1:4 S011"], "Unquoted text cannot begin with `"),
    ("a: & b", ["1:4 S011"], "Unquoted text cannot begin with &"),
    ("a: - b", ["1:4 S011"], "A list item cannot begin here"),
    ("]", ["1:1 S011"], "A value is missing here"),
    ("a: >b\n", ["1:5 S011"], "After > the line must end"),
    ("a: ? b", ["1:4 S011"], "cannot begin with a question mark"),
    ('a: "C:\\dir"', ["1:7 S011"], '"\\d" is no escape'),
    ('a: "\\xZ"', ["1:5 S011"], '"\\x" is no escape'),
    ('a: "\\ud83d\\ude00"', ["1:5 S028"], "\\ud83d is half a character"),
    ("!x!y z", ["1:1 S025"], "Tags are not accepted"),
    ("%FOO\n---\na: 1\n", ["1:1 S011"], "A line that begins with %"),
    ("%YAML 3.0\n---\na: 1\n", ["1:1 S011"], "This version of YAML is not known"),
    ("a: 1\na: 2\nb: [\n", ["2:1 S020", "3:4 S013"], "given twice"),
]


@pytest.mark.parametrize(("text", "places", "words"), MISTAKES)
def test_a_mistake_is_named_where_it_stands(refused: Refused, text: str, places: list[str], words: str) -> None:
    problems = refused(text)
    assert brief(problems) == places
    assert words in f"{problems[0].message}. {problems[0].hint}"


@pytest.mark.parametrize("text", [row[0] for row in MISTAKES if row[0] != "%FOO\n---\na: 1\n"])
def test_the_python_parser_refuses_the_same_files(refused: Refused, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.delattr(yaml, "CSafeLoader")
    assert all(problem.code.startswith("S") for problem in refused(text))


@pytest.mark.parametrize("text", ["", "\n \n", "# only a comment\n", "---\n", "\ufeff", "---\n# a\n...\n"])
def test_a_file_without_content_is_refused_as_a_whole(refused: Refused, text: str) -> None:
    (problem,) = refused(text)
    assert problem.code == "S010"
    assert problem.span
    assert problem.span.line == 0


def test_all_mistakes_are_found_in_one_pass_each_with_its_line(refused: Refused) -> None:
    text = "a: 1\na: ~\nb: !x .nan\nc:\n  <<: 1\n  ~: 2\nd: *e\n"
    problems = refused(text)
    assert brief(problems) == ["2:1 S020", "2:4 S021", "3:4 S025", "3:7 S026", "5:3 S024", "6:3 S022", "7:4 S032"]
    assert [problem.excerpt for problem in problems] == [
        "a: ~", "a: ~", "b: !x .nan", "b: !x .nan", "  <<: 1", "  ~: 2", "d: *e",
    ]  # fmt: skip
    assert all(problem.hint.endswith(".") for problem in problems)


def test_places_are_exact_after_a_byte_order_mark_line_ends_and_astral_characters(refused: Refused) -> None:
    assert brief(refused("\ufeffa: ~\r\nb: ~\r\n\r\n\U0001f600e\u0301: ~\rc: ~\n")) == [
        "1:4 S021", "2:4 S021", "4:6 S021", "5:4 S021",
    ]  # fmt: skip


def test_after_a_hundred_problems_the_reader_stops(refused: Refused) -> None:
    problems = refused("- ~\n" * 5000)
    assert len(problems) == 101
    assert [problem.code for problem in problems].count("S039") == 1


def test_what_no_table_foresees_is_passed_on_in_the_words_of_the_parser() -> None:
    explanation = explain(Mistake("found something new", "", 3, 0, None, Lines("a: b")))
    assert explanation[:2] == ("S011", "This is not valid YAML: found something new")
    assert explanation[3:] == (3, 4)
