"""Tables as Parquet: one file for each table, with types; texts stand in it as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, Self

from policyengine.batch.tidy.columns import FORMAT, Column, Row, Table
from policyengine.source import whole_file
from policyengine.tables.arrow import pa, parquet

_AT_ONCE: Final = 500
MOST_WAITING: Final = 16_000_000
"""So many bytes wait in all files together, as columns, before the largest group is written."""
_TYPES: Final = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}


class _File:
    """One file; rows wait until there are enough for a group, most of the time as columns, which are small."""

    def __init__(self, file: Any, schema: Any) -> None:
        self._schema = schema
        self._writer = parquet.ParquetWriter(file, schema)
        self._rows: list[Row] = []
        self._columns: list[Any] = []
        self.waiting = 0

    def add(self, rows: Sequence[Row]) -> None:
        for start in range(0, len(rows), _AT_ONCE):
            self._rows += rows[start : start + _AT_ONCE]
            if len(self._rows) >= _AT_ONCE:
                self._turn()

    def _turn(self) -> None:
        """Turn the rows that wait into columns."""
        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(self._schema)
        arrays = [pa.array(values, field.type) for values, field in zip(columns, self._schema, strict=True)]
        self._columns.append(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
        self.waiting += self._columns[-1].nbytes
        self._rows = []

    def write(self) -> None:
        """Write the columns that wait as one group."""
        self._writer.write_table(pa.Table.from_batches(self._columns, self._schema))
        self._columns, self.waiting = [], 0

    def finish(self) -> None:
        self._turn()
        self.write()
        self.close()

    def close(self) -> None:
        self._writer.close()


class ParquetFiles:
    """Takes rows of tables, each in its own file."""

    def __init__(self, files: dict[str, _File]) -> None:
        """Take open files by the names of their tables."""
        self._files = files

    @classmethod
    @contextmanager
    def begun(cls, folder: Path, tables: Sequence[Table]) -> Iterator[Self]:
        """Files that take their places when all is well."""
        with ExitStack() as stack:
            files = {}
            for table in tables:
                file = stack.enter_context(whole_file(folder / f"{table.name}.parquet"))
                files[table.name] = _File(file, _schema(table))
                # Given up, it would else complain when it is forgotten: its file is closed by then.
                stack.callback(files[table.name].close)
            yield cls(files)

    def add(self, table: Table, rows: Sequence[Row]) -> None:
        """Take rows of one table."""
        self._files[table.name].add(rows)
        if sum(file.waiting for file in self._files.values()) >= MOST_WAITING:
            max(self._files.values(), key=lambda file: file.waiting).write()

    def finish(self) -> None:
        """Write what waits, and the footers."""
        for file in self._files.values():
            file.finish()


def _schema(table: Table) -> Any:
    notes = {"policyengine": FORMAT, "a_row_is": table.a_row_is}
    return pa.schema([_field(column) for column in table.columns], metadata=notes)


def _field(column: Column) -> Any:
    notes = {"means": column.means, "unit": column.unit, "empty": column.empty}
    kept = {name: said for name, said in notes.items() if said}
    return pa.field(column.name, _TYPES[column.kind], nullable=bool(column.empty), metadata=kept)
