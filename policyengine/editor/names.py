"""What a dotted name in a condition means, and what may follow it, also while the condition is not whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from policyengine.domain.fields import Model
from policyengine.domain.jurisdiction import Jurisdiction
from policyengine.domain.threat import Threat
from policyengine.domain.tie import Tie
from policyengine.lang.types import (
    Boolean,
    Collection,
    Field,
    Number,
    Record,
    Schema,
    Type,
    Word,
    Words,
    describe,
)
from policyengine.rulebook.file_schema import field_sentences

Found = Field | Record | Collection

NAME = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*\.?")
_VARIABLE = re.compile(r"\bfor\s+([A-Za-z_]\w*)\s+in\s+([A-Za-z_][\w.]*)")
_MODELS: dict[str, type[Model]] = {"threat": Threat, "jurisdiction": Jurisdiction, "tie": Tie}


def find(schema: Schema, name: str, expression: str = "") -> Found | None:
    """What a dotted name stands for; variables of quantifiers are looked for in the whole expression."""
    words = name.split(".")
    here: Found | None = _root(schema, words[0], expression)
    rest = words[1:]
    while rest:
        record = _record(here)
        if record is None:
            return None
        for end in range(len(rest), 0, -1):
            if ".".join(rest[:end]) in record.fields:
                here, rest = record.fields[".".join(rest[:end])], rest[end:]
                break
        else:
            return None
    return here


def _root(schema: Schema, root: str, expression: str) -> Found | None:
    if root in schema:
        return schema[root]
    for variable, collection in _VARIABLE.findall(expression):
        if variable == root and collection != root and not collection.startswith(f"{root}."):
            found = find(schema, collection)
            kind = found.type if isinstance(found, Field) else found
            return kind.element if isinstance(kind, Collection) else None
    return None


def _record(found: Found | None) -> Record | None:
    kind = found.type if isinstance(found, Field) else found
    return kind if isinstance(kind, Record) else None


def below(schema: Schema, name: str, expression: str = "") -> dict[str, Field | None]:
    """What may follow a name and a dot; None for a group of values such as `capacities`."""
    words = name.split(".")
    for end in range(len(words), 0, -1):
        record = _record(find(schema, ".".join(words[:end]), expression))
        if record is not None:
            prefix = "".join(f"{word}." for word in words[end:])
            return dict(_next(record, prefix))
    return {}


def _next(record: Record, prefix: str) -> Iterator[tuple[str, Field | None]]:
    for path, field in record.fields.items():
        if path.startswith(prefix):
            head, dot, _ = path.removeprefix(prefix).partition(".")
            yield head, None if dot else field


def variables(expression: str) -> list[str]:
    """The variables of the quantifiers in an expression."""
    return [name for name, _ in _VARIABLE.findall(expression)]


def collections(schema: Schema) -> list[str]:
    """The names that a quantifier may go through."""
    return [root for root, kind in schema.items() if isinstance(kind, Collection)] + [
        f"{root}.{path}"
        for root, kind in schema.items()
        if isinstance(kind, Record)
        for path, field in kind.fields.items()
        if isinstance(field.type, Collection)
    ]


def type_text(kind: Type) -> str:
    """A type in words, with its range and unit or its words."""
    match kind:
        case Number(low=low, high=high, unit=unit):
            return f"a number from {low:g} to {high:g}" + (f" ({unit})" if unit else "")
        case Word(options=options) | Words(options=options) if options:
            return f"{describe(kind)}: {', '.join(sorted(options)[:30])}"
        case Boolean() | Word() | Words() | Record() | Collection():
            return describe(kind)


@cache
def _sentences(record: str) -> dict[str, str]:
    return field_sentences(_MODELS[record]) if record in _MODELS else {}


def meaning(schema: Schema, name: str, found: Field, expression: str = "") -> str:
    """The sentence on a field: that of its declaration, or else of the model that it belongs to."""
    owner, _, last = name.rpartition(".")
    record = _record(find(schema, owner, expression)) if owner else None
    return found.means or (_sentences(record.name).get(last, "") if record is not None else "")
