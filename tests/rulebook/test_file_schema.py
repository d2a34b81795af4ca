"""The published formats of files say what the reader says: shipped files fit them, broken ones do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from docs_modules import docs_module
from jsonschema import Draft202012Validator

from policyengine.cli.main import cli
from policyengine.cli.schema import KINDS as OFFERED
from policyengine.errors import Problems
from policyengine.rulebook.file_schema import KINDS, field_sentences, file_schema
from policyengine.rulebook.loading import load_rulebook, shipped_packs
from policyengine.shipped import folder
from policyengine.source import examine_document

ROOT = Path(__file__).parents[2]
FILES = {
    "scenario": sorted(folder("scenarios").glob("*.yaml")),
    "pack": sorted(folder("rules").glob("*/pack.yaml")),
    "rule": sorted(path for path in folder("rules").glob("*/*/*.yaml") if path.parent.name not in ("seeds", "tests")),
    "test": sorted(ROOT.glob("docs/examples/*/tests/*.yaml")),
    "source": sorted([*folder("seeds").glob("*.yaml"), *folder("rules").glob("*/seeds/*.yaml")]),
}
RULEBOOK = load_rulebook(shipped_packs())

RULE = {"rule": "a", "claim": "s/c", "nature": "normative", "why": "w", "when": "threat.agent",
        "then": [{"caution": "c"}]}  # fmt: skip
ROWS = {"columns": ["case", "threat.severity", "score frontier"], "rows": [["a", ">= 0.5", 1], ["b", ["x", "y"], True]]}
HEAD: dict[str, Any] = {key: RULE[key] for key in ("rule", "nature", "why")}
PACK = {"pack": "a", "title": "t", "version": "1.0.0", "role": "opinion", "summary": "s"}
CLAIM = {"claim": "c", "heading": "h", "position": 1, "kind": "claim", "polarity": "asserted", "paraphrase": "p"}
SOURCE = {"source": "s", "title": "t", "authors": ["a"], "seen": "whole", "claims": [CLAIM]}
PLACE = {"id": "X", "name": "x", "level": "federal", "side": "CA"}
THREAT = {"id": "t", "name": "t", "kind": "terrorism"}
SCENARIO = {"scenario": "a", "title": "t", "shows": "s", "jurisdictions": [PLACE], "threats": [THREAT]}
TESTS = {"tests": [{"test": "t", "scenario": "s", "expect": {"shares": {"frontier": {"X": "30..40"}}}}]}
WHOLE = {"rule": RULE, "pack": PACK, "source": SOURCE, "scenario": SCENARIO, "test": TESTS}
BROKEN: list[tuple[str, dict[str, Any]]] = [
    ("rule", {**RULE, "when": 3}),
    ("rule", {**RULE, "nature": "wishful"}),
    ("rule", {**RULE, "thn": []}),
    ("rule", {**RULE, "then": []}),
    ("rule", {**RULE, "then": [{"shout": "x"}]}),
    ("rule", {**RULE, "claim": "no claim"}),
    ("rule", {key: value for key, value in RULE.items() if key != "why"}),
    ("pack", {**PACK, "version": "1"}),
    ("pack", {**PACK, "role": "judge"}),
    ("pack", {**PACK, "parameters": {"Big": {"value": 1, "low": 0, "high": 2, "means": "m"}}}),
    ("pack", {**PACK, "vocabulary": {"colours": {}}}),
    ("source", {**SOURCE, "authors": []}),
    ("source", {**SOURCE, "claims": [{**CLAIM, "kind": "rumour"}]}),
    ("source", {**SOURCE, "year": None}),
    ("test", {"tests": []}),
    ("test", {"tests": [{"test": "t", "scenario": "s"}]}),
    ("test", {"tests": [{"test": "t", "scenario": "s", "expect": {"shares": {"frontier": {"X": "many"}}}}]}),
    ("scenario", {**SCENARIO, "jurisdictions": []}),
    ("scenario", {**SCENARIO, "threats": [{**THREAT, "severity": 1.4}]}),
    ("scenario", {**SCENARIO, "jurisdictions": [{**PLACE, "capacities": {"policing": "much"}}]}),
]


def errors(schema: dict[str, Any], data: Any) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(data)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_offered_and_is_a_json_schema(kind: str) -> None:
    Draft202012Validator.check_schema(file_schema(kind))
    assert kind in OFFERED
    assert len(OFFERED) == len([*KINDS, "tables"])


def test_the_published_format_of_tables_is_offered_and_has_no_words_of_packs() -> None:
    shown = CliRunner().invoke(cli, ["schema", "tables"])
    assert shown.exit_code == 0
    assert json.loads(shown.stdout) == json.loads((ROOT / "schemas" / "tables.json").read_text("utf-8"))
    shown = CliRunner().invoke(cli, ["schema", "tables", "--pack", "borders"])
    assert shown.exit_code == 2
    assert "--pack is for kinds of files" in shown.output


def test_every_shipped_file_leads_editors_to_its_format() -> None:
    assert sorted(docs_module("generate").schema_lines()) == [], "run: python docs/generate.py"
    for kind, files in FILES.items():
        for path in files:
            first = path.read_text("utf-8").splitlines()[0]
            assert (path.parent / first.partition("$schema=")[2]).resolve() == folder("schemas") / f"{kind}.json"


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_formats_are_those_of_the_models(kind: str) -> None:
    shipped = (folder("schemas") / f"{kind}.json").read_text("utf-8")
    assert shipped == docs_module("generate").schema(kind), "run: python docs/generate.py"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", [False, True], ids=["any words", "the words of the packs"])
def test_every_shipped_file_fits(kind: str, words: bool) -> None:
    schema = file_schema(kind, RULEBOOK.vocabulary, RULEBOOK.claims) if words else file_schema(kind)
    assert FILES[kind]
    wrong = {path.name: found for path in FILES[kind] if (found := errors(schema, examine_document(path).plain()))}
    assert wrong == {}


@pytest.mark.parametrize(
    "data",
    [
        {**HEAD, "table": ROWS},
        {**RULE, "table": "a.csv"},
        {**HEAD, "table": "a.csv", "then": [{"score": "column.layer", "points": "column.points"}]},
        *(examine_document(path).plain() for path in sorted(ROOT.glob("docs/examples/water/rules/*.yaml"))),
    ],
)
def test_a_rule_file_may_have_a_table_in_the_place_of_its_parts(data: Any) -> None:
    assert errors(file_schema("rule"), data) == []


@pytest.mark.parametrize(
    "data",
    [
        {**HEAD},
        {**HEAD, "table": "../a.csv"},
        {**HEAD, "table": {"columns": ["case"]}},
        {**HEAD, "table": {"columns": ["case"], "rows": []}},
        {**HEAD, "table": {"columns": ["case"], "rows": ["a"]}},
        {**HEAD, "table": {**ROWS, "colour": "red"}},
        {"rule": "a", "table": ROWS},
    ],
)
def test_a_broken_table_does_not_fit_and_the_reader_says_the_same(data: Any, tmp_path: Path) -> None:
    from policyengine.rulebook.table import rows_of

    assert errors(file_schema("rule"), data)
    path = tmp_path / "a.json"
    path.write_text(json.dumps(data), "utf-8")
    problems = Problems()
    if "table" in data:
        rows_of(examine_document(path), path, tmp_path, problems)
        assert len(problems) > 0


@pytest.mark.parametrize(("kind", "data"), BROKEN)
def test_a_broken_file_does_not_fit_and_the_reader_says_the_same(
    kind: str, data: dict[str, Any], tmp_path: Path
) -> None:
    from policyengine.domain.reading import read_file

    assert errors(file_schema(kind), WHOLE[kind]) == []
    assert errors(file_schema(kind), data)
    path = tmp_path / "file.json"
    path.write_text(json.dumps(data), "utf-8")
    problems = Problems()
    read_file(path, KINDS[kind], "P", problems)
    assert len(problems) > 0


def test_the_words_of_the_packs_are_the_only_ones() -> None:
    schema = file_schema("scenario", RULEBOOK.vocabulary)
    assert errors(schema, SCENARIO) == []
    assert errors(schema, {**SCENARIO, "jurisdictions": [{**PLACE, "level": "ducal"}]})
    assert errors(schema, {**SCENARIO, "threats": [{**THREAT, "attributes": {"colour": "red"}}]})
    rule = file_schema("rule", RULEBOOK.vocabulary, RULEBOOK.claims)
    assert errors(rule, {**RULE, "claim": next(iter(RULEBOOK.claims)), "then": [{"bar": "frontier"}]}) == []
    assert errors(rule, {**RULE, "claim": next(iter(RULEBOOK.claims)), "then": [{"bar": "kitchen"}]})
    assert errors(rule, RULE)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_explained(kind: str) -> None:
    schema = file_schema(kind)
    shapes = [schema, *schema.get("$defs", {}).values()]
    fields = [(name, field) for shape in shapes for name, field in shape.get("properties", {}).items()]
    assert [name for name, field in fields if not str(field.get("description", "")).endswith(".")] == []
    assert field_sentences(KINDS[kind])
