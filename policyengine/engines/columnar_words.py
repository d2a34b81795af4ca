"""Words and sets of words as whole numbers, and plain values as columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from policyengine.engines.columnar_kernels import UNKNOWN, Array, Column, Flags
from policyengine.lang.types import Boolean, Number, Type
from policyengine.lang.types import Words as WordsType

_KINDS: dict[type[Type], type[np.generic]] = {Number: np.float64, Boolean: np.bool_}


class Words:
    """Numbers words and sets of words, each in the order of its first use, so that equal ones have equal numbers."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}
        self._words: list[str] = []
        self._sets: list[frozenset[str]] = []
        self._holds: Flags = np.zeros((1, 1), np.bool_)
        self._counted = (0, 0)

    def number(self, value: str | frozenset[str]) -> int:
        """The number of a word among the words, of a set among the sets."""
        found = self._numbers.get(value)
        if found is None:
            if isinstance(value, str):
                found = len(self._words)
                self._words.append(value)
            else:
                found = len(self._sets)
                self._sets.append(value)
            self._numbers[value] = found
        return found

    def word_of(self, number: int) -> str:
        """The word of a number."""
        return self._words[number] if number < len(self._words) else ""

    def set_of(self, number: int) -> frozenset[str]:
        """The set of words of a number."""
        return self._sets[number] if number < len(self._sets) else frozenset()

    def holds(self) -> Flags:
        """Whether each set (rows) holds each word (columns)."""
        counted = (len(self._sets), len(self._words))
        if self._counted != counted:
            self._counted = counted
            # Columns in which nothing is known hold zeros, so there is always a row and a column.
            self._holds = np.zeros((max(1, counted[0]), max(1, counted[1])), np.bool_)
            for row, names in enumerate(self._sets):
                self._holds[row, [self._numbers[word] for word in names if word in self._numbers]] = True
        return self._holds

    def scalar(self, value: Any) -> Column:
        """One value that stands for every row."""
        if value is None:
            return UNKNOWN
        if isinstance(value, bool):
            return Column(np.bool_(value))
        return Column(np.float64(value) if isinstance(value, float) else np.intp(self.number(value)))

    def option(self, value: Any) -> Any:
        """A listed value as a column of its type holds it."""
        return self.number(value) if isinstance(value, str) else value

    def column(self, values: Sequence[Any], kind: Type) -> Column:
        """Plain values, None for unknown, as a column; sets of words may be lists."""
        if isinstance(kind, WordsType):
            return self._sets_column(values)
        dtype = _KINDS.get(type(kind))
        lacking = None in values
        if dtype is None:
            numbers = {value: 0 if value is None else self.number(value) for value in dict.fromkeys(values)}
            made: Array = np.fromiter(map(numbers.__getitem__, values), np.intp, len(values))
        elif dtype is np.float64 and lacking:
            made = np.array(values, np.float64)  # None becomes NaN, which no scenario can hold
            known = ~np.isnan(made)
            made[~known] = 0
            return Column(made, known)
        else:
            made = np.array(values, dtype)  # None is false
        return Column(made, np.array([value is not None for value in values], np.bool_)) if lacking else Column(made)

    def _sets_column(self, values: Sequence[Any]) -> Column:
        """Sets of words, each list of words made a set once."""
        places: dict[Any, int] = {}
        own = [places.setdefault(None if each is None else tuple(each), len(places)) for each in values]
        rows = np.array(own, np.intp)
        numbers = np.array([0 if key is None else self.number(frozenset(key)) for key in places], np.intp)
        return Column(numbers[rows]) if None not in places else Column(numbers[rows], rows != places[None])
