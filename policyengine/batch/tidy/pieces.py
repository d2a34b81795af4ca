"""The rows of one scenario, kept in a file of their own: tables can be put together without evaluating again.

They are made where the scenario is evaluated, in a process of its own, and stay beside the results, so that a batch
that goes on finds those of files that have not changed.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from policyengine.batch.records import Record
from policyengine.batch.tidy.columns import HEAD, Row, Table, listed, text
from policyengine.batch.tidy.errors import ERRORS, error_rows
from policyengine.batch.tidy.every import TABLES
from policyengine.batch.writers import ROWS, WRITERS, Evaluated

_EFFORT: Final = 1


def piece_of(made: Evaluated) -> bytes:
    """The rows of one scenario, without what each of them begins with; the same bytes for the same scenario."""
    rows = {table.name: list(table.rows(made)) for table in TABLES if table.rows}
    data = {"year": made.scenario.year, "tags": listed(made.scenario.tags), "rows": rows}
    packed = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return gzip.compress(packed, _EFFORT, mtime=0)


def rows_of(out: Path, record: Record) -> Iterator[tuple[Table, list[Row]]]:
    """What one file gives to each table; of a file that was not evaluated only what is wrong with it."""
    if record["status"] == "bad":
        yield ERRORS, list(error_rows(record))
    elif record["status"] == "good":
        data: dict[str, Any] = json.loads(gzip.decompress((out / _place(record)).read_bytes()))
        head = (text(record["name"]), record["summary"]["scenario"], data["year"], data["tags"])
        assert len(head) == len(HEAD)  # noqa: S101 - whoever adds to the one adds to the other
        yield from _with_head(head, data["rows"])


def _with_head(
    head: Row, rows: Mapping[str, list[list[str | int | float | bool | None]]]
) -> Iterator[tuple[Table, list[Row]]]:
    for table in TABLES:
        if table.rows:
            yield table, [(*head, *row) for row in rows[table.name]]


def _place(record: Record) -> str:
    names: Iterable[str] = record["files"]
    return next(name for name in names if name.endswith(WRITERS[ROWS].ending))
