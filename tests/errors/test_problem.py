"""Problems keep their order, and survive the way between processes."""

import pickle

import pytest

from policyengine.errors import InputError, Problem, Problems, Span


def at(line: int, column: int, file: str = "a.yaml") -> Span:
    return Span(file, line, column, line, column + 1)


def test_problems_are_sorted_by_file_line_column_and_code() -> None:
    problems = Problems()
    problems.add("S021", "fifth", span=at(1, 1, "b.yaml"))
    problems.add("S021", "fourth", span=at(10, 1))
    problems.add("S021", "third", span=at(2, 7))
    problems.add("S021", "second", span=at(2, 3))
    problems.add("S020", "first", span=at(2, 3))
    problems.add("E001", "no place at all")
    assert [problem.message for problem in problems.items] == [
        "no place at all", "first", "second", "third", "fourth", "fifth",
    ]  # fmt: skip


def test_nothing_is_raised_without_problems() -> None:
    problems = Problems()
    problems.raise_if_any()
    assert problems.items == ()
    assert len(problems) == 0


def test_the_error_carries_every_problem_in_order_and_says_each_on_a_line() -> None:
    problems = Problems()
    problems.extend([Problem("S021", "later\x1b", span=at(2, 1)), Problem("S020", "earlier", span=at(1, 1))])
    with pytest.raises(InputError) as caught:
        problems.raise_if_any()
    assert [problem.code for problem in caught.value.problems] == ["S020", "S021"]
    assert str(caught.value) == "a.yaml:1:1: S020 earlier\na.yaml:2:1: S021 later\\x1b"


def test_the_error_survives_pickling() -> None:
    error = InputError([Problem("S020", "message", "hint", at(1, 2), "line")])
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_a_file_as_a_whole_is_named_without_line_and_column() -> None:
    assert str(Span.whole("a\x1b.yaml")) == "a\\x1b.yaml"
    assert str(at(3, 4)) == "a.yaml:3:4"
