"""Tables that cannot be evaluated: every mistake is told at once, with its row and column, and nothing is evaluated."""

from __future__ import annotations

from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from policyengine.api import evaluate_table
from policyengine.domain.scenario import Scenario
from policyengine.errors import InputError
from policyengine.rulebook.rule import Rulebook

SEVERITY = "threats.trafficking.severity"


def problems(base: Scenario, rulebook: Rulebook, table: Any, **options: Any) -> list[tuple[str, str, str]]:
    with pytest.raises(InputError) as caught:
        evaluate_table(base, table, rulebook, **options)
    return [(problem.code, problem.message, problem.hint) for problem in caught.value.problems]


MISTAKES: list[tuple[dict[str, Any], str, str, str]] = [
    ({"threats.trafficking.severty": [0.5]}, "V101", "leads nowhere", "did you mean 'severity'?"),
    ({"threats.traficking.severity": [0.5]}, "V101", "there is no", "did you mean 'trafficking'?"),
    ({"conditions.change_cst": [0.5]}, "V101", "to vary", "did you mean 'conditions.change_cost'?"),
    ({"severity": [0.5]}, "V101", "to vary", "columns are named like"),
    ({"": [0.5]}, "V101", "a column without a name", "index=False"),
    ({"param.co_lead_margn": [5.0]}, "V101", "no parameter", "did you mean 'co_lead_margin'?"),
    ({"weight.competence/nothing": [1.0]}, "V101", "no rule", ""),
    ({"jurisdictions.CA.id": ["X"]}, "V103", "cannot vary: it names the entry", "different scenarios"),
    ({"jurisdictions.CA.side": ["X"]}, "V103", "shares are formed within sides", "different scenarios"),
    ({"ties.nothing.strength": [0.5]}, "V101", "among the ties", "known here"),
    ({SEVERITY: ["high"]}, "V104", "holds words, but a number is needed", "null stands for unknown"),
    ({SEVERITY: [True]}, "V104", "holds truths", "numbers"),
    ({"threats.trafficking.agent": [1.0]}, "V104", "true or false", "truths"),
    ({SEVERITY: [0.5, float("nan")]}, "V105", f'row 1: "{SEVERITY}" is nan', "null"),
    ({SEVERITY: [float("inf")]}, "V105", "is inf", "ordinary number"),
    ({SEVERITY: [0.5, 0.5, 1.4]}, "V106", f'row 2: "{SEVERITY}" is 1.4, which is out of range', "from 0 to 1"),
    ({"year": [2010.5]}, "V106", "has to be whole", "whole number"),
    ({"jurisdictions.CA.level": ["provincal"]}, "V107", 'is "provincal"', "did you mean 'provincial'?"),
    ({"threats.trafficking.kind": [None]}, "V108", "is null", "give a value"),
    ({"jurisdictions.CA.competences": [["immigraton"]]}, "V107", 'is "immigraton"', "did you mean 'immigration'?"),
    ({"jurisdictions.CA.competences": [[None]]}, "V107", "holds null in its list", "leave it out"),
    ({"threats.trafficking.places": [[]]}, "V107", "names no place", "give null"),
    ({"threats.trafficking.places": [["XX"]]}, "V107", 'is "XX"', "known here"),
    ({SEVERITY: []}, "V110", "no rows", "one row for each variation"),
    ({}, "V110", "no columns", "one column"),
]


@pytest.mark.parametrize(
    ("columns", "code", "message", "hint"), MISTAKES, ids=[f"{row[1]} {row[2]}" for row in MISTAKES]
)
def test_a_mistake_is_told(
    columns: dict[str, Any], code: str, message: str, hint: str, base: Scenario, rulebook: Rulebook
) -> None:
    ((found_code, found_message, found_hint),) = problems(base, rulebook, pa.table(columns))
    assert found_code == code
    assert message in found_message
    assert hint in found_hint


def test_a_column_given_twice_is_refused(base: Scenario, rulebook: Rulebook) -> None:
    table = pa.Table.from_arrays([pa.array([0.1]), pa.array([0.2])], names=[SEVERITY, SEVERITY])
    assert [each[0] for each in problems(base, rulebook, table)] == ["V102"]


def test_two_names_of_one_value_are_refused(base: Scenario, rulebook: Rulebook) -> None:
    key = next(key for key in rulebook.parameters if key.startswith("co_lead_margin@"))
    table = pa.table({f"param.{key}": [5.0], "param.co_lead_margin": [6.0]})
    assert [each[0] for each in problems(base, rulebook, table)] == ["V103"]


def test_all_mistakes_of_all_rows_are_told_at_once_even_far_behind(base: Scenario, rulebook: Rulebook) -> None:
    severities = [0.5] * 100_000
    severities[70_000] = 2.0
    severities[99_999] = float("nan")
    table = pa.table({SEVERITY: severities, "threats.trafficking.reach": [3.0] + [0.5] * 99_999})
    found = problems(base, rulebook, table)
    assert [message.partition(":")[0] for _, message, _ in found] == ["row 99999", "row 0", "row 70000"] or {
        message.partition(":")[0] for _, message, _ in found
    } == {"row 99999", "row 0", "row 70000"}


def test_of_many_alike_rows_the_first_are_named_and_the_others_counted(base: Scenario, rulebook: Rulebook) -> None:
    found = problems(base, rulebook, pa.table({SEVERITY: [2.0] * 10}))
    assert [message for _, message, _ in found][-1] == f'7 more rows of "{SEVERITY}" are like that'
    assert len(found) == 4


def test_costs_that_take_a_burden_away_are_refused(base: Scenario, rulebook: Rulebook) -> None:
    data = base.model_dump(exclude_none=True)
    words = rulebook.vocabulary.words
    category = words("cost_categories")[0]
    for actor in data["jurisdictions"]:
        actor["costs"] = dict.fromkeys(words("cost_categories"), 1.0)
        actor["benefits"] = {words("benefit_bases")[0]: 2.0}
    full = Scenario.model_validate(data)
    columns = {f"jurisdictions.{actor.id}.costs.{category}": [1.0, None] for actor in full.jurisdictions}
    ((code, message, _),) = problems(full, rulebook, pa.table(columns))
    assert (code, message.partition(":")[0]) == ("V109", "row 1")


def test_more_memory_than_allowed_is_refused_before_it_is_taken(base: Scenario, rulebook: Rulebook) -> None:
    ((code, message, _),) = problems(base, rulebook, pa.table({SEVERITY: [0.5]}), wide=True, max_memory=1_000_000)
    assert code == "V111"
    assert "1 MiB are allowed" in message


@pytest.mark.parametrize(
    ("frame", "told"),
    [
        (pd.DataFrame({"year": [2020, 2021], SEVERITY: [0.5, "x"]}), "object, cannot be read: Could not convert 'x'"),
        (pd.DataFrame({SEVERITY: [1j]}), "complex128, cannot be read: Unsupported numpy type"),
        (pl.DataFrame({"year": [1], SEVERITY: pl.Series([1], dtype=pl.Int128)}), "Int128, cannot be read: "),
    ],
    ids=["mixed", "complex", "too wide"],
)
def test_a_column_of_a_frame_that_arrow_has_no_type_for_is_told_by_its_name(
    frame: Any, told: str, base: Scenario, rulebook: Rulebook
) -> None:
    ((code, message, hint),) = problems(base, rulebook, frame)
    assert (code, message.startswith(f'the column "{SEVERITY}", of the type {told}')) == ("V104", True)
    assert "all values of one type" in hint


def test_an_array_without_column_names_is_no_table(base: Scenario, rulebook: Rulebook) -> None:
    with pytest.raises(TypeError, match="columns with names, which ChunkedArray does not"):
        evaluate_table(base, pa.chunked_array([[0.1]]), rulebook)


def test_what_does_not_speak_arrow_is_refused(base: Scenario, rulebook: Rulebook) -> None:
    with pytest.raises(TypeError, match="__arrow_c_stream__"):
        evaluate_table(base, {SEVERITY: [0.5]}, rulebook)
