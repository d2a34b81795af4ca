"""Which name means what at a place in an expression."""

from __future__ import annotations

from collections.abc import Mapping

from policyengine.errors.near_names import near_or_list
from policyengine.lang.nodes import Node, name
from policyengine.lang.types import Collection, Record, Schema

Unresolved = tuple[int, str, str]
"""Which part of a name is wrong (0 is the root), the message and the hint."""

SPELT_OTHERWISE = {
    "true": "True", "yes": "True", "false": "False", "no": "False",
    "none": "not known(...)", "null": "not known(...)", "unknown": "not known(...)",
}  # fmt: skip
"""Words that stand for a truth elsewhere, and how they are written here."""


class Scope:
    """The names of a schema and the variables of the quantifiers around a place."""

    def __init__(self, schema: Schema, variables: Mapping[str, tuple[str, Record]] | None = None) -> None:
        self._schema = schema
        self._variables = dict(variables or {})

    @property
    def depth(self) -> int:
        """How many quantifiers stand around this place."""
        return len(self._variables)

    def has(self, root: str) -> bool:
        """Whether a name can begin with this word."""
        return root in self._schema or root in self._variables

    def within(self, variable: str, element: Record) -> tuple[Scope, str]:
        """The scope inside a quantifier, and the name under which engines hold its variable."""
        held = f"${self.depth}"
        return Scope(self._schema, {**self._variables, variable: (held, element)}), held

    def taken(self, variable: str) -> str:
        """Why a quantifier may not use this variable, or nothing."""
        if variable in self._schema:
            return "already names something else here"
        if variable in self._variables:
            return "is the variable of the quantifier around this one"
        return "may not begin with an underscore" if variable.startswith("_") else ""

    def collections(self) -> list[str]:
        """The names that a quantifier may go through."""
        names = [root for root, kind in self._schema.items() if isinstance(kind, Collection)]
        for root, kind in self._schema.items():
            if isinstance(kind, Record):
                names += [f"{root}.{path}" for path, field in kind.fields.items() if isinstance(field.type, Collection)]
        return names

    def resolve(self, words: list[str]) -> Node | Unresolved:
        """The node of a dotted name, or what is wrong with it."""
        root = words[0]
        if root in self._variables:
            held, kind = self._variables[root]
            return self._within_record((held,), kind, words, 1)
        if root not in self._schema:
            return 0, f"there is no '{root}' here", self._instead_of(root)
        kind_of_root = self._schema[root]
        if isinstance(kind_of_root, Record):
            return self._within_record((root,), kind_of_root, words, 1)
        return _below_collection(words, 1) if len(words) > 1 else name((root,), kind_of_root)

    def _instead_of(self, root: str) -> str:
        if root.lower() in SPELT_OTHERWISE:
            return f"write {SPELT_OTHERWISE[root.lower()]}"
        return near_or_list(root, [*self._schema, *self._variables])

    def _within_record(self, path: tuple[str, ...], record: Record, words: list[str], start: int) -> Node | Unresolved:
        if start == len(words):
            such = f", such as {'.'.join(words)}.{next(iter(record.fields))}" if record.fields else ""
            return start - 1, f"a whole {record.name} stands where one value is needed", f"name one of its fields{such}"
        for end in range(start + 1, len(words) + 1):
            dotted = ".".join(words[start:end])
            found = record.fields.get(dotted)
            if found is None:
                continue
            if isinstance(found.type, Record):
                return self._within_record((*path, found.key or dotted), found.type, words, end)
            if end == len(words):
                return name((*path, found.key or dotted), found.type)
            if isinstance(found.type, Collection):
                return _below_collection(words, end)
            return end, f"'{'.'.join(words[:end])}' is one value and has no '{words[end]}'", "take out what follows it"
        return _unknown_field(record, words, start)


def _below_collection(words: list[str], end: int) -> Unresolved:
    collection, field = ".".join(words[:end]), words[end]
    hint = f"go through it: any(x.{field} ... for x in {collection})"
    return end, f"'{collection}' is a collection and has no '{field}'", hint


def _unknown_field(record: Record, words: list[str], start: int) -> Unresolved:
    rest = words[start:]
    depth, among = 0, {path.split(".", 1)[0] for path in record.fields}
    while depth < len(rest) - 1 and rest[depth] in among:
        prefix = ".".join(rest[: depth + 1]) + "."
        below = {path[len(prefix) :].split(".", 1)[0] for path in record.fields if path.startswith(prefix)}
        if not below:
            break
        depth, among = depth + 1, below
    owner = ".".join(words[: start + depth])
    wrong = rest[depth]
    if wrong in among:
        hint = f"name one of them, such as {_first_below(record, rest)}"
        return start + depth, f"'{owner}.{wrong}' is a group of values", hint
    hint = near_or_list(wrong, among) or f"no {record.name} is declared"
    if "did you mean" not in hint:
        elsewhere = [path for path in record.fields if path.split(".")[-1] == wrong]
        hint = f"did you mean '{'.'.join(words[:start])}.{elsewhere[0]}'?" if elsewhere else hint
    return start + depth, f"'{owner}' has no '{wrong}'", hint


def _first_below(record: Record, rest: list[str]) -> str:
    prefix = ".".join(rest) + "."
    return next((path for path in record.fields if path.startswith(prefix)), "one of its fields")
