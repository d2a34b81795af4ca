"""The published format of a result: fresh, valid, and kept by every result."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from report.build import a_cell, a_result

from policyengine.api import evaluate, load_scenario
from policyengine.assess.result import FORMAT, plain
from policyengine.report.data import render_json
from policyengine.report.schema import result_schema
from policyengine.rulebook.rule import Rulebook

FILE = Path(__file__).parent.parent.parent / "docs" / "result.schema.json"


@pytest.fixture(scope="module")
def validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(FILE.read_text("utf-8")))


def test_the_file_is_fresh() -> None:
    assert FILE.read_text("utf-8") == render_json(result_schema()), (
        "run: policyengine result-schema > docs/result.schema.json"
    )


def test_the_schema_is_valid_and_carries_its_version() -> None:
    schema = json.loads(FILE.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    assert (schema["version"], schema["$id"]) == (FORMAT, f"urn:{FORMAT.replace('/', ':')}")


def test_every_result_keeps_to_the_schema(
    validator: Draft202012Validator, scenario_path: Path, rulebook: Rulebook
) -> None:
    result = evaluate(load_scenario(scenario_path, rulebook), rulebook, engine="reference")
    data = json.loads(render_json(plain(result)))
    assert [error.message for error in validator.iter_errors(data)] == []


@pytest.mark.parametrize("change", [{"format": "another/1"}, {"extra": 1}, {"views": None}])
def test_another_thing_does_not(validator: Draft202012Validator, change: dict[str, object]) -> None:
    data = json.loads(render_json(plain(a_result([a_cell()]))))
    assert validator.is_valid(data)
    assert not validator.is_valid(data | change)
