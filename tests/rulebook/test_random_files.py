"""Whatever a file holds, it is read or refused with problems: never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebook.conftest import MEMO, PACK, SCENARIO, a_rule

from policyengine.engines.reference import evaluate
from policyengine.errors import CODES, InputError, render_problems
from policyengine.rulebook.examine import examine_packs
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import read_scenario

RULE = a_rule("one", then="[{score: field, points: 1}, {bar: desk}, {mark: threat.seen}]") + (
    "examples:\n  fires: [{threat: {severity: 1, kind: fire}}]\n  silent: [{threat: {severity: 0.1}}]\n"
)
SPECIAL = a_rule(
    "two",
    when="any(t.strength > 0.2 and known(t.since) for t in jurisdiction.ties if t.kind == 'pact') or threat.marks.seen",
    then="[{score: field, points: -1 * threat.severity}, {favour: open, points: 1}, {caution: Mind it}]",
)
FULL = SCENARIO.replace("kind: fire}", "kind: fire, diffuseness: {many_actors: 1}, attributes: {spread: 1}}") + (
    "ties: [{id: x, name: X, parties: [A, B], kind: pact, layers: [field], reasons: {kind: x}}]\n"
    "conditions: {drought: 0.5}\nreferences: [{what: A book, seen: whole}]\n"
)
FILES = {"mine/pack.yaml": PACK, "mine/seeds/memo.yaml": MEMO, "mine/a/one.yaml": RULE, "mine/a/two.yaml": SPECIAL}
PIECES = [
    "~",
    "[]",
    "{}",
    "[[]]",
    "{a: 1}",
    "- ",
    ": ",
    "\n",
    "  ",
    "'",
    '"',
    "*x",
    "&x ",
    "!!int ",
    "1e400",
    ".nan",
    "-1",
    "0.5",
    "true",
    "A",
    "threat",
    "threat.kind",
    "any(",
    "(" * 50,
    " for x in threats",
    " and ",
    "== ",
    "'fire'",
    "\u00e9",
    "\U0001f600",
    "\u200b",
    "\x85",
    "jurisdiction.marks.seen",
    "param.high",
    "x" * 300,
    "9" * 30,
    "|\n  ",
    ">-\n  ",
    "# ",
    "{score: field, points: x}",
    "\\",
]
"""Pieces that mean something where a stranger may have put them."""


def texts(whole: str) -> st.SearchStrategy[str]:
    """A file that is nearly right, with pieces put in, left out, or doubled; and plain noise."""
    cut = st.integers(0, len(whole))
    part = st.tuples(cut, cut, st.sampled_from(PIECES) | st.text(max_size=8))
    changed = st.lists(part, min_size=1, max_size=4).map(lambda changes: _changed(whole, changes))
    return changed | st.lists(st.sampled_from([*PIECES, *whole.split()]), max_size=30).map(" ".join) | st.text()


def _changed(text: str, changes: list[tuple[int, int, str]]) -> str:
    for start, end, piece in changes:
        first, last = sorted((min(start, len(text)), min(end, len(text))))
        text = text[:first] + piece + text[last if last - first < 40 else first :]
    return text


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))


def assert_told(error: InputError) -> None:
    assert error.problems
    for problem in error.problems:
        assert problem.code in CODES
        assert problem.message
        assert problem.hint
        assert problem.span
    assert render_problems(error.problems)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("random")
    for name, text in FILES.items():
        write(root / name, text)
    return root


@pytest.fixture(scope="module")
def whole_rulebook(folder: Path) -> Rulebook:
    return load_rulebook([folder / "mine"])


def load_with(folder: Path, name: str, text: str) -> None:
    """Load the pack with one file changed."""
    before = (folder / name).read_bytes()
    write(folder / name, text)
    try:
        examined = examine_packs([folder / "mine"], evaluate)
        load_rulebook([folder / "mine"])
    except InputError as error:
        assert_told(error)
        raised = error.problems
    else:
        raised = ()
    finally:
        (folder / name).write_bytes(before)
    assert examined.usable == (not raised)
    assert set(raised) <= set(examined.problems)
    assert render_problems(examined.problems) or not examined.problems


@settings(max_examples=300)
@given(texts(RULE))
def test_any_text_as_a_rule_file_is_read_or_refused(folder: Path, text: str) -> None:
    load_with(folder, "mine/a/one.yaml", text)


@settings(max_examples=150)
@given(texts(PACK))
def test_any_text_as_a_pack_file_is_read_or_refused(folder: Path, text: str) -> None:
    load_with(folder, "mine/pack.yaml", text)


@settings(max_examples=100)
@given(texts(MEMO))
def test_any_text_as_a_register_is_read_or_refused(folder: Path, text: str) -> None:
    load_with(folder, "mine/seeds/memo.yaml", text)


@settings(max_examples=300)
@given(texts(FULL))
def test_any_text_as_a_scenario_is_read_or_refused(folder: Path, whole_rulebook: Rulebook, text: str) -> None:
    write(folder / "small.yaml", text)
    try:
        read_scenario(folder / "small.yaml", whole_rulebook.vocabulary)
    except InputError as error:
        assert_told(error)


@settings(max_examples=200)
@given(st.lists(st.sampled_from([*PIECES, "threat.severity", ">=", "0.5", "or", "not", ")", "if"]), max_size=12))
def test_any_text_as_a_condition_is_read_or_refused(folder: Path, pieces: list[str]) -> None:
    indented = "\n  ".join(" ".join(pieces).splitlines())
    load_with(folder, "mine/a/one.yaml", a_rule("one", when=f"|2\n  {indented}"))


@pytest.mark.long
@settings(max_examples=10_000)
@given(st.sampled_from(sorted(FILES)).flatmap(lambda name: st.tuples(st.just(name), texts(FILES[name]))))
def test_any_text_as_any_file_of_a_pack_is_read_or_refused_in_the_long_run(
    folder: Path, changed: tuple[str, str]
) -> None:
    load_with(folder, *changed)
