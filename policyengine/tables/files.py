"""Tables in files, here or far away: read from CSV, Parquet or Arrow, written whole as one of the first two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from policyengine.errors import InputError, Problem, Span, quoted
from policyengine.source import whole_file
from policyengine.source.addresses import Address
from policyengine.source.store_errors import StoreError
from policyengine.source.stores import FarFile
from policyengine.tables.arrow import Readable, csv, ipc, is_list, pa, parquet
from policyengine.tables.csv_text import text_reader

ENDINGS = (".csv", ".parquet")
"""What is written."""
_ARROW = (".arrow", ".feather")
READ = (*ENDINGS, *_ARROW)
"""What is read."""
_MAGIC, _END = b"ARROW1", b"\xff\xff\xff\xff\0\0\0\0"
"""How an Arrow file begins, which a stream of Arrow does not, and how a stream ends."""
_ROWS = 65_536
_STEP = 4_096
_BATCH = 8 << 20
"""A batch has so many rows, or so many steps of them as take this many bytes if each value takes 8."""
_PIECE = 1 << 16
"""So many bytes of each column of a Parquet file are read at a time, instead of all that a group of rows has of it."""


class TableFile(Readable):
    """A table in a file, or some groups of its rows.

    Groups are the row groups of Parquet and the record batches of an Arrow file; a CSV file is one group, and so is a
    stream of Arrow. Of a file that is far away only what is needed is fetched: of Parquet its end and the groups.
    """

    def __init__(self, path: Path | Address, groups: range | None = None, version: str = "") -> None:
        """Open nothing yet; raises InputError if the file is of no kind that is read here.

        If it is far away and its store has tags, only this `version` of it is read.
        """
        self._path = path
        self._version = version
        self._groups = groups
        _check_ending(path, READ)

    def reader(self, most: int | None = None) -> Any:
        """The batches of the file; what cannot be read is a problem that names the file.

        Raises InputError as well if reading a group may take more than `most` bytes, as far as the file tells.
        """
        with self._told():
            if self._path.suffix == ".csv":
                stream = text_reader(self._text, str(self._path))
                return pa.RecordBatchReader.from_batches(stream.schema, self._text_batches(stream))
            if self._path.suffix in _ARROW:
                file = self._arrow()
                return pa.RecordBatchReader.from_batches(file.schema, self._arrow_batches(file))
            file = self._parquet()
            if most is not None:
                self._check_memory(file, most)
            return pa.RecordBatchReader.from_batches(file.schema_arrow, self._parquet_batches(file))

    def first_row(self, stream: Any) -> Any:
        """The first row as a batch, or None if there is none; `stream` is a reader of this table."""
        with self._told():
            if self._path.suffix != ".parquet" or isinstance(self._path, Address):
                return next((batch.slice(0, 1) for batch in stream if batch.num_rows), None)
            file = self._parquet()
            filled = [place for place in self._places(file) if file.metadata.row_group(place).num_rows]
            if not filled:
                return None
            # A column alone takes the memory of its pages, and all together that of the pages of all.
            names = file.schema_arrow.names
            return pa.RecordBatch.from_arrays([_first(file, filled[0], name) for name in names], names)

    def sizes(self) -> list[int] | None:
        """How many rows each group has, or None where only reading can tell."""
        if self._path.suffix == ".csv":
            return None
        with self._told():
            if self._path.suffix in _ARROW:
                file = self._arrow(sizes_only=True)
                if isinstance(file, ipc.RecordBatchStreamReader):
                    return None
                return [file.get_batch(place).num_rows for place in range(file.num_record_batches)]
            parts = self._parquet().metadata
            return [parts.row_group(place).num_rows for place in range(parts.num_row_groups)]

    @property
    def rows(self) -> int | None:
        """How many rows there are, or None where only reading can tell."""
        sizes = self.sizes()
        return None if sizes is None else sum(sizes)

    def _parquet(self) -> Any:
        far = isinstance(self._path, Address)
        # Far away, columns that lie together are fetched together.
        pieces = 0 if far else _PIECE
        return parquet.ParquetFile(self._source(in_ranges=True), pre_buffer=far, buffer_size=pieces)

    def _arrow(self, *, sizes_only: bool = False) -> Any:
        far = isinstance(self._path, Address)
        if self._is_stream():
            return ipc.open_stream(self._source(in_ranges=False) if far else pa.memory_map(str(self._path)))
        # How many rows a batch has stands beside each column, so one of them is enough.
        options = ipc.IpcReadOptions(included_fields=[0]) if far and sizes_only else None
        return ipc.open_file(self._source(in_ranges=True) if far else pa.memory_map(str(self._path)), options=options)

    def _is_stream(self) -> bool:
        """Whether an Arrow file is no file in the sense of Arrow, but what was sent, kept; then it has to be whole."""
        path = self._path
        with closing(FarFile(path, in_ranges=True) if isinstance(path, Address) else path.open("rb")) as file:
            if file.read(len(_MAGIC)) == _MAGIC:
                return False
            if file.seekable() and file.seek(0, 2) > len(_END):
                file.seek(-len(_END), 2)
                if file.read() != _END:
                    raise pa.ArrowInvalid("it is no Arrow file, or a stream of Arrow that was cut off")
        return True

    def _text(self) -> Any:
        """A file of text, from its beginning."""
        far = isinstance(self._path, Address)
        return self._source(in_ranges=False) if far else pa.OSFile(str(self._path))

    def _source(self, *, in_ranges: bool) -> Any:
        """What Arrow opens."""
        if isinstance(self._path, Address):
            return FarFile(self._path, in_ranges=in_ranges, version=self._version)
        # Arrow would take a folder `s3:` for a store.
        return self._path.absolute() if ":" in str(self._path) else self._path

    def _places(self, file: Any) -> Sequence[int]:
        return self._groups or range(file.num_row_groups)

    def _check_memory(self, file: Any, most: int) -> None:
        """A group is read in pieces, but a piece may be all that it has of a column: pages may be of any size."""
        needed = max((file.metadata.row_group(place).total_byte_size for place in self._places(file)), default=0)
        if needed > most:
            message = f"reading a group of its rows may take {needed / 2**20:,.0f} MiB, "
            message += f"and {most / 2**20:,.0f} MiB are allowed beside the results"
            hint = "write the table again with fewer rows in a group, or allow more memory"
            raise InputError([Problem("V111", message, hint, Span.whole(str(self._path)))])

    def _text_batches(self, stream: Any) -> Iterator[Any]:
        with self._told():
            yield from stream

    def _parquet_batches(self, file: Any) -> Iterator[Any]:
        with self._told():
            columns = len(file.schema_arrow)
            rows = min(_ROWS, max(_BATCH // (8 * max(columns, 1)) // _STEP, 1) * _STEP)
            yield from file.iter_batches(rows, list(self._places(file)), use_threads=False)

    def _arrow_batches(self, file: Any) -> Iterator[Any]:
        with self._told():
            if isinstance(file, ipc.RecordBatchStreamReader):
                batches = iter(file)
            else:
                batches = map(file.get_batch, self._groups or range(file.num_record_batches))
            for batch in batches:
                # Offsets of texts that lead elsewhere would be followed.
                batch.validate(full=True)
                yield batch

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except StoreError as error:
            raise InputError([error.problem]) from error
        except (OSError, pa.ArrowException) as error:
            raise InputError([Problem("V120", *_words(error), Span.whole(str(self._path)))]) from error


def _words(error: Exception) -> tuple[str, str]:
    """What is wrong with a table, and what to do; those of Arrow name the calls of the system that failed."""
    if isinstance(error, FileNotFoundError):
        return "there is no such table", "see whether its name is right, and in which folder it is"
    if isinstance(error, PermissionError):
        return "this table may not be read", "ask its owner for the right to read it"
    return f"this table cannot be read: {' '.join(str(error).split())[:300]}", f"write it again, as {', '.join(READ)}"


def _first(file: Any, group: int, name: str) -> Any:
    """The first value of a column in a group of a Parquet file."""
    batch = next(file.iter_batches(1, [group], columns=[name], use_threads=False))
    return batch.column(batch.schema.get_field_index(name))  # columns whose names begin like it come as well


def _check_ending(path: Path | Address, endings: tuple[str, ...]) -> None:
    if path.suffix not in endings:
        message = f"the ending {path.suffix or 'of this name'} stands for no table that is read or written here"
        hint = f"use a name that ends in {' or '.join(endings)}"
        raise InputError([Problem("V120", message, hint, Span.whole(str(path)))])


def write_table(path: Path, batches: Iterable[Any]) -> int:
    """Write batches of one schema as CSV or Parquet, whole or not at all; returns the number of rows.

    Raises OSError, and InputError for a name with another ending, or values that CSV cannot hold.
    """
    _check_ending(path, ENDINGS)
    with whole_file(path) as file:
        return write_batches(file, path.suffix, batches)


def write_batches(file: BinaryIO, ending: str, batches: Iterable[Any]) -> int:
    """Write batches of one schema to a file, in the form of one of `ENDINGS`; returns the number of rows."""
    rows, writer = 0, None
    try:
        for batch in batches:
            shown = _plain(batch) if ending == ".csv" else batch
            writer = writer or _writer(ending, file, shown.schema)
            writer.write_batch(shown)
            rows += batch.num_rows
    finally:
        if writer is not None:  # one that is not closed writes to a file that is gone
            writer.close()
    return rows


def _writer(ending: str, file: BinaryIO, schema: Any) -> Any:
    if ending == ".csv":
        _check_cells(schema)
        return csv.CSVWriter(file, schema)
    # Numbers that vary are seldom alike, and names and counts seldom worth a range: both cost a third of the time.
    numbers = [field.name for field in schema if pa.types.is_floating(field.type)]
    others = [field.name for field in schema if not pa.types.is_floating(field.type)]
    return parquet.ParquetWriter(file, schema, use_dictionary=others, write_statistics=numbers)


def _check_cells(schema: Any) -> None:
    """Raise InputError if there are values that no cell of CSV can hold."""
    hint = "write the results to a name that ends in .parquet"
    lists = [field.name for field in schema if is_list(field.type)]
    problems = [Problem("V120", f"CSV has no lists of words, as in the column {quoted(name)}", hint) for name in lists]
    if problems:
        raise InputError(problems)


def _plain(batch: Any) -> Any:
    """A batch with names written out, as CSV wants it."""
    columns = [
        column.dictionary_decode() if pa.types.is_dictionary(column.type) else column for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
