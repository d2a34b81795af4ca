"""The types of the condition language.

Every name in a condition has one of these types; a record says which names it has. The language
knows nothing of threats or jurisdictions: whoever uses it hands over a `Schema`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number between `low` and `high` (both included), in `unit` ("" for a share); perhaps only whole."""

    low: float = -inf
    high: float = inf
    unit: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a closed list; `options` is None for an open list such as ids."""

    domain: str
    options: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """A set of words of one list."""

    domain: str
    options: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A named value of a record: its type, its definition, and where the definition comes from.

    `key` is the name under which facts hold the value, where it differs from the name in conditions
    (parameters and marks are held with the pack that defines them).
    """

    type: Type
    means: str = ""
    source: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A kind of thing with fields, named by dotted path (`capacities.policing`)."""

    name: str
    fields: Mapping[str, Field] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Collection:
    """Many records of one kind, for quantifiers."""

    element: Record


Type = Number | Boolean | Word | Words | Record | Collection
Schema = Mapping[str, Record | Collection]
"""The roots that a condition may name: `threat`, `ties` and so on."""

NUMBER = Number()
BOOLEAN = Boolean()


def article(word: str) -> str:
    """`a` or `an`, as the word that follows needs it."""
    return "an" if word[:1] in "aeiou" else "a"


def describe(kind: Type) -> str:  # noqa: PLR0911 - one line for each type
    """Say in plain words what a type is, for messages."""
    match kind:
        case Number():
            return "a number"
        case Boolean():
            return "true or false"
        case Word(domain="text"):
            return "text in quotes"
        case Word():
            return f"a word ({kind.domain})"
        case Words():
            return f"a set of words ({kind.domain})"
        case Record():
            return f"a whole {kind.name}"
        case Collection():
            return f"a collection (of {kind.element.name} records)"
