"""Tables in files: read from CSV or Parquet, written whole as either, batch by batch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from policyengine.errors import InputError, Problem, Span
from policyengine.source import whole_file
from policyengine.tables.arrow import csv, pa, parquet

ENDINGS = (".csv", ".parquet")
_ROWS = 65_536


class TableFile:
    """A table in a file, which can be read as often as needed: it speaks the Arrow C interface."""

    def __init__(self, path: Path) -> None:
        """Open nothing yet; raises InputError if the file is of no kind that is read here."""
        self._path = path
        _check_ending(path)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A stream over the file from its beginning."""
        return self.reader().__arrow_c_stream__(requested_schema)

    def reader(self) -> Any:
        """The batches of the file; what cannot be read is a problem that names the file."""
        try:
            if self._path.suffix == ".csv":
                convert = csv.ConvertOptions(strings_can_be_null=True, null_values=["", "unknown"])
                return csv.open_csv(self._path, convert_options=convert)
            file = parquet.ParquetFile(self._path)
            return pa.RecordBatchReader.from_batches(file.schema_arrow, self._batches(file))
        except (OSError, pa.ArrowInvalid) as error:
            raise self._broken(error) from error

    def _batches(self, file: Any) -> Iterator[Any]:
        try:
            yield from file.iter_batches(batch_size=_ROWS)
        except (OSError, pa.ArrowInvalid) as error:
            raise self._broken(error) from error

    def _broken(self, error: Exception) -> InputError:
        message = f"this table cannot be read: {' '.join(str(error).split())[:300]}"
        return InputError([Problem("V120", message, "write it again as CSV or Parquet", Span.whole(str(self._path)))])


def _check_ending(path: Path) -> None:
    if path.suffix not in ENDINGS:
        message = f"the ending {path.suffix or 'of this name'} stands for no table that is read or written here"
        hint = f"use a name that ends in {' or '.join(ENDINGS)}"
        raise InputError([Problem("V120", message, hint, Span.whole(str(path)))])


def write_table(path: Path, batches: Iterable[Any]) -> int:
    """Write batches of one schema as CSV or Parquet, whole or not at all; returns the number of rows.

    Raises OSError, and InputError for a name with another ending.
    """
    _check_ending(path)
    rows, writer = 0, None
    with whole_file(path) as file:
        for batch in batches:
            shown = _plain(batch) if path.suffix == ".csv" else batch
            writer = writer or _writer(path, file, shown.schema)
            writer.write_batch(shown)
            rows += batch.num_rows
        if writer is not None:
            writer.close()
    return rows


def _writer(path: Path, file: BinaryIO, schema: Any) -> Any:
    return csv.CSVWriter(file, schema) if path.suffix == ".csv" else parquet.ParquetWriter(file, schema)


def _plain(batch: Any) -> Any:
    """A batch with names written out, as CSV wants it."""
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
