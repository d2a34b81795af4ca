"""Data as JSON and YAML."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policyengine.report.data import render_json, render_yaml
from policyengine.source import read_document

TEXTS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ["no", "1e3", "0o17", "~", "null", "2010-01-01"]
)
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXTS
)
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(DATA)
def test_json_gives_the_data_back(data: object) -> None:
    assert json.loads(render_json(data)) == data


@given(DATA)
def test_yaml_gives_the_data_back_to_a_reader_of_version_1_1(data: object) -> None:
    assert yaml.safe_load(render_yaml(data)) == data


@given(
    data=st.dictionaries(TEXTS | st.just("<<"), TEXTS | st.booleans() | st.floats(-1e9, 1e9), min_size=1, max_size=4)
)
def test_yaml_gives_the_data_back_to_our_reader_of_version_1_2(
    data: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("yaml") / "data.yaml"
    path.write_text(render_yaml(data), "utf-8")
    assert read_document(path).plain() == data


@given(TEXTS)
def test_nothing_that_moves_the_cursor_is_written(text: str) -> None:
    for shown in (render_json([text]), render_yaml({"x": text})):
        assert not any(
            ord(char) < 32 or 127 <= ord(char) < 160 or char in "\u202e\u2028\ufeff" for char in shown.replace("\n", "")
        )


def test_both_end_with_a_line_break_and_keep_letters() -> None:
    assert render_json({"b": "Québec", "a": 1}) == '{\n  "b": "Québec",\n  "a": 1\n}\n'
    assert render_yaml({"b": "Québec", "a": [1, 2], "c": [], "d": [{"e": "f"}]}) == (
        'b: "Québec"\na: [1, 2]\nc: []\nd:\n  - e: f\n'
    )


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="nan"):
        render_json({"x": float("nan")})


def test_keys_of_a_file_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(render_yaml({"yes": "no", "on": "off"}), "utf-8")
    assert read_document(path).plain() == {"yes": "no", "on": "off"}
