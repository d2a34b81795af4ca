"""What an unquoted word means: the core schema of YAML 1.2, and the numbers of JSON.

`yes`, `no`, `on`, `off`, dates and `1_000` are text there, unlike in YAML 1.1.
"""

import math
import re
from collections.abc import Callable
from typing import Final, NamedTuple

from policyengine.errors import quoted
from policyengine.source.limits import MAX_INTEGER
from policyengine.source.nodes import Value


class Refused(NamedTuple):
    """Why a number is not taken: the fields of a problem without its place."""

    code: str
    message: str
    hint: str


NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})

_WORDS: Final[dict[str, Value | None]] = {
    **dict.fromkeys(NULLS),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_NUMBER_STARTS: Final = frozenset("+-.0123456789")
_NUMBER: Final = re.compile(
    r"(?P<whole>[-+]?[0-9]+)"
    r"|(?P<octal>0o[0-7]+)"
    r"|(?P<hexadecimal>0x[0-9a-fA-F]+)"
    r"|(?P<decimal>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<infinite>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_MAX_DIGITS: Final = len(str(MAX_INTEGER))


def is_not_a_word(word: str) -> bool:
    """Whether an unquoted YAML word might mean something else than its text; it must not be empty."""
    return word in _WORDS or word[0] in _NUMBER_STARTS


def resolve(word: str) -> Value | Refused | None:
    """Give the meaning of an unquoted YAML word: a boolean, a number, text, or None for null."""
    if word in _WORDS:
        return _WORDS[word]
    if word[0] not in _NUMBER_STARTS:
        return word
    found = _NUMBER.fullmatch(word)
    return word if found is None else _CONVERSIONS[str(found.lastgroup)](word)


def whole(word: str) -> int | Refused:
    """Read decimal digits with or without a sign."""
    digits = word.lstrip("+-").lstrip("0")
    # The length comes first: Python does not convert thousands of digits, leading zeros counted.
    if len(digits) > _MAX_DIGITS:
        return _too_large(word)
    return _bounded(word, int(digits or "0") * (-1 if word[0] == "-" else 1))


def decimal(word: str) -> float | Refused:
    """Read a number with a decimal point or an exponent."""
    number = float(word)
    return number if math.isfinite(number) else _too_large(word)


def not_finite(word: str) -> Refused:
    """Refuse NaN and the infinities: no sum or comparison with them means anything."""
    return Refused("S026", f"{quoted(word)} is not an ordinary number", "Leave the field out when it is not known.")


def _bounded(word: str, number: int) -> int | Refused:
    return number if abs(number) <= MAX_INTEGER else _too_large(word)


def _too_large(word: str) -> Refused:
    hint = "Use a coarser unit; put it in quotes if it is an identifier rather than a number."
    return Refused("S027", f"The number {quoted(word, 30)} is too large", hint)


_CONVERSIONS: Final[dict[str, Callable[[str], Value | Refused]]] = {
    "whole": whole,
    "octal": lambda word: _bounded(word, int(word, 0)),
    "hexadecimal": lambda word: _bounded(word, int(word, 0)),
    "decimal": decimal,
    "infinite": not_finite,
}
