"""From the cells of a CSV file to the values that the columns vary: what is wanted decides, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from policyengine.lang.types import Boolean, Number, Type, Word, Words
from policyengine.tables.arrow import VALUES, compute, flags_of, pa
from policyengine.tables.csv_text import TEXT
from policyengine.tables.paths import Path

_NUMBER: Final = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$|^(?i)[+-]?(nan|inf|infinity)$"
"""What Arrow takes for a number."""
_TRUE, _FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_BLANKS: Final = " \t"

HINTS: Final[dict[type[Type], str]] = {
    Number: "write a number with a point, such as 0.5, and nothing for unknown",
    Boolean: "write true or false, and nothing for unknown",
    Words: "CSV has no lists of words; give the table as Parquet or Arrow",
}
"""What to do about a cell that cannot be read, by what is wanted."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A batch with values of the types that are wanted, and for columns with cells that have none, which these are."""

    batch: Any
    texts: Any = None
    bad: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str, row: int) -> str:
        """What stands in a cell."""
        return str(_column(self.texts, name)[row].as_py())


def cells_of(batch: Any, paths: Sequence[Path]) -> Cells:
    """The columns of a batch that lead somewhere; of a table that has types of its own, as they are."""
    if not TEXT.items() <= (batch.schema.metadata or {}).items():
        return Cells(batch)
    columns, bad = [], {}
    for path in paths:
        values, wrong = _READ[type(path.type)](_column(batch, path.name))
        columns.append(values)
        if wrong is not None and wrong.true_count:
            bad[path.name] = flags_of(wrong)
    return Cells(pa.RecordBatch.from_arrays(columns, [path.name for path in paths]), batch, bad)


def _column(batch: Any, name: str) -> Any:
    return batch.column(batch.schema.get_field_index(name))


Read = tuple[Any, Any]
"""Values, and which cells cannot be read, or None if all can."""


def _numbers(texts: Any) -> Read:
    try:
        return texts.cast(pa.float64()), None
    except pa.ArrowInvalid:  # looking at each cell takes longer
        trimmed = compute().utf8_trim(texts, _BLANKS)
        good = compute().match_substring_regex(trimmed, _NUMBER)
        return _only(good, trimmed).cast(pa.float64()), compute().invert(good)


def _truths(texts: Any) -> Read:
    values, bad = _spelled_truths(texts)
    return _spelled_truths(compute().utf8_trim(texts, _BLANKS)) if bad.true_count else (values, bad)


def _spelled_truths(texts: Any) -> Read:
    true = compute().is_in(texts, pa.array(_TRUE))
    good = compute().or_(true, compute().is_in(texts, pa.array(_FALSE)))
    return _only(good, true), compute().and_not(texts.is_valid(), good)


def _words(texts: Any) -> Read:
    return texts, None


def _lists(texts: Any) -> Read:
    return pa.nulls(len(texts), VALUES[Words]), texts.is_valid()


def _only(good: Any, values: Any) -> Any:
    """The values where this holds, and null elsewhere."""
    return compute().if_else(good, values, pa.scalar(None, values.type))


_READ: Final[dict[type[Type], Callable[[Any], Read]]] = {
    Number: _numbers, Boolean: _truths, Word: _words, Words: _lists,
}  # fmt: skip
