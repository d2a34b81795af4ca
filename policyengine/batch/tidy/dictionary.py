"""What stands in the tables, for programs and for readers: the dictionary, the words beside it, and a schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from policyengine.batch.tidy.columns import FORMAT, Column, Table
from policyengine.batch.tidy.every import TABLES
from policyengine.batch.tidy.neutral import MARK

_PANDAS: Final = {"text": "string", "integer": "Int64", "number": "Float64", "boolean": "boolean"}
_SCHEMA: Final = {"text": "string", "integer": "integer", "number": "number", "boolean": "boolean"}
_CELLS: Final = {
    "csv": "UTF-8, a comma between, quotes where needed; an empty cell is null; true and false",
    "escape": MARK,
    "escaped": "in CSV and XLSX, texts that begin with = + - @ or ', maybe after blanks, with a wide form of these "
    "signs, with a tab or a line break, or with <r>, have one ' before them; take one ' from each text that begins "
    "with one",
    "cut": "a text of more than 16,000 characters ends with …",
}


def dictionary() -> dict[str, Any]:
    """Every table and column as plain data; `pandas` is the type by which pandas reads it from CSV."""
    return {
        "format": FORMAT,
        "cells": _CELLS,
        "tables": [
            {
                "table": table.name,
                "a_row_is": table.a_row_is,
                "key": list(table.key),
                "columns": [_column(column) for column in table.columns],
            }
            for table in TABLES
        ],
    }


def _column(column: Column) -> dict[str, Any]:
    limits = {"minimum": column.low, "maximum": column.high}
    return {
        "name": column.name,
        "type": column.kind,
        "pandas": _PANDAS[column.kind],
        "unit": column.unit or None,
        "means": column.means,
        "values": list(column.values) or None,
        **limits,
        "empty_means": column.empty or None,
    }


def tables_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of one row of each table, by the name of the table under `$defs`."""
    version = FORMAT.rpartition("/")[2]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:policyengine:tables:{version}",
        "version": FORMAT,
        "description": "One row of a table of a batch; each table has a definition of its name.",
        "$defs": {table.name: _row_schema(table) for table in TABLES},
        "anyOf": [{"$ref": f"#/$defs/{table.name}"} for table in TABLES],
    }


def _row_schema(table: Table) -> dict[str, Any]:
    return {
        "description": table.a_row_is,
        "type": "object",
        "properties": {column.name: _value_schema(column) for column in table.columns},
        "required": [column.name for column in table.columns],
        "additionalProperties": False,
    }


def _value_schema(column: Column) -> dict[str, Any]:
    kind = _SCHEMA[column.kind]
    found: dict[str, Any] = {"description": _said(column), "type": [kind, "null"] if column.empty else kind}
    if column.values:
        found["enum"] = list(column.values)
    if column.kind == "text":
        found["minLength"] = 1
    limits = {"minimum": column.low, "maximum": column.high}
    return found | {name: limit for name, limit in limits.items() if limit is not None}


def _said(column: Column) -> str:
    unit = f" Unit: {column.unit}." if column.unit else ""
    return f"{column.means}{unit}" + (f" Null: {column.empty}." if column.empty else "")


def readme(forms: tuple[str, ...]) -> str:
    """The same for a reader, as Markdown, to stand beside the tables."""
    return "\n".join(_lines(forms)) + "\n"


def _lines(forms: tuple[str, ...]) -> Iterator[str]:
    yield "# Tables of a batch"
    yield ""
    yield f"Format {FORMAT}, here as {', '.join(forms)}. The column `name` joins the tables. Programs find all of"
    yield "this in dictionary.json."
    yield ""
    yield "- Null (an empty cell) is never zero; what it means stands with its column."
    yield "- In CSV and XLSX a text that a spreadsheet could take for a formula (it begins with = + - @ and the like,"
    yield "  or with an apostrophe) has one apostrophe before it. Take one away, and it is what it was. In Parquet it"
    yield "  stands as it was."
    yield "- Views (`view`) stand below one another: choose one before you add up."
    for table in TABLES:
        yield ""
        yield f"## {table.name}"
        yield ""
        yield f"One row: {table.a_row_is} No two rows have the same {', '.join(table.key)}."
        yield ""
        yield "| column | type | unit | meaning | empty means |"
        yield "|---|---|---|---|---|"
        yield from (_line(column) for column in table.columns)


def _line(column: Column) -> str:
    values = f" One of: {', '.join(column.values)}." if column.values else ""
    cells = column.name, column.kind, column.unit, column.means + values, column.empty or "never empty"
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
