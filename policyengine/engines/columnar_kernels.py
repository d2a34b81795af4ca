"""Operators on columns whose values may be unknown: one line for each operator of the table.

A column holds values and, where some are unknown, which are known. The meaning is that of the
reference engine, row by row; a truth value is False wherever it is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


class Column(NamedTuple):
    """Values, and which of them are known (None if all are). Either may be a scalar that stands for every row."""

    values: Any
    known: Any = None


UNKNOWN = Column(np.False_, np.False_)


def both(first: Any, second: Any) -> Any:
    """Where two columns are known, given where each is."""
    if first is None:
        return second
    return first if second is None else first & second


def known_of(args: Sequence[Column]) -> Any:
    """Where all columns are known."""
    return reduce(both, [arg.known for arg in args])


def falsity(column: Column) -> Any:
    """Where a truth value is known to be false."""
    return ~column.values if column.known is None else column.known & ~column.values


def conjunction(args: Sequence[Column]) -> Column:
    """False if one is false, else unknown if one is unknown."""
    true = reduce(np.logical_and, [arg.values for arg in args])
    if all(arg.known is None for arg in args):
        return Column(true)
    return Column(true, true | reduce(np.logical_or, map(falsity, args)))


def disjunction(args: Sequence[Column]) -> Column:
    """True if one is true, else unknown if one is unknown."""
    true = reduce(np.logical_or, [arg.values for arg in args])
    if all(arg.known is None for arg in args):
        return Column(true)
    return Column(true, true | reduce(np.logical_and, map(falsity, args)))


def _finite(values: Any, known: Any) -> Column:
    """A number too large for a float is unknown, like a quotient by zero."""
    fine = np.isfinite(values)
    return Column(values, known) if fine.all() else Column(values, both(known, fine))


def _compare(compute: Callable[..., Any]) -> Callable[[Sequence[Column]], Column]:
    def compared(args: Sequence[Column]) -> Column:
        known = known_of(args)
        truth = compute(args[0].values, args[1].values)
        return Column(truth, None) if known is None else Column(truth & known, known)

    return compared


def _compute(compute: Callable[..., Any]) -> Callable[[Sequence[Column]], Column]:
    def computed(args: Sequence[Column]) -> Column:
        return _finite(compute(*(arg.values for arg in args)), known_of(args))

    return computed


def _least(first: Any, second: Any) -> Any:
    # Not np.minimum: Python's min keeps the first of equals, so that 0.0 and -0.0 stay apart.
    return np.where(second < first, second, first)


def _greatest(first: Any, second: Any) -> Any:
    return np.where(second > first, second, first)


def _clip(value: Any, low: Any, high: Any) -> Any:
    return _least(_greatest(value, low), high)


OPERATORS: dict[str, Callable[[Sequence[Column]], Column]] = {
    "and": conjunction,
    "or": disjunction,
    "not": lambda args: Column(falsity(args[0]), args[0].known),
    "known": lambda args: Column(np.True_ if args[0].known is None else args[0].known),
    "==": _compare(np.equal),
    "!=": _compare(np.not_equal),
    "<": _compare(np.less),
    "<=": _compare(np.less_equal),
    ">": _compare(np.greater),
    ">=": _compare(np.greater_equal),
    "+": _compute(np.add),
    "-": _compute(np.subtract),
    "*": _compute(np.multiply),
    "/": _compute(np.divide),
    "negative": _compute(np.negative),
    "min": _compute(lambda *values: reduce(_least, values)),
    "max": _compute(lambda *values: reduce(_greatest, values)),
    "abs": _compute(np.abs),
    "clip": _compute(_clip),
}
"""The operators that need nothing but their arguments; the functions below hold the others."""


def listed(column: Column, options: Sequence[Any]) -> Column:
    """Whether each value is one of the listed ones."""
    truth = reduce(np.logical_or, [column.values == option for option in options], np.False_)
    return Column(truth) if column.known is None else Column(truth & column.known, column.known)


def contains(names: Column, word: Column, holds: Flags) -> Column:
    """Whether each set holds the word; `holds` says it for the number of each set and of each word."""
    known = known_of((names, word))
    truth = holds[names.values, word.values]
    return Column(truth) if known is None else Column(truth & known, known)


Element = tuple[int, Column, Column]
"""One element of the collections of the first rows: how many rows have it, whether its filter keeps it, its value."""


def _any_of(rows: int, elements: Sequence[Element]) -> Column:
    true, false = np.zeros(rows, np.bool_), np.ones(rows, np.bool_)
    for count, kept, value in elements:
        held = conjunction((kept, value))
        true[:count] |= held.values
        false[:count] &= falsity(held)
    return Column(true, true | false)


def _all_of(rows: int, elements: Sequence[Element]) -> Column:
    true, false = np.ones(rows, np.bool_), np.zeros(rows, np.bool_)
    for count, kept, value in elements:
        held = disjunction((OPERATORS["not"]([kept]), value))
        true[:count] &= held.values
        false[:count] |= falsity(held)
    return Column(true, true | false)


def _count_of(rows: int, elements: Sequence[Element]) -> Column:
    total, known = np.zeros(rows), np.ones(rows, np.bool_)
    for count, kept, value in elements:
        held = conjunction((kept, value))
        total[:count] += held.values
        known[:count] &= held.values | falsity(held)
    return Column(total, known)


def _kept_known(kept: Column, value: Column) -> Any:
    """Where an element is either left out or known."""
    inside = kept.values if value.known is None else kept.values & value.known
    return falsity(kept) | inside


def _total(rows: int, elements: Sequence[Element]) -> tuple[Array, Array, Flags]:
    """Sum from left to right and number of the kept elements, and where all of them are known."""
    total, number, known = np.zeros(rows), np.zeros(rows), np.ones(rows, np.bool_)
    for count, kept, value in elements:
        total[:count] = np.where(kept.values, total[:count] + value.values, total[:count])
        number[:count] += kept.values
        known[:count] &= _kept_known(kept, value)
    return total, number, known


def _sum_of(rows: int, elements: Sequence[Element]) -> Column:
    total, _, known = _total(rows, elements)
    return _finite(total, known)


def _mean_of(rows: int, elements: Sequence[Element]) -> Column:
    total, number, known = _total(rows, elements)
    return _finite(total / number, known)


def _best_of(better: Callable[..., Any]) -> Callable[[int, Sequence[Element]], Column]:
    def best_of(rows: int, elements: Sequence[Element]) -> Column:
        best, found, known = np.zeros(rows), np.zeros(rows, np.bool_), np.ones(rows, np.bool_)
        for count, kept, value in elements:
            first = kept.values & ~found[:count]
            wins = first | (kept.values & better(value.values, best[:count]))
            best[:count] = np.where(wins, value.values, best[:count])
            found[:count] |= kept.values
            known[:count] &= _kept_known(kept, value)
        return Column(best, known & found)

    return best_of


QUANTIFIERS: dict[str, Callable[[int, Sequence[Element]], Column]] = {
    "any of": _any_of,
    "all of": _all_of,
    "count of": _count_of,
    "sum of": _sum_of,
    "mean of": _mean_of,
    "min of": _best_of(np.less),
    "max of": _best_of(np.greater),
}


def strengths(points: Any, weight: Any) -> Any:
    """Points times weight as whole millionths, rounded half to even, as `firing.fixed_point` does."""
    return np.rint(points * weight * 1_000_000)
