"""Tables that are made while they are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from policyengine.tables.arrow import Readable, pa


class MadeTable(Readable):
    """A table of columns made chunk by chunk, as often as it is read."""

    def __init__(self, make: Callable[[], Iterator[dict[str, list[Any]]]], rows: int) -> None:
        """`make` begins anew; each chunk holds the values of every column, None for unknown; `rows` are all of them."""
        self.rows = rows
        self._make = make
        first = next(make())
        self._schema = pa.schema({name: _type(values) for name, values in first.items()})

    def reader(self) -> Any:
        """The chunks as record batches."""
        return pa.RecordBatchReader.from_batches(self._schema, self._batches())

    def _batches(self) -> Iterator[Any]:
        for chunk in self._make():
            columns = [
                pa.array(values, field.type) if field.type != pa.string() else _texts(values)
                for values, field in zip(chunk.values(), self._schema, strict=True)
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=self._schema)


def _type(values: list[Any]) -> Any:
    """Numbers or truths if all known values are; anything else is text, and told as such where it does not fit."""
    kinds = {type(value) for value in values if value is not None}
    if kinds <= {float}:
        return pa.float64()
    return pa.bool_() if kinds == {bool} else pa.string()


def _texts(values: list[Any]) -> Any:
    return pa.array([value if value is None else str(value) for value in values], pa.string())
