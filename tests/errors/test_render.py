"""A problem as text: the caret stands under the very character that is meant."""

import pytest

from policyengine.errors import Problem, Span, render_problem, render_problems

DO = "Do something."


def shown(excerpt: str, column: int, end_column: int, end_line: int = 3) -> list[str]:
    """The excerpt and the carets, without the margin."""
    span = Span("a.yaml", 3, column, end_line, end_column)
    lines = render_problem(Problem("S020", "Wrong", DO, span, excerpt)).split("\n")
    assert lines[0] == f"a.yaml:3:{column}: S020 Wrong"
    assert lines[3] == f"  hint: {DO}"
    return [line.removeprefix("    ") for line in lines[1:3]]


@pytest.mark.parametrize(
    ("excerpt", "column", "end_column", "line", "carets"),
    [
        ("key: value", 6, 11, "key: value", "     ^^^^^"),
        ("key: value", 6, 6, "key: value", "     ^"),
        ("key:", 5, 6, "key:", "    ^"),
        ("key:", 90, 99, "key:", "    ^"),
        ("\tkey: x", 2, 5, "    key: x", "    ^^^"),
        ("a\tb", 2, 3, "a    b", " ^^^^"),
        ("\u65e5\u672c: x", 2, 3, "\u65e5\u672c: x", "  ^^"),
        ("\u65e5\u672c: x", 5, 6, "\u65e5\u672c: x", "      ^"),
        ("e\u0301t\u00e9: x", 3, 4, "e\u0301t\u00e9: x", " ^"),
        ("\x1b[1m: x", 5, 6, "\\x1b[1m: x", "       ^"),
        ("a\u202eb: x", 2, 3, "a\\u202eb: x", " ^^^^^^"),
    ],
)
def test_the_carets_stand_under_the_span(excerpt: str, column: int, end_column: int, line: str, carets: str) -> None:
    assert shown(excerpt, column, end_column) == [line, carets]


def test_a_span_of_several_lines_is_marked_to_the_end_of_the_first() -> None:
    assert shown("key: [a,  ", 6, 3, end_line=5) == ["key: [a,", "     ^^^"]


@pytest.mark.parametrize("column", [1, 30, 41, 42, 300, 499, 960, 999, 1000])
def test_a_long_line_is_cut_to_a_window_that_holds_the_span(column: int) -> None:
    long = "".join(chr(0x4E00 + index) for index in range(1000))
    line, carets = shown(long, column, column + 1)
    assert len(line) <= 106
    before = line[: line.index(long[column - 1])]
    assert len(carets) - 2 == sum(1 if char == "." else 2 for char in before)
    assert line.startswith("...") == (column > 41)


def test_a_span_longer_than_the_window_is_marked_as_far_as_it_is_shown() -> None:
    line, carets = shown("x" * 1000, 5, 900)
    assert len(line) == 103
    assert carets == " " * 4 + "^" * 96


def test_a_problem_without_a_place_in_the_file_has_no_excerpt() -> None:
    assert render_problem(Problem("S001", "No such file", DO, Span.whole("a.yaml"), "")) == (
        "a.yaml: S001 No such file\n  hint: Do something."
    )
    assert render_problem(Problem("E001", "No engine")) == "E001 No engine"


def test_text_of_a_file_cannot_reach_the_terminal_through_any_field() -> None:
    evil = "\x1b]0;x\x07\u202e"
    text = render_problem(Problem("S020", evil, evil, Span(evil, 1, 1, 1, 2), evil))
    assert not set(evil) & {"\x1b", "\x07", "\u202e"} & set(text)


def test_problems_are_shown_one_below_the_other() -> None:
    assert (
        render_problems([Problem("E001", "One"), Problem("E002", "Two", DO)])
        == "E001 One\nE002 Two\n  hint: Do something."
    )
