"""Arrow in and out: the only place that knows pyarrow.

Whatever speaks the Arrow C interface is taken (`__arrow_c_stream__` or `__arrow_c_array__`): tables, readers and
batches of pyarrow, data frames of pandas, Polars and others.

Between Arrow and NumPy the memory of columns is passed on as it is. The ways that pyarrow has for that import pandas
where it is installed, which takes each process longer than preparing the rules and forty megabytes.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policyengine.errors import InputError, Problem, quoted
from policyengine.lang.types import Boolean, Number, Type, Word, Words

try:
    import pyarrow as pa
    from pyarrow import csv, ipc, parquet
except ImportError as error:  # pragma: no cover - the extra is installed wherever tests run
    message = "tables need pyarrow: pip install 'layered-policyengine[batch]'"
    raise ImportError(message) from error


__all__ = ["csv", "ipc", "pa", "parquet"]

_LABELS = re.compile(r"__index_level_\d+__")


@dataclass(frozen=True, slots=True)
class Plain:
    """One column as NumPy holds it: values, and which are known (None if all are).

    Words and lists of words are numbers into `distinct`. `kind` says in plain words what it holds.
    """

    kind: str
    values: Any
    known: Any
    distinct: Sequence[Any] = ()


def compute() -> Any:
    """The functions of Arrow on columns, imported when the first is needed, which takes a while."""
    from pyarrow import compute as functions

    return functions


def use_memory_of_the_system() -> None:
    """Take memory from the allocator of the system in this process, as NumPy does.

    What Arrow's own keeps for later is of no use to NumPy: wide tables took half as much again, and more time.
    """
    pa.set_memory_pool(pa.system_memory_pool())


class Readable(ABC):
    """A table of ours, which can be read as often as needed: it speaks the Arrow C interface."""

    @abstractmethod
    def reader(self) -> pa.RecordBatchReader:
        """The batches from the beginning."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A stream from the beginning."""
        return self.reader().__arrow_c_stream__(requested_schema)


def reader_of(data: Any) -> pa.RecordBatchReader:
    """A stream of record batches from whatever speaks the Arrow C interface."""
    if isinstance(data, pa.RecordBatchReader):
        return data
    if isinstance(data, Readable):
        return data.reader()  # through the interface, errors while reading would come as text alone
    kind = type(data).__name__
    try:
        if hasattr(data, "__arrow_c_stream__"):
            return pa.RecordBatchReader.from_stream(data)
        if hasattr(data, "__arrow_c_array__"):
            batch = pa.record_batch(data)
            return pa.RecordBatchReader.from_batches(batch.schema, [batch])
    except pa.ArrowException as error:
        if wrong := list(_unreadable(data)):
            raise InputError(wrong) from error
        raise TypeError(f"a table has to have columns with names, which {kind} does not ({error})") from error
    raise TypeError(f"a table has to speak the Arrow C interface (__arrow_c_stream__), which {kind} does not")


def _unreadable(frame: Any) -> Iterator[Problem]:
    """The columns of a data frame that Arrow has no type for; none of what is no data frame."""
    for name in getattr(frame, "columns", ()):
        try:
            pa.RecordBatchReader.from_stream(frame[[name]])
        except pa.ArrowException as error:
            held = f"{quoted(str(name))}, of the type {frame[name].dtype}"
            hint = "give it as numbers, truths, words or lists of words, all values of one type"
            yield Problem("V104", f"the column {held}, cannot be read: {error.args[0]}", hint)


def names_of(reader: pa.RecordBatchReader) -> list[str]:
    """The names of the columns, without the row labels that pandas adds to a frame of which rows were chosen."""
    return [name for name in reader.schema.names if not _LABELS.fullmatch(name)]


def slices(reader: pa.RecordBatchReader, rows: int) -> Iterator[pa.RecordBatch]:
    """The batches of a stream, none longer than `rows`, empty ones left out."""
    for batch in reader:
        for start in range(0, batch.num_rows, rows):
            yield batch.slice(start, rows)


def plain_columns(batch: pa.RecordBatch, names: Sequence[str]) -> dict[str, Plain]:
    """The columns of a batch by name."""
    return {name: _plain(batch.column(batch.schema.get_field_index(name))) for name in names}


def _plain(column: pa.Array) -> Plain:
    kind = column.type
    if pa.types.is_dictionary(kind) and not _is_text(kind.value_type):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_null(kind):
        return Plain("nothing", np.zeros(len(column), np.intp), np.zeros(len(column), np.bool_), ("",))
    known = _known(column)
    if pa.types.is_boolean(kind):
        return Plain("truths", _where(known, _bits(column, 1)), known)
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = column if kind == pa.float64() else column.cast(pa.float64(), safe=False)
        return Plain("numbers", _where(known, _held(numbers)), known)
    if pa.types.is_dictionary(kind) or _is_text(kind):
        return _words(column, known)
    if is_list(kind) and (_is_text(kind.value_type) or pa.types.is_null(kind.value_type)):
        return _lists(column, known)
    return Plain(f"values of the type {kind}", np.zeros(len(column)), known)


def _known(column: pa.Array) -> Any:
    """Which values are known, or None if all are."""
    if column.null_count == 0:
        return None
    return np.asarray(column.is_valid()) if column.buffers()[0] is None else _bits(column, 0)


def _bits(column: pa.Array, place: int) -> Any:
    """The bits that one of the buffers of a column holds, a truth for each."""
    bits = np.frombuffer(column.buffers()[place] or b"", np.uint8)
    return np.unpackbits(bits, count=column.offset + len(column), bitorder="little")[column.offset :].view(np.bool_)


def flags_of(column: pa.Array) -> Any:
    """A column of truths as NumPy holds it; unknown is false."""
    return _bits(column.fill_null(fill_value=False), 1)


def _held(column: pa.Array) -> Any:
    """The memory of a column of numbers; where a value is not known, anything may stand."""
    kind = np.dtype(str(column.type))  # both call 64 bits "double"
    return np.frombuffer(column.buffers()[1] or b"", kind, len(column), column.offset * kind.itemsize)


def _where(known: Any, values: Any) -> Any:
    """The values that are known, and zeros."""
    return values if known is None else np.where(known, values, np.zeros((), values.dtype))


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or str(kind) == "string_view")


def is_list(kind: pa.DataType) -> bool:
    """Whether values of this type are lists."""
    return bool(pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind))


def _words(column: pa.Array, known: Any) -> Plain:
    if str(column.type) == "string_view":
        column = column.cast(pa.string())
    encoded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = _where(known, _held(encoded.indices)).astype(np.intp)
    return Plain("words", codes, known, tuple(encoded.dictionary.to_pylist()))


def _lists(column: pa.Array, known: Any) -> Plain:
    numbers: dict[frozenset[str], int] = {}
    codes = [numbers.setdefault(frozenset(each or ()), len(numbers)) for each in column.to_pylist()]
    return Plain("lists of words", np.array(codes, np.intp), known, tuple(numbers))


def dictionary(codes: Any, words: Sequence[str]) -> pa.Array:
    """Names by number, as a dictionary column."""
    return pa.DictionaryArray.from_arrays(_numbers(codes, pa.int32()), _texts(words))


def _numbers(values: Any, kind: pa.DataType) -> pa.Array:
    """A column of numbers, none of them unknown."""
    held = np.ascontiguousarray(values, str(kind))
    return pa.Array.from_buffers(kind, len(held), [None, pa.py_buffer(held)])


def _texts(words: Sequence[str]) -> pa.Array:
    written = [word.encode() for word in words]
    ends = np.cumsum([0, *map(len, written)], dtype=np.int32)
    return pa.StringArray.from_buffers(len(written), pa.py_buffer(ends), pa.py_buffer(b"".join(written)))


def count_names(batch: pa.RecordBatch, ending: str, counts: dict[str, Counter[str]]) -> None:
    """Add to the counts of each column whose name ends so how often each of its names stands there."""
    for field in batch.schema:
        if field.name.endswith(ending):
            column = batch.column(batch.schema.get_field_index(field.name))
            often = np.bincount(_held(column.indices), minlength=len(column.dictionary)).tolist()
            found = zip(column.dictionary.to_pylist(), often, strict=True)
            counts.setdefault(field.name, Counter()).update({name: count for name, count in found if count})


VALUES: dict[type[Type], pa.DataType] = {
    Number: pa.float64(), Boolean: pa.bool_(), Word: pa.string(), Words: pa.list_(pa.string()),
}  # fmt: skip
"""As what the values of a column are held, by what it varies."""


def table_of(columns: Mapping[str, Sequence[Any]], kinds: Mapping[str, Type]) -> pa.Table:
    """A table of plain values, None for unknown."""
    return pa.table({name: pa.array(values, VALUES[type(kinds[name])]) for name, values in columns.items()})


def beside(kinds: Mapping[str, Type], rows: pa.RecordBatch, results: pa.RecordBatch) -> pa.RecordBatch:
    """Results with the values of these columns before them, in the type of what they vary, whoever wrote them."""
    own = [_as(rows.column(rows.schema.get_field_index(name)), VALUES[type(kind)]) for name, kind in kinds.items()]
    fields = [pa.field(name, column.type) for name, column in zip(kinds, own, strict=True)]
    schema = pa.schema([*fields, *results.schema], metadata=results.schema.metadata)
    return pa.RecordBatch.from_arrays([*own, *results.columns], schema=schema)


def _as(column: pa.Array, kind: pa.DataType) -> pa.Array:
    return column if column.type == kind else column.cast(kind)


NAMES = pa.dictionary(pa.int32(), pa.string())
TYPES = {"names": NAMES, "count": pa.int32(), "rank": pa.int32(), "score": pa.int64(), "share": pa.float64()}


def schema_of(fields: Mapping[str, str], bits: int, notes: Mapping[str, str]) -> pa.Schema:
    """The schema of a result: the kind of each column, and packed bits for the rules that fired."""
    made = [pa.field(name, TYPES[kind], nullable=False) for name, kind in fields.items()]
    if bits:
        made.append(pa.field("fired", pa.binary((bits + 7) // 8), nullable=False))
    return pa.schema(made, metadata=dict(notes))


def batch_of(schema: pa.Schema, columns: Mapping[str, Any]) -> pa.RecordBatch:
    """A record batch of a schema; dictionary columns are pairs of numbers and words."""
    arrays = []
    for field in schema:
        values = columns[field.name]
        if pa.types.is_dictionary(field.type):
            arrays.append(dictionary(*values))
        elif pa.types.is_fixed_size_binary(field.type):
            buffer = pa.py_buffer(np.ascontiguousarray(values))
            arrays.append(pa.FixedSizeBinaryArray.from_buffers(field.type, len(values), [None, buffer]))
        else:
            arrays.append(_numbers(values, field.type))
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def reader_from(schema: pa.Schema, batches: Callable[[], Iterator[pa.RecordBatch]]) -> pa.RecordBatchReader:
    """A stream that is made while it is read."""
    return pa.RecordBatchReader.from_batches(schema, batches())
