"""The tables of a batch: the same values in each format, those of the results, and of the columns that batches have."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from batch.conftest import ROOT
from batch.tidy_reading import Rows, dictionary, plain_rows, raw_cells, with_duckdb, with_pandas, with_polars
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from policyengine import shipped
from policyengine.api import evaluate_many, load_scenario
from policyengine.batch.tidy.every import TABLES
from policyengine.cli.main import cli
from policyengine.rulebook.rule import Rulebook

NAMES = [table.name for table in TABLES]
_CELL = ("name", "threat", "layer")
BAD = "scenario: bad\ntitle: Bad\nshows: x\nthreats: [{id: t, name: T, kind: terrorism, severity: 1.4}]\n"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch over all shipped scenarios and a bad file, with tables in all formats."""
    folder = tmp_path_factory.mktemp("tidy")
    (folder / "bad.yaml").write_text(BAD, "utf-8")
    paths = [str(shipped.folder("scenarios")), str(folder / "bad.yaml")]
    given = ["batch", *paths, "--out", str(folder / "out"), "--format", "json,csv,parquet,xlsx", "--workers", "2"]
    assert CliRunner().invoke(cli, given).exit_code == 1
    return folder / "out"


@pytest.fixture(scope="module")
def tables(out: Path) -> dict[str, Rows]:
    """The rows of each table, from Parquet."""
    return {name: with_polars(out / "tables", name, "parquet").to_dicts() for name in NAMES}


@pytest.fixture(scope="module")
def results(out: Path) -> dict[str, Any]:
    """The results of the same batch by the names of their files."""
    home = out / "results"
    paths = sorted(home.rglob("*.json"))
    return {str(path.relative_to(home))[: -len(".json")]: json.loads(path.read_text("utf-8")) for path in paths}


@pytest.mark.parametrize("name", NAMES)
def test_all_formats_and_all_readers_give_the_same_rows(out: Path, name: str) -> None:
    folder = out / "tables"
    expected = with_polars(folder, name, "parquet").to_dicts()
    assert expected
    for form in ("csv", "parquet", "xlsx"):
        assert plain_rows(with_pandas(folder, name, form)) == expected
        assert plain_rows(with_polars(folder, name, form)) == expected
    for form in ("csv", "parquet"):  # DuckDB reads workbooks only with an extension from the network
        assert with_duckdb(folder, name, form) == expected


@pytest.mark.parametrize("name", NAMES)
def test_types_are_those_of_the_dictionary(out: Path, name: str) -> None:
    folder = out / "tables"
    columns = dictionary(folder)[name]
    for form in ("csv", "parquet", "xlsx"):
        found = with_pandas(folder, name, form).dtypes
        assert {column: str(kind) for column, kind in found.items()} == {c["name"]: c["pandas"] for c in columns}
    kinds = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
    assert with_polars(folder, name, "parquet").schema == {c["name"]: kinds[c["type"]] for c in columns}


def test_no_two_rows_have_the_same_key(tables: dict[str, Rows]) -> None:
    for table in TABLES:
        keys = [tuple(row[name] for name in table.key) for row in tables[table.name]]
        assert len(set(keys)) == len(keys), table.name


def test_rows_fit_the_published_format(tables: dict[str, Rows]) -> None:
    schema = json.loads((shipped.folder("schemas") / "tables.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    for name, rows in tables.items():
        validator = Draft202012Validator({**schema, "anyOf": [{"$ref": f"#/$defs/{name}"}]})
        assert [error.message for row in rows for error in validator.iter_errors(row)] == []


def test_the_published_format_is_fresh() -> None:
    from policyengine.batch.tidy.dictionary import tables_schema

    kept = json.loads((ROOT / "schemas" / "tables.json").read_text("utf-8"))
    assert kept == tables_schema(), "run: python docs/generate.py"


def test_shares_roles_and_scores_are_those_of_the_results(tables: dict[str, Rows], results: dict[str, Any]) -> None:
    rows = {(r["name"], r["view"], r["threat"], r["layer"], r["jurisdiction"]): r for r in tables["allocation"]}
    seen = 0
    for name, result in results.items():
        for view in result["views"]:
            for cell in view["cells"]:
                for standing in cell["standings"]:
                    row = rows[name, view["id"], cell["threat"], cell["layer"], standing["jurisdiction"]]
                    for share in ("share", "share_of_side"):
                        assert (None if row[share] is None else round(100 * row[share])) == standing[share]
                    said = {key: standing[key] for key in ("role", "score", "barred")}
                    assert {key: row[key] for key in said} == said
                    assert (row["mode"], row["settled"]) == (cell["mode"], cell["settled"])
                    seen += 1
    assert seen > 1_000
    silent = [row for row in rows.values() if row["role"] == "none" and row["score"] == 0]
    assert {row["share"] for row in silent} == {0, None}  # a share of nothing is not the same as nothing to share


def test_rows_are_those_of_the_columnar_engine(tables: dict[str, Rows], rulebook: Rulebook) -> None:
    scenarios = [load_scenario(row["source"], rulebook).scenario for row in tables["scenarios"]]
    rows = [row for row in tables["allocation"] if row["view"] == "all"]
    wide = evaluate_many(scenarios, rulebook, wide=True).read_all().to_pylist()
    undecided: dict[int, int] = defaultdict(int)
    for place, (own, row) in enumerate(zip(rows, wide, strict=True)):
        same = ("scenario", "threat", "layer", "jurisdiction", "role", "score")
        assert {name: own[name] for name in same} == {name: row[name] for name in same}
        for share in ("share", "share_of_side"):
            assert (own[share] or 0.0) == pytest.approx(row[share], abs=1e-12)
        first = place == 0 or [own[name] for name in _CELL] != [rows[place - 1][name] for name in _CELL]
        undecided[len(undecided) - (not first)] += own["undecided"]
    narrow = evaluate_many(scenarios, rulebook).read_all().to_pylist()
    assert [row["undecided"] for row in narrow] == list(undecided.values())


def test_contributions_add_up_to_every_score_of_every_view(tables: dict[str, Rows]) -> None:
    opinions = {row["pack"] for row in tables["packs"] if row["role"] == "opinion"}
    sums: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in tables["contributions"]:
        views = {"all", row["pack"]} & {"all", *opinions} if row["pack"] in opinions else {"all", *opinions}
        for view in views:
            place = (row["model"],) if row["kind"] == "favour" else (row["threat"], row["layer"], row["jurisdiction"])
            sums[row["name"], view, *place] += row["strength"]
    for row in tables["allocation"]:
        assert sums[row["name"], row["view"], row["threat"], row["layer"], row["jurisdiction"]] == row["score"]
    for row in tables["models"]:
        assert sums[row["name"], row["view"], row["model"]] == row["score"]


def test_ranks_follow_the_points_that_count(tables: dict[str, Rows]) -> None:
    cells: dict[tuple[Any, ...], Rows] = defaultdict(list)
    for row in tables["allocation"]:
        cells[row["name"], row["view"], row["threat"], row["layer"]].append(row)
    for rows in cells.values():
        ranked = sorted((row for row in rows if row["rank"]), key=lambda row: row["rank"])
        assert [row["score"] for row in ranked] == sorted((row["score"] for row in ranked), reverse=True)
        assert all(row["share"] for row in ranked)
        assert not any(row["share"] for row in rows if row["rank"] is None)


def test_a_scenario_is_told_in_one_row(tables: dict[str, Rows], results: dict[str, Any]) -> None:
    assert {row["name"] for row in tables["scenarios"]} == set(results)
    rows = {row["scenario"]: row for row in tables["scenarios"]}
    row = rows["trafficking-quebec-vermont"]
    assert row["headline"].startswith("Government of Canada and United States federal government lead on diplomacy")
    assert row["sha256"] == results[row["name"]]["scenario"]["sha256"]
    assert rows["burden-of-the-border"]["burden"].startswith("Government of Canada: burden sharer under 1 of 8 bases")
    assert row["burden"] is None


def test_a_bad_file_has_its_problems_and_no_other_row(tables: dict[str, Rows]) -> None:
    codes = {row["code"]: row for row in tables["errors"]}
    assert {row["name"] for row in codes.values()} == {next(iter(codes.values()))["name"]}
    assert (codes["N105"]["line"], codes["N105"]["column"]) == (4, 55)
    bad = next(iter(codes.values()))["name"]
    assert not any(row["name"] == bad for name in NAMES if name != "errors" for row in tables[name])


def test_every_column_is_explained_in_words_for_programs_and_in_the_workbook(out: Path) -> None:
    folder = out / "tables"
    told = (folder / "README.md").read_text("utf-8")
    explained = {row[:2] for row in raw_cells(folder, "columns")}
    for name, columns in dictionary(folder).items():
        assert f"## {name}\n" in told
        for column in columns:
            assert len(column["means"]) > 5
            assert f"| {column['name']} | {column['type']} |" in told
            assert (name, column["name"]) in explained


def test_the_manifest_and_the_index_name_the_tables(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    assert manifest["formats"] == ["json", "csv", "parquet", "xlsx"]
    assert set(manifest["tables"]) == {f"tables/{path.name}" for path in (out / "tables").iterdir()}
    page = (out / "index.html").read_text("utf-8")
    assert 'href="tables/allocation.csv"' in page
    assert "rows.gz" not in page


def test_pandas_needs_no_more_than_a_line_for_a_first_look(out: Path) -> None:
    frame = pd.read_csv(out / "tables" / "allocation.csv")
    leads = frame[(frame["view"] == "all") & frame["role"].isin(["lead", "co-lead"])]
    assert leads.groupby("layer").size().sum() == len(leads) > 100
