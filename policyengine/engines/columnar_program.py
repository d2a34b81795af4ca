"""What partial evaluation leaves, run over chunks of columns: each part once, and gone when nothing needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from policyengine.engines.columnar_fold import Residual, Residue
from policyengine.engines.columnar_kernels import (
    OPERATORS,
    QUANTIFIERS,
    Column,
    contains,
    falsity,
    known_of,
    listed,
    strengths,
)
from policyengine.engines.columnar_words import Words

Step = Callable[[int, Sequence[Column]], Column]
Columns = Mapping[str, Column]


class Program:
    """The parts that the wanted ones need, ready to be run on any number of chunks."""

    def __init__(self, residue: Residue, wanted: Sequence[Residual], words: Words) -> None:
        self.words = words
        self.uses = [0] * len(residue.parts)
        self.steps: dict[int, Step] = {}
        self.args: dict[int, tuple[int | Column, ...]] = {}
        self.names: dict[int, str] = {}
        for part in wanted:
            self._need(part)

    def _need(self, part: Residual) -> None:
        self.uses[part.place] += 1
        if self.uses[part.place] > 1:
            return
        if part.op == "column":
            self.names[part.place] = part.value
            return
        self.steps[part.place] = self._step(part)
        self.args[part.place] = tuple(
            arg.place if isinstance(arg, Residual) else self.words.scalar(arg) for arg in part.args
        )
        for arg in part.args:
            if isinstance(arg, Residual):
                self._need(arg)

    def _step(self, part: Residual) -> Step:
        if part.op in OPERATORS:
            compute = OPERATORS[part.op]
            return lambda _, args: compute(args)
        if part.op == "in":
            options = [self.words.option(value) for value in part.value]
            return lambda _, args: listed(args[0], options)
        if part.op == "contains":
            return lambda _, args: contains(args[0], args[1], self.words.holds())
        if part.op == "strength":
            return lambda _, args: _strength(args)
        return _count(part.value) if part.op == "count of" else _gather(part.op)


def _strength(args: Sequence[Column]) -> Column:
    known = known_of(args)
    found = strengths(args[0].values, args[1].values)
    return Column((found if known is None else np.where(known, found, 0.0)).astype(np.int64), known)


def _count(sure: float) -> Step:
    def count(rows: int, args: Sequence[Column]) -> Column:
        found = QUANTIFIERS["count of"](rows, [(rows, Column(np.True_), arg) for arg in args])
        return Column(found.values + sure, found.known)

    return count


def _gather(op: str) -> Step:
    compute = QUANTIFIERS[op]

    def gather(rows: int, args: Sequence[Column]) -> Column:
        pairs = list(pairwise(args))[::2]
        return compute(rows, [(rows, kept, value) for kept, value in pairs])

    return gather


class Chunk:
    """The values of one chunk of rows; each wanted part may be taken as often as it was wanted."""

    def __init__(self, program: Program, columns: Columns, rows: int) -> None:
        self.rows = rows
        self._program = program
        self._columns = columns
        self._left = program.uses.copy()
        self._values: dict[int, Column] = {}

    def value(self, part: Residual) -> Column:
        """The values of a part, under `numpy.errstate(all="ignore")`."""
        return self._value(part.place)

    def _value(self, place: int) -> Column:
        found = self._values.get(place)
        if found is None:
            name = self._program.names.get(place)
            found = self._columns[name] if name is not None else self._compute(place)
        self._left[place] -= 1
        if self._left[place] > 0:
            self._values[place] = found
        else:
            self._values.pop(place, None)
        return found

    def _compute(self, place: int) -> Column:
        args = [arg if isinstance(arg, Column) else self._value(arg) for arg in self._program.args[place]]
        return self._program.steps[place](self.rows, args)


def truth(column: Column, rows: int) -> tuple[Any, Any]:
    """Where a condition holds, and where it does not: two columns of whole length."""
    return np.broadcast_to(column.values, rows), np.broadcast_to(falsity(column), rows)
