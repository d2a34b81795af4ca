"""A hostile file gets an answer, and for little work."""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from work_limits import at_most

from policyengine.errors import Problem
from policyengine.source import Document

Read = Callable[..., Document]
Refused = Callable[..., tuple[Problem, ...]]


light = pytest.mark.usefixtures("with_little_work")


@pytest.fixture
def with_little_work() -> Iterator[None]:
    """Hold the test to so many calls."""
    with at_most(8_000_000):
        yield


@light
@pytest.mark.parametrize("depth", [33, 10_000, 1_000_000])
@pytest.mark.parametrize(
    ("name", "opening"),
    [
        ("file.yaml", "["),
        ("file.yaml", "{a: "),
        ("file.yaml", "- "),
        ("file.yaml", "? "),
        ("file.yaml", "{"),
        ("file.json", "["),
        ("file.json", '{"":'),
    ],
)
def test_deep_nesting_is_refused_where_it_gets_too_deep(refused: Refused, name: str, opening: str, depth: int) -> None:
    problem = refused((opening * depth)[:4_900_000], name)[0]
    assert (problem.code, problem.span and problem.span.column) == ("S030", len(opening) * 32 + 1)


@light
def test_a_staircase_of_lines_is_refused(refused: Refused) -> None:
    assert refused("\n".join(" " * level + "a:" for level in range(2000)))[0].code == "S030"
    assert refused("\n".join(" " * level + "-" for level in range(2000)))[0].code == "S030"


@pytest.mark.parametrize(
    ("name", "text"),
    [("file.yaml", "[" * 32 + "]" * 32), ("file.json", "[" * 32 + "]" * 32), ("file.yaml", "- " * 32 + "a")],
)
def test_32_levels_are_accepted(read: Read, name: str, text: str) -> None:
    assert isinstance(read(text, name).plain(), list)


def test_aliases_count_for_the_depth(read: Read, refused: Refused) -> None:
    half = "[" * 15 + "]" * 15
    read(f"a: &x {half}\nb: {'[' * 16}*x{']' * 16}")
    assert refused(f"a: &x {half}\nb: {'[' * 17}*x{']' * 17}")[0].code == "S030"


@light
def test_an_alias_bomb_is_refused(refused: Refused) -> None:
    names = "abcdefghij"
    steps = [f"{new}: &{new} [{', '.join(['*' + old] * 10)}]" for old, new in pairwise(names)]
    problem = refused("a: &a [x, x, x, x]\n" + "\n".join(steps))[-1]
    assert (problem.code, problem.span and problem.span.line) == ("S034", 6)


@pytest.mark.parametrize("name", ["file.yaml", "file.json"])
def test_100_000_values_are_accepted(read: Read, name: str) -> None:
    data = read("[" + "1," * 99_998 + "1]", name).plain()
    assert isinstance(data, list)
    assert len(data) == 99_999


@pytest.mark.parametrize("name", ["file.yaml", "file.json"])
def test_more_than_100_000_values_are_refused(refused: Refused, name: str) -> None:
    (problem,) = refused("[" + "1," * 99_999 + "1]", name)
    assert (problem.code, problem.span and problem.span.column) == ("S031", 200_000)


@light
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("file.yaml", "\n"),
        ("file.yaml", 'a: "\n\n'),
        ("file.yaml", '"a '),
        ("file.yaml", "&a "),
        ("file.yaml", "!a "),
        ("file.yaml", "'a"),
        ("file.yaml", "a"),
        ("file.yaml", "9"),
        ("file.yaml", "# a\n"),
        ("file.yaml", "{a b},"),
        ("file.yaml", "\t"),
        ("file.json", "9"),
        ("file.json", '"'),
        ("file.json", '"\\ud800",'),
        ("file.json", " "),
    ],
)
def test_five_megabytes_of_anything_are_answered(read: Read, name: str, text: str) -> None:
    content = text * (4_900_000 // len(text))
    if text == "a":
        assert read(content, name).plain() == content
    else:
        with pytest.raises(Exception, match=r"S\d{3}"):
            read(content, name)
