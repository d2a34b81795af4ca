"""Parts of a table: joined they are the whole, and each is the same bytes wherever and however often it is made."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import csv, feather, parquet

from policyengine import shipped
from policyengine.api import evaluate_table, load_scenario
from policyengine.batch.records import Record
from policyengine.batch.table_parts import TableForm, TablePart, TableTask, carry_out_table_part
from policyengine.batch.table_plan import parts_of, task_of
from policyengine.errors import InputError
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile

SEVERITY = "threats.trafficking.severity"


@pytest.fixture
def base(rulebook: Rulebook) -> ScenarioFile:
    return load_scenario(shipped.folder("scenarios") / "trafficking-quebec-vermont.yaml", rulebook)


def a_table(rows: int = 1_000) -> pa.Table:
    """Variations under which different jurisdictions lead: in the first rows others than in the last."""
    return pa.table(
        {
            SEVERITY: [row / rows if row % 7 else None for row in range(rows)],
            "param.co_lead_margin": [20.0 * row / rows for row in range(rows)],
            "threats.trafficking.agent": [row % 3 == 0 for row in range(rows)],
            "jurisdictions.CA.competences": [["immigration"] if row % 5 else [] for row in range(rows)],
        }
    )


def a_task(
    base: ScenarioFile, rulebook: Rulebook, out: Path, *files: Path, rows: int = 200, **form: bool
) -> tuple[TableTask, list[TablePart]]:
    parts = parts_of(files, rows)
    return task_of(base, rulebook, parts, TableForm(**form), out), parts


def in_a_process(task: TableTask, part: TablePart) -> Record:
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(carry_out_table_part, task, part).result()


def plain(table: pa.Table) -> dict[str, list[Any]]:
    return {name: table[name].to_pylist() for name in table.column_names}


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
@pytest.mark.parametrize("form", [{}, {"wide": True, "fired": True}])
def test_the_parts_joined_are_the_whole(
    base: ScenarioFile, rulebook: Rulebook, tmp_path: Path, ending: str, form: dict[str, bool]
) -> None:
    table = a_table()
    if ending == "parquet":
        parquet.write_table(table, tmp_path / "in.parquet", row_group_size=90)
    else:
        feather.write_feather(table, str(tmp_path / "in.arrow"), chunksize=90)
    task, parts = a_task(base, rulebook, tmp_path, tmp_path / f"in.{ending}", **form)
    assert [part.rows for part in parts] == [180, 180, 180, 180, 180, 100]
    records = [carry_out_table_part(task, part) for part in parts]
    assert [record["status"] for record in records] == ["good"] * 6
    joined = pa.concat_tables([parquet.read_table(tmp_path / part.file) for part in parts])
    found = plain(evaluate_table(base, table, rulebook, **form).read_all())
    assert plain(joined) == plain(table) | found
    counted = [dict(record["summary"]["leads"])["trafficking.diplomacy.leads"] for record in records]
    assert sum(sum(each.values()) for each in counted) == 1_000


def test_a_csv_file_is_one_part_and_gives_the_same(base: ScenarioFile, rulebook: Rulebook, tmp_path: Path) -> None:
    table = a_table().drop_columns(["jurisdictions.CA.competences"])
    csv.write_csv(table, tmp_path / "in.csv")
    task, (part,) = a_task(base, rulebook, tmp_path, tmp_path / "in.csv", inputs=False)
    assert carry_out_table_part(task, part)["rows"] == 1_000
    found = plain(evaluate_table(base, table, rulebook).read_all())
    assert plain(parquet.read_table(tmp_path / part.file)) == found


def test_a_part_is_the_same_bytes_wherever_and_however_often_it_is_made(
    base: ScenarioFile, rulebook: Rulebook, tmp_path: Path
) -> None:
    parquet.write_table(a_table(), tmp_path / "in.parquet", row_group_size=200)
    task, parts = a_task(base, rulebook, tmp_path, tmp_path / "in.parquet")
    assert pickle.loads(pickle.dumps(task)).key == task.key
    elsewhere = in_a_process(task, parts[3])
    backwards = [carry_out_table_part(task, part) for part in reversed(parts)]
    forwards = [carry_out_table_part(task, part) for part in parts]
    assert backwards[::-1] == forwards
    assert elsewhere == forwards[3]
    assert all(json.loads(json.dumps(record)) == record for record in forwards)
    other, _ = a_task(base, rulebook, tmp_path / "other", tmp_path / "in.parquet")
    assert other.part_key(parts[0]) == forwards[0]["key"]


def test_a_row_is_held_to_the_first_row_of_the_table_and_not_of_its_part(rulebook: Rulebook, tmp_path: Path) -> None:
    border = load_scenario(shipped.folder("scenarios") / "burden-of-the-border.yaml", rulebook)
    names = [f"jurisdictions.{place}.costs.joint" for place in ("CA", "US")]
    known, unknown = [[25.0] * 10, [25.0] * 10], [[None] * 10, [None] * 10]
    columns = [start + end for start, end in zip(known, unknown, strict=True)]
    parquet.write_table(
        pa.table({name: pa.array(column, pa.float64()) for name, column in zip(names, columns, strict=True)}),
        tmp_path / "in.parquet",
        row_group_size=10,
    )
    task, parts = a_task(border, rulebook, tmp_path, tmp_path / "in.parquet", rows=10)
    first, second = [carry_out_table_part(task, part) for part in parts]
    assert first["status"] == "good"
    assert second["problems"][0]["code"] == "V109"
    assert second["problems"][0]["message"].startswith("part-00001: row 10: ")
    assert not (tmp_path / parts[1].file).exists()


@given(sizes=st.lists(st.integers(0, 300), min_size=1, max_size=12), most=st.integers(1, 500))
def test_a_table_is_cut_at_its_groups_and_no_row_is_lost(
    sizes: list[int], most: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    schema = pa.schema([(SEVERITY, pa.float64())])
    with pa.OSFile(str(folder / "in.arrow"), "wb") as file, pa.ipc.new_file(file, schema) as writer:
        for size in sizes:
            writer.write_batch(pa.record_batch([pa.array([0.5] * size)], schema=schema))
    parts = parts_of([folder / "in.arrow"], most)
    assert [part.start for part in parts] == [0, *(part.stop for part in parts[:-1])]
    assert parts[-1].stop == len(sizes)
    assert all(part.rows == sum(sizes[part.start : part.stop]) for part in parts)
    assert all(part.first == sum(sizes[: part.start]) for part in parts)
    filled = [sum(size > 0 for size in sizes[part.start : part.stop]) for part in parts]
    assert all((part.rows or 0) <= most or groups == 1 for part, groups in zip(parts, filled, strict=True))


def test_all_mistakes_of_a_part_are_told_with_their_rows_in_the_file(
    base: ScenarioFile, rulebook: Rulebook, tmp_path: Path
) -> None:
    severities = [0.5] * 300_000
    severities[150_000], severities[299_999] = 1.4, float("nan")
    parquet.write_table(pa.table({SEVERITY: severities}), tmp_path / "in.parquet", row_group_size=100_000)
    task, parts = a_task(base, rulebook, tmp_path, tmp_path / "in.parquet", rows=200_000)
    good, bad = parts[1], parts[0]
    assert [record["status"] for record in (carry_out_table_part(task, good), carry_out_table_part(task, bad))] == [
        "bad", "bad",
    ]  # fmt: skip
    found = [problem["message"] for part in parts for problem in carry_out_table_part(task, part)["problems"]]
    assert found == [
        f'part-00000: row 150000: "{SEVERITY}" is 1.4, which is out of range',
        f'part-00001: row 299999: "{SEVERITY}" is nan',
    ]
    assert not list((tmp_path / "results").iterdir())


def test_a_file_cut_in_the_middle_is_a_part_that_is_told_of(
    base: ScenarioFile, rulebook: Rulebook, tmp_path: Path
) -> None:
    for name in ("a.arrow", "b.arrow"):
        feather.write_feather(a_table(), str(tmp_path / name), compression="uncompressed")
    whole = (tmp_path / "b.arrow").read_bytes()
    (tmp_path / "b.arrow").write_bytes(whole[: len(whole) // 2])
    task, parts = a_task(base, rulebook, tmp_path, tmp_path / "a.arrow", tmp_path / "b.arrow", rows=1_000)
    good, bad = [carry_out_table_part(task, part) for part in parts]
    assert (good["status"], bad["status"], bad["name"]) == ("good", "bad", "part-00001")
    (problem,) = bad["problems"]
    assert (problem["code"], problem["file"]) == ("V120", str(tmp_path / "b.arrow"))


def test_columns_that_cannot_vary_are_told_once_before_anything_is_evaluated(
    base: ScenarioFile, rulebook: Rulebook, tmp_path: Path
) -> None:
    parquet.write_table(pa.table({"threats.trafficking.severty": [0.5] * 10}), tmp_path / "in.parquet")
    with pytest.raises(InputError) as caught:
        a_task(base, rulebook, tmp_path, tmp_path / "in.parquet")
    (problem,) = caught.value.problems
    assert (problem.code, problem.hint) == ("V101", "did you mean 'severity'?")


def test_a_table_with_other_columns_than_the_first_is_refused(
    base: ScenarioFile, rulebook: Rulebook, tmp_path: Path
) -> None:
    parquet.write_table(pa.table({SEVERITY: [0.5]}), tmp_path / "a.parquet")
    parquet.write_table(pa.table({"param.co_lead_margin": [5.0]}), tmp_path / "b.parquet")
    task, parts = a_task(base, rulebook, tmp_path, tmp_path / "a.parquet", tmp_path / "b.parquet")
    _, bad = [carry_out_table_part(task, part) for part in parts]
    assert [(each["code"], each["message"]) for each in bad["problems"]] == [
        ("V113", 'part-00001: the column "param.co_lead_margin" is not in the first table'),
        ("V113", f'part-00001: there is no column "{SEVERITY}" here'),
    ]
