"""The published format of a result: fresh, valid, and kept by every result."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from policyengine.api import evaluate, load_scenario
from policyengine.assess.result import FORMAT
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


def test_the_schema_is_valid_and_carries_its_version(validator: Draft202012Validator) -> None:
    Draft202012Validator.check_schema(validator.schema)
    assert (validator.schema["version"], validator.schema["$id"]) == (FORMAT, f"urn:{FORMAT.replace('/', ':')}")


def test_every_result_keeps_to_the_schema(
    validator: Draft202012Validator, scenario_path: Path, rulebook: Rulebook
) -> None:
    result = evaluate(load_scenario(scenario_path, rulebook), rulebook, engine="reference")
    assert [
        error.message for error in validator.iter_errors(json.loads(render_json(result.model_dump(mode="json"))))
    ] == []


@pytest.mark.parametrize("change", [{"format": "another/1"}, {"extra": 1}, {"views": None}])
def test_another_thing_does_not(
    validator: Draft202012Validator, rulebook: Rulebook, scenario_path: Path, change: dict[str, object]
) -> None:
    if scenario_path.stem != "sparse-new-threat":
        pytest.skip("one scenario is enough")
    data = (
        evaluate(load_scenario(scenario_path, rulebook), rulebook, engine="reference").model_dump(mode="json") | change
    )
    assert not validator.is_valid(data)
