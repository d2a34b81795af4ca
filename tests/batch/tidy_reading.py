"""The tables of a batch as pandas, Polars and DuckDB read them, by nothing but the dictionary beside them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any, cast

import openpyxl
import pandas as pd
import polars as pl
import pytest

STALE = "the environment is older than the extra dev: pip install -e '.[dev]'"
duckdb = pytest.importorskip("duckdb", reason=STALE)
pytest.importorskip("xlsxwriter", reason=STALE)
Rows = list[dict[str, Any]]
_POLARS = {"text": pl.String, "integer": pl.Int64, "number": pl.Float64, "boolean": pl.Boolean}
_DUCKDB = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}


def dictionary(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """The columns of each table, from the dictionary that the batch wrote."""
    data = json.loads((folder / "dictionary.json").read_text("utf-8"))
    return {table["table"]: table["columns"] for table in data["tables"]}


def with_pandas(folder: Path, table: str, form: str) -> pd.DataFrame:
    types = {column["name"]: column["pandas"] for column in dictionary(folder)[table]}
    if form == "parquet":
        return pd.read_parquet(folder / f"{table}.parquet", dtype_backend="numpy_nullable")
    plain = {"dtype": types, "keep_default_na": False, "na_values": [""]}
    if form == "csv":
        frame = pd.read_csv(folder / f"{table}.csv", **plain)
    else:
        frame = pd.read_excel(folder / "tables.xlsx", sheet_name=table, **plain)
    return without_marks(frame, types)


def without_marks(frame: pd.DataFrame, types: dict[str, str]) -> pd.DataFrame:
    """Take the apostrophe away from texts that have one."""
    for name, kind in types.items():
        if kind == "string":
            frame[name] = frame[name].str.removeprefix("'")
    return frame


def with_polars(folder: Path, table: str, form: str) -> pl.DataFrame:
    columns = dictionary(folder)[table]
    types = {column["name"]: _POLARS[column["type"]]() for column in columns}
    if form == "parquet":
        return pl.read_parquet(folder / f"{table}.parquet")
    if form == "csv":
        frame = pl.read_csv(folder / f"{table}.csv", schema=types)
    else:
        frame = pl.read_excel(
            folder / "tables.xlsx", sheet_name=table, engine="openpyxl", infer_schema_length=None,
            schema_overrides=types, drop_empty_cols=False, drop_empty_rows=False, raise_if_empty=False,
        )  # fmt: skip
        frame = frame.cast(cast("Any", types)) if frame.height else pl.DataFrame(schema=types)
    return frame.with_columns(pl.col(pl.String).str.strip_prefix("'"))


def with_duckdb(folder: Path, table: str, form: str) -> Rows:
    columns = dictionary(folder)[table]
    if form == "parquet":
        return fetched(f"SELECT * FROM '{folder}/{table}.parquet'")
    named = ", ".join(f"'{column['name']}': '{_DUCKDB[column['type']]}'" for column in columns)
    chosen = ", ".join(
        f"""regexp_replace("{c["name"]}", '^''', '') AS "{c["name"]}" """ if c["type"] == "text" else f'"{c["name"]}"'
        for c in columns
    )
    return fetched(f"SELECT {chosen} FROM read_csv('{folder}/{table}.csv', header = true, columns = {{{named}}})")


def fetched(query: str) -> Rows:
    with duckdb.connect() as connection:
        answer = connection.execute(query)
        names = [each[0] for each in answer.description or ()]
        return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def plain_rows(frame: pd.DataFrame | pl.DataFrame) -> Rows:
    """The rows with None for null, as plain values of Python."""
    if isinstance(frame, pl.DataFrame):
        return frame.to_dicts()
    return [{str(name): _plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def raw_cells(folder: Path, sheet: str) -> list[tuple[Any, ...]]:
    """The cells of a sheet as they stand in the workbook."""
    book = openpyxl.load_workbook(folder / "tables.xlsx", read_only=True)
    try:
        return [tuple(row) for row in book[sheet].iter_rows(values_only=True)]
    finally:
        book.close()
