"""Rows of one kind: where the same outcomes fire, the same follows, so it is worked out once for all such rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

_TOGETHER = 8
"""So many flags are told apart at a time: they are a byte."""
_BYTES = 1 << _TOGETHER
_MOST = 1 << 10
"""So many kinds are told apart. Where there are more, few rows are alike, and looking for such takes longer."""

Results = dict[str, Any]


class Kinds:
    """Numbers rows by their flags, over any number of chunks, and keeps what was worked out for each number."""

    def __init__(self) -> None:
        self._steps: list[_Step] = []
        self._found: Results = {}

    @property
    def too_many(self) -> bool:
        """Whether there are so many kinds that it does not pay to tell them apart."""
        return any(step.count > _MOST for step in self._steps)

    def results(self, flags: Sequence[Any], work_out: Callable[[Any], Results]) -> Results:
        """What follows for each row, from one or more flags of all rows.

        `work_out` is called with rows of the chunk, one for each kind that was not seen before.
        """
        numbers, fresh = self._number(flags)
        if len(fresh):
            made = work_out(fresh)
            self._found = {name: np.concatenate([*self._known(name), values]) for name, values in made.items()}
        return {name: values.take(numbers) for name, values in self._found.items()}

    def _known(self, name: str) -> list[Any]:
        return [self._found[name]] if name in self._found else []

    def _number(self, flags: Sequence[Any]) -> tuple[Any, Any]:
        """The number of each row, and the rows whose number is new, in the order of their numbers."""
        numbers: Any = None
        fresh: Any = ()
        for place, start in enumerate(range(0, len(flags), _TOGETHER)):
            if place == len(self._steps):
                self._steps.append(_Step())
            numbers, fresh = self._steps[place].number(numbers, _byte(flags[start : start + _TOGETHER]))
        return numbers, fresh


class _Step:
    """From the number of a row by the flags before, and the byte of the next flags, to its next number."""

    def __init__(self) -> None:
        self.count = 0
        self._next = np.full(_BYTES, -1, np.int32)

    def number(self, before: Any, byte: Any) -> tuple[Any, Any]:
        key = byte.astype(np.intp)
        if before is not None:
            key += np.multiply(before, _BYTES, dtype=np.intp)
            self._grow(int(key.max()) + 1)
        found = self._next.take(key)
        missing = np.flatnonzero(found < 0)
        if not len(missing):
            return found, missing
        keys, first = np.unique(key[missing], return_index=True)
        self._next[keys] = np.arange(self.count, self.count + len(keys))
        self.count += len(keys)
        return self._next.take(key), missing[first]

    def _grow(self, size: int) -> None:
        if size > len(self._next):
            self._next = np.concatenate([self._next, np.full(max(size, len(self._next)), -1, np.int32)])


def _byte(flags: Sequence[Any]) -> Any:
    """Up to eight flags of each row as the bits of a byte."""
    byte = np.zeros(len(flags[0]), np.uint8)
    for flag in flags:
        byte += byte
        byte |= flag.view(np.uint8)
    return byte
