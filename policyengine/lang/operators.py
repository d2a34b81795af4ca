"""The one table of operators.

A row says how an operator is written, what it takes and gives, what it means, and what an unknown
value does to it. The checker reads the signatures here, the language reference is generated from
here, and a test holds every engine to the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["boolean", "number", "word", "any"]


@dataclass(frozen=True, slots=True)
class Operator:
    """One operator: `takes` lists the kinds of its arguments, the last one repeated if `variadic`."""

    name: str
    form: str
    takes: tuple[Kind, ...]
    gives: Literal["boolean", "number"]
    means: str
    unknown: str
    variadic: bool = False


_STRICT = "unknown if any argument is unknown"

OPERATORS: dict[str, Operator] = {
    row.name: row
    for row in (
        Operator(
            "and",
            "a and b",
            ("boolean",),
            "boolean",
            "both hold",
            "false if one is false, else unknown if one is unknown",
            variadic=True,
        ),
        Operator(
            "or",
            "a or b",
            ("boolean",),
            "boolean",
            "at least one holds",
            "true if one is true, else unknown if one is unknown",
            variadic=True,
        ),
        Operator("not", "not a", ("boolean",), "boolean", "does not hold", "unknown if the argument is"),
        Operator("==", "a == b", ("any", "any"), "boolean", "equal; both of one type", _STRICT),
        Operator("!=", "a != b", ("any", "any"), "boolean", "different; both of one type", _STRICT),
        Operator("<", "a < b", ("number", "number"), "boolean", "less than; may be chained", _STRICT),
        Operator("<=", "a <= b", ("number", "number"), "boolean", "at most; may be chained", _STRICT),
        Operator(">", "a > b", ("number", "number"), "boolean", "greater than; may be chained", _STRICT),
        Operator(">=", "a >= b", ("number", "number"), "boolean", "at least; may be chained", _STRICT),
        Operator("in", 'a in ("x", "y")', ("any",), "boolean", "equal to one of the listed values", _STRICT),
        Operator("contains", '"x" in names', ("any", "word"), "boolean", "the set holds the word", _STRICT),
        Operator("+", "a + b", ("number", "number"), "number", "sum", _STRICT),
        Operator("-", "a - b", ("number", "number"), "number", "difference", _STRICT),
        Operator("*", "a * b", ("number", "number"), "number", "product", _STRICT),
        Operator("/", "a / b", ("number", "number"), "number", "quotient", _STRICT + ", and when b is zero"),
        Operator("negative", "-a", ("number",), "number", "the number with its sign turned", _STRICT),
        Operator("min", "min(a, b)", ("number",), "number", "least of two or more", _STRICT, variadic=True),
        Operator("max", "max(a, b)", ("number",), "number", "greatest of two or more", _STRICT, variadic=True),
        Operator("abs", "abs(a)", ("number",), "number", "size without sign", _STRICT),
        Operator(
            "clip",
            "clip(a, low, high)",
            ("number", "number", "number"),
            "number",
            "a, but not under low and not over high: min(max(a, low), high)",
            _STRICT,
        ),
        Operator("known", "known(a)", ("any",), "boolean", "the value is known", "never unknown"),
        Operator(
            "any of",
            "any(p for x in xs)",
            ("boolean",),
            "boolean",
            "p holds for at least one",
            "true if one is true, else unknown if one or the collection is unknown",
        ),
        Operator(
            "all of",
            "all(p for x in xs)",
            ("boolean",),
            "boolean",
            "p holds for each; true for none",
            "false if one is false, else unknown if one or the collection is unknown",
        ),
        Operator(
            "count of",
            "count(p for x in xs)",
            ("boolean",),
            "number",
            "for how many p holds",
            "unknown if one or the collection is unknown",
        ),
        Operator(
            "sum of",
            "sum(a for x in xs)",
            ("number",),
            "number",
            "sum, left to right; 0 for none",
            "unknown if one or the collection is unknown",
        ),
        Operator(
            "min of",
            "min(a for x in xs)",
            ("number",),
            "number",
            "least of all",
            "unknown if one or the collection is unknown, and for none",
        ),
        Operator(
            "max of",
            "max(a for x in xs)",
            ("number",),
            "number",
            "greatest of all",
            "unknown if one or the collection is unknown, and for none",
        ),
        Operator(
            "mean of",
            "mean(a for x in xs)",
            ("number",),
            "number",
            "sum divided by number",
            "unknown if one or the collection is unknown, and for none",
        ),
    )
}

COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")
FUNCTIONS = ("min", "max", "abs", "clip", "known")
QUANTIFIERS = {
    "any": "any of",
    "all": "all of",
    "count": "count of",
    "sum": "sum of",
    "min": "min of",
    "max": "max of",
    "mean": "mean of",
}
