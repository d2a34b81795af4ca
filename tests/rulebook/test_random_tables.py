"""Whatever a table holds, in a rule file, a CSV file or a workbook, it is read or refused with problems."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rulebook.conftest import MEMO, PACK
from rulebook.test_random_files import PIECES, assert_told, load_with, texts, write
from rulebook.test_tables import CSV, FILE, LIST
from rulebook.test_workbooks import a_workbook

from policyengine.engines.reference import evaluate
from policyengine.errors import InputError
from policyengine.rulebook.examine import examine_packs
from policyengine.rulebook.loading import load_rulebook

EXAMPLES = "examples:\n  fires:\n    - {row: mild, threat: {kind: fire}}\n    - {threat: {kind: flood}}\n"
WORKBOOK = a_workbook()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("random")
    beside, book = (
        FILE.replace("rule: smoke", f"rule: {name}").replace("smoke.csv", file)
        for name, file in (("beside", "beside.csv"), ("book", "book.xlsx"))
    )
    files = {"smoke.yaml": LIST + EXAMPLES, "beside.yaml": beside, "beside.csv": CSV, "book.yaml": book}
    for name, text in {"pack.yaml": PACK, "seeds/memo.yaml": MEMO, **{f"a/{k}": v for k, v in files.items()}}.items():
        write(root / "mine" / name, text)
    (root / "mine/a/book.xlsx").write_bytes(WORKBOOK)
    return root


@settings(max_examples=100, deadline=None)
@given(texts(LIST + EXAMPLES))
def test_any_text_as_a_rule_file_with_a_table_is_read_or_refused(folder: Path, text: str) -> None:
    load_with(folder, "mine/a/smoke.yaml", text)


@settings(max_examples=100, deadline=None)
@given(texts(CSV))
def test_any_text_as_a_csv_file_is_read_or_refused(folder: Path, text: str) -> None:
    load_with(folder, "mine/a/beside.csv", text)


CELLS = st.sampled_from([*PIECES, "-", "any", "yes", "no", "< 0.5", "fire, flood", "param.high", "not in fire", ","])
HEADINGS = st.sampled_from(
    ["case", "claim", "note", "x", "threat.kind", "threat.severity >=", "threat.kind not in", "score field", "bar desk",
     "mark threat.hot", "caution", "favour open", "threat.attributes.watched", "threats", "a.b.c", ">= threat.kind"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(HEADINGS, min_size=1, max_size=5), st.data())
def test_any_cells_below_any_headings_are_read_or_refused(folder: Path, head: list[str], data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(head), max_size=len(head)), min_size=1, max_size=4))
    told = "\n".join(f"    - [{', '.join(map(_quoted, row))}]" for row in rows)
    top = LIST.partition("table:")[0]
    text = f"{top}table:\n  columns: [{', '.join(map(_quoted, head))}]\n  rows:\n{told}\n"
    write(folder / "mine/a/smoke.yaml", text)
    examined = examine_packs([folder / "mine"], evaluate)
    try:
        load_rulebook([folder / "mine"])
    except InputError as error:
        assert_told(error)
        assert not examined.usable
    finally:
        write(folder / "mine/a/smoke.yaml", LIST + EXAMPLES)


def _quoted(text: str) -> str:
    inner = "".join(f"\\u{ord(char):04x}" if char in '"\\' or not " " <= char <= "~" else char for char in text)
    return f'"{inner}"' if all(ord(char) < 0x10000 for char in text) else '"x"'


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.binary(max_size=6)), min_size=1, max_size=4))
def test_any_octets_as_a_workbook_are_read_or_refused(folder: Path, changes: list[tuple[int, bytes]]) -> None:
    data = WORKBOOK
    for start, piece in changes:
        data = data[:start] + piece + data[start + len(piece) :]
    (folder / "mine/a/book.xlsx").write_bytes(data)
    try:
        load_rulebook([folder / "mine"])
    except InputError as error:
        assert_told(error)
