"""A YAML file read without places says the very same as with them, whatever is right or wrong in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from source.test_random_files import PIECES

from policyengine.errors import InputError, Problem
from policyengine.rulebook.loading import default_packs, load_rulebook
from policyengine.rulebook.scenario_reading import check_scenario, packs_found
from policyengine.shipped import folder
from policyengine.source import Document, examine_document
from policyengine.source.yaml_data import read_data

Said = tuple[str, tuple[Problem, ...]]
ROOT = Path(__file__).parent.parent.parent
SCENARIOS = sorted(folder("scenarios").glob("*.yaml"))
VOCABULARY = load_rulebook(default_packs()).vocabulary


def said(act: Callable[[], object]) -> Said:
    """What comes of it: `repr` tells 1 from 1.0 and from true, and keeps the order of keys."""
    try:
        return repr(act()), ()
    except InputError as error:
        return "", error.problems


def of_document(path: Path, *, places: bool) -> list[Said]:
    documents: list[Document] = []
    found = [said(lambda: documents.append(examine_document(path, places=places)))]
    for document in documents:
        found.append((repr(document.plain()), document.flaws))
        found.append(said(lambda document=document: packs_found(document)))  # type: ignore[misc]
        found.append(said(lambda document=document: check_scenario(document, VOCABULARY)))  # type: ignore[misc]
        found.append((repr((document.name, document.sha256, document.text, document.root)), ()))
    return found


def assert_same(path: Path) -> bool:
    """Compare; gives whether the file was read without places."""
    assert of_document(path, places=False) == of_document(path, places=True)
    try:
        return read_data(path.read_bytes().decode("utf-8").removeprefix("\ufeff")) is not None
    except UnicodeDecodeError:
        return False


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data") / "file.yaml"


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_shipped_scenarios_are_read_without_places(path: Path) -> None:
    assert assert_same(path)


@pytest.mark.parametrize("path", [*sorted(ROOT.glob("rules/**/*.yaml"))[::5], *ROOT.glob("tests/data/**/*.yaml")])
def test_other_files_say_the_same(path: Path) -> None:
    assert_same(path)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_pieces_of_notation_say_the_same(file: Path, content: str) -> None:
    file.write_bytes(content.encode("utf-8", "surrogatepass"))
    assert_same(file)


@given(st.binary(max_size=80))
def test_bytes_say_the_same(file: Path, content: bytes) -> None:
    file.write_bytes(b"a: " + content)
    assert_same(file)


SPOILT = [
    "a: NO\nb: on\nc: 010\nd: 0o10\ne: 0x10\nf: 1_000\ng: 2001-01-01\nh: 12:30:00\n", "a: 1\na: 2\n", "'a': 1\na: 2\n",
    "a: &x [1]\nb: *x\n", "a: *x\n", "a: &x 1\n", "a: ! b\n", "a: !t b\n", "! {a: 1}\n", "a: ~\n", "a:\n", "~: 1\n",
    "<<: {a: 1}\n", "'<<': 1\n", "a: .nan\n", "a: -.inf\n", "a: 9007199254740993\n", "a: 1e400\n", '"": 1\n', ": 1\n",
    "? [1]\n: 2\n", "{a: 1, b}\n", "- \n- 1\n", "---\na: 1\n---\nb: 2\n", "---\na: 1\n...\n", "%YAML 1.1\n---\na: 1\n",
    "%TAG ! tag:x,2000:\n---\na: 1\n", "# nothing\n", "", "\ufeffa: 1\n", 'a: "\\ud800"\n', 'a: "\\uD83D\\uDE00"\n',
    'a: "\\U0000dc00"\n', "a: '\\ud800'\n", "a: |\n  b\n\nc: >-\n  d\n  e\n", "a: |2-\n   b\n", "!\na: 1\n", "- ! 1\n",
    "[" * 31 + "]" * 31, "[" * 32 + "]" * 32, "[" * 33 + "]" * 33, "[" * 300 + "]" * 300, "a: [" + "1," * 50_000 + "]",
    "a: [" + "1," * 99_997 + "]", "a: [" + "1," * 99_998 + "]", "a: [" + "1," * 120_000 + "]", "a: b: c\n", "a\tb: 1\n",
    "a: @b\n",
    "true: 1\nTrue: 2\n", "1: a\n1.0: b\n", "a: 'it''s'\n", 'a: "x\\\n  y"\n', "a: [1, 2\n", "a: 1\r\nb: 2\r",
    "text", "3", "[]", "{}", "null", "'null'", "a: +.5\nb: 1.\nc: -0\nd: -0.0\ne: 1e3\nf: .\ng: +\n",
]  # fmt: skip


@pytest.mark.parametrize("content", SPOILT, ids=range(len(SPOILT)))
def test_traps_of_the_notation_say_the_same(file: Path, content: str) -> None:
    file.write_bytes(content.encode("utf-8"))
    assert_same(file)


def spoilt(random: Random, text: str) -> str:
    """A scenario with one to three small changes, of a kind that happens while one types."""
    for _ in range(random.randint(1, 3)):
        lines = text.split("\n")
        place = random.randrange(len(lines))
        match random.randrange(6):
            case 0:
                lines.insert(place, lines[place])
            case 1:
                del lines[place]
            case 2:
                lines[place] = lines[place].replace(":", random.choice([": ", ":", " :", ": ~", ": NO #", ": 1.5 #"]))
            case 3:
                lines[place] = " " * random.randint(0, 4) + lines[place]
            case 4:
                at = random.randint(0, len(lines[place]))
                piece = random.choice(PIECES)
                lines[place] = lines[place][:at] + piece + lines[place][at:]
            case _:
                at = random.randint(0, max(len(lines[place]) - 1, 0))
                lines[place] = lines[place][:at] + lines[place][at + 1 :]
        text = "\n".join(lines) or "a"
    return text


@pytest.mark.parametrize("seed", range(20))
def test_spoilt_scenarios_say_the_same(file: Path, seed: int) -> None:
    random = Random(seed)
    for _ in range(15):
        file.write_bytes(spoilt(random, random.choice(SCENARIOS).read_text("utf-8")).encode("utf-8", "surrogatepass"))
        assert_same(file)


def test_what_a_caller_does_with_the_data_changes_no_document(file: Path) -> None:
    file.write_text("a: [1, {b: 2}]\n", "utf-8")
    document = examine_document(file, places=False)
    found = document.plain()
    assert isinstance(found, dict)
    found["a"] = "changed"
    assert document.plain() == {"a": [1, {"b": 2}]}
