"""Tables in files, here or far away: read from CSV, Parquet or Arrow, written whole as one of the first two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from policyengine.errors import InputError, Problem, Span
from policyengine.source import whole_file
from policyengine.source.addresses import Address
from policyengine.source.store_errors import StoreError
from policyengine.source.stores import FarFile
from policyengine.tables.arrow import csv, ipc, pa, parquet

ENDINGS = (".csv", ".parquet")
"""What is written."""
_ARROW = (".arrow", ".feather")
READ = (*ENDINGS, *_ARROW)
"""What is read."""
_ROWS = 65_536


class TableFile:
    """A table in a file, or some groups of its rows, which can be read as often as needed: it speaks Arrow.

    Groups are the row groups of Parquet and the record batches of Arrow; a CSV file is one group. Of a file that is
    far away only what is needed is fetched: of Parquet its end and the groups.
    """

    def __init__(self, path: Path | Address, groups: range | None = None) -> None:
        """Open nothing yet; raises InputError if the file is of no kind that is read here."""
        self._path = path
        self._groups = groups
        _check_ending(path, READ)

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A stream over the file from its beginning."""
        return self.reader().__arrow_c_stream__(requested_schema)

    def reader(self) -> Any:
        """The batches of the file; what cannot be read is a problem that names the file."""
        with self._told():
            if self._path.suffix == ".csv":
                convert = csv.ConvertOptions(strings_can_be_null=True, null_values=["", "unknown"])
                return csv.open_csv(self._source(in_ranges=False), convert_options=convert)
            file = self._opened()
            schema = file.schema if self._path.suffix in _ARROW else file.schema_arrow
            return pa.RecordBatchReader.from_batches(schema, self._batches(file))

    def sizes(self) -> list[int] | None:
        """How many rows each group has, or None where only reading can tell."""
        if self._path.suffix == ".csv":
            return None
        with self._told():
            file = self._opened(sizes_only=True)
            if self._path.suffix in _ARROW:
                return [file.get_batch(place).num_rows for place in range(file.num_record_batches)]
            return [file.metadata.row_group(place).num_rows for place in range(file.num_row_groups)]

    @property
    def rows(self) -> int | None:
        """How many rows there are, or None where only reading can tell."""
        sizes = self.sizes()
        return None if sizes is None else sum(sizes)

    def _opened(self, *, sizes_only: bool = False) -> Any:
        far = isinstance(self._path, Address)
        if self._path.suffix not in _ARROW:
            # Far away, columns that lie together are fetched together.
            return parquet.ParquetFile(self._source(in_ranges=True), pre_buffer=far)
        if not far:
            return ipc.open_file(pa.memory_map(str(self._path)))
        # How many rows a batch has stands beside each column, so one of them is enough.
        options = ipc.IpcReadOptions(included_fields=[0]) if sizes_only else None
        return ipc.open_file(self._source(in_ranges=True), options=options)

    def _source(self, *, in_ranges: bool) -> Any:
        """What Arrow opens."""
        if isinstance(self._path, Address):
            return FarFile(self._path, in_ranges=in_ranges)
        # Arrow would take a folder `s3:` for a store.
        return self._path.absolute() if ":" in str(self._path) else self._path

    def _batches(self, file: Any) -> Iterator[Any]:
        with self._told():
            if self._path.suffix in _ARROW:
                for place in self._groups or range(file.num_record_batches):
                    batch = file.get_batch(place)
                    # Offsets of texts that lead elsewhere would be followed.
                    batch.validate(full=True)
                    yield batch
            else:
                groups = self._groups or range(file.num_row_groups)
                yield from file.iter_batches(_ROWS, list(groups), use_threads=False)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            raise InputError([error.problem]) from error
        except (OSError, pa.ArrowException) as error:
            message = f"this table cannot be read: {' '.join(str(error).split())[:300]}"
            hint = f"write it again, as {', '.join(READ)}"
            raise InputError([Problem("V120", message, hint, Span.whole(str(self._path)))]) from error


def _check_ending(path: Path | Address, endings: tuple[str, ...]) -> None:
    if path.suffix not in endings:
        message = f"the ending {path.suffix or 'of this name'} stands for no table that is read or written here"
        hint = f"use a name that ends in {' or '.join(endings)}"
        raise InputError([Problem("V120", message, hint, Span.whole(str(path)))])


def write_table(path: Path, batches: Iterable[Any]) -> int:
    """Write batches of one schema as CSV or Parquet, whole or not at all; returns the number of rows.

    Raises OSError, and InputError for a name with another ending.
    """
    _check_ending(path, ENDINGS)
    rows, writer = 0, None
    with whole_file(path) as file:
        try:
            for batch in batches:
                shown = _plain(batch) if path.suffix == ".csv" else batch
                writer = writer or _writer(path, file, shown.schema)
                writer.write_batch(shown)
                rows += batch.num_rows
        finally:
            if writer is not None:  # one that is not closed writes to a file that is gone
                writer.close()
    return rows


def _writer(path: Path, file: BinaryIO, schema: Any) -> Any:
    if path.suffix == ".csv":
        return csv.CSVWriter(file, schema)
    # Numbers that vary are seldom alike, and names and counts seldom worth a range: both cost a third of the time.
    numbers = [field.name for field in schema if pa.types.is_floating(field.type)]
    others = [field.name for field in schema if not pa.types.is_floating(field.type)]
    return parquet.ParquetWriter(file, schema, use_dictionary=others, write_statistics=numbers)


def _plain(batch: Any) -> Any:
    """A batch with names written out, as CSV wants it."""
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
