"""From the columns of a table to columns of an engine, with every mistake of every value told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from policyengine.domain.scenario import Scenario
from policyengine.engines.columnar_kernels import Column
from policyengine.engines.columnar_words import Words
from policyengine.errors import Problems, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.lang.types import Boolean, Number, Word, describe
from policyengine.lang.types import Words as WordsType
from policyengine.tables.arrow import Plain, plain_columns
from policyengine.tables.csv_cells import HINTS, Cells, cells_of
from policyengine.tables.paths import Path

MOST_ROWS_TOLD = 3
"""Of one column, so many rows with the same mistake are named."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the columns of batches for one base."""

    base: Scenario
    words: Words

    def read(self, paths: Sequence[Path], batch: Any, first: int, problems: Problems) -> tuple[dict[str, Column], Any]:
        """Checked columns, and the batch with the types that it has or, as text, is meant to have.

        `first` is the number of the first row.
        """
        cells = cells_of(batch, paths)
        plain = plain_columns(cells.batch, [path.name for path in paths])
        found = {}
        for path in paths:
            column = self._column(path, plain[path.name], cells, _Told(path, first, problems))
            if column is not None:
                found[path.name] = column
        return found, cells.batch

    def _column(self, path: Path, plain: Plain, cells: Cells, told: _Told) -> Column | None:
        wanted = _KINDS[type(path.type)]
        if plain.kind not in (wanted, "nothing"):
            message = f"the column {quoted(path.name)} holds {plain.kind}, but {describe(path.type)} is needed"
            told.problems.add("V104", message, f"give it as {wanted}; null stands for unknown")
            return None
        bad = cells.bad.get(path.name, False)
        if path.name in cells.bad:
            told.add("V104", bad, partial(self._unread, path, cells), HINTS[type(path.type)])
        if path.needed and plain.known is not None:
            missing = ~(plain.known | bad)
            told.add("V108", missing, lambda _: "is null, but has to be known", "give a value in each row")
        if isinstance(path.type, Number):
            return self._numbers(path, path.type, plain, told)
        if isinstance(path.type, Word | WordsType):
            return self._words(path, plain, told)
        return Column(plain.values if plain.known is None else plain.values & plain.known, plain.known)

    def _unread(self, path: Path, cells: Cells, row: int) -> str:
        return f"is {quoted(cells.text(path.name, row))}, but {describe(path.type)} is needed"

    def _numbers(self, path: Path, kind: Number, plain: Plain, told: _Told) -> Column:
        values = plain.values
        known = np.ones(len(values), np.bool_) if plain.known is None else plain.known
        endless = known & ~np.isfinite(values)
        told.add("V105", endless, lambda row: f"is {values[row]}", "give an ordinary number, or null for unknown")
        outside = known & ~endless & ((values < kind.low) | (values > kind.high))
        limits = f"from {kind.low:g} to {kind.high:g}"
        told.add("V106", outside, lambda row: f"is {values[row]:g}, which is out of range", limits)
        if path.whole:
            broken = known & ~endless & ~outside & (values != np.rint(values))
            told.add("V106", broken, lambda row: f"is {values[row]:g}, but has to be whole", f"a whole number {limits}")
        return Column(np.where(known, values, 0.0), plain.known) if plain.known is not None else Column(values)

    def _words(self, path: Path, plain: Plain, told: _Told) -> Column:
        options = self._options(path)
        wrong: dict[int, tuple[str, str]] = {}
        for code, value in enumerate(plain.distinct):
            for problem in _unfit(path, value, options):
                wrong.setdefault(code, problem)
        known = np.ones(len(plain.values), np.bool_) if plain.known is None else plain.known
        for code, (message, hint) in wrong.items():
            told.add("V107", known & (plain.values == code), lambda _, message=message: message, hint)
        numbers = [0 if code in wrong else self.words.number(value) for code, value in enumerate(plain.distinct)]
        return Column(np.array(numbers or [0], np.intp)[plain.values], plain.known)

    def _options(self, path: Path) -> frozenset[str]:
        assert isinstance(path.type, Word | WordsType)  # noqa: S101 - the caller looked
        return path.type.options or frozenset(each.id for each in self.base.jurisdictions)


_KINDS = {Number: "numbers", Boolean: "truths", Word: "words", WordsType: "lists of words"}


def _unfit(path: Path, value: Any, options: frozenset[str]) -> list[tuple[str, str]]:
    """What is wrong with one word or list of words, with hints."""
    listed = [value] if isinstance(value, str) else [word for word in value if word is not None]
    found = [
        (f"is {quoted(word)}, which is not known", near_or_list(word, options))
        for word in listed
        if word not in options
    ]
    if not isinstance(value, str) and None in value:
        found.append(("holds null in its list", "leave it out, or give null for the whole list where it is not known"))
    if path.field == "places" and not value:
        found.append(("names no place, but a threat has to be somewhere", "give null where it is not known"))
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    """Adds the mistakes of one column, the first few rows of each by number."""

    path: Path
    first: int
    problems: Problems

    def add(self, code: str, wrong: Any, message: Any, hint: str) -> None:
        rows = np.flatnonzero(wrong)
        for row in rows[:MOST_ROWS_TOLD].tolist():
            self.problems.add(code, f"row {self.first + row}: {quoted(self.path.name)} {message(row)}", hint)
        if len(rows) > MOST_ROWS_TOLD:
            more = len(rows) - MOST_ROWS_TOLD
            self.problems.add(code, f"{more} more rows of {quoted(self.path.name)} are like that", hint)
