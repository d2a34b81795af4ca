"""Random schemas, expressions and facts, made by type: vocabulary first, then expressions over its names, then facts.

`schemas()` draws the names that exist, `expressions(schema, kind)` text of the language over them that the checker
accepts, `facts(schema)` what the names stand for, each perhaps unknown. `cases(kind)` draws all three together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isinf
from typing import Any, NamedTuple

from hypothesis import strategies as st

from policyengine.lang.types import (
    BOOLEAN,
    Boolean,
    Collection,
    Field,
    Number,
    Record,
    Schema,
    Type,
    Word,
    Words,
)

RANGES = (Number(0, 1), Number(-3, 5), Number(0, 0), Number(-1e300, 1e300), Number(1e-9, 1e-3), Number())
LISTS = {"hue": frozenset({"red", "green", "blue"}), "kind": frozenset({"alpha", "beta"})}
NUMBERS = (0.0, 1.0, 0.5, 1 / 3, 0.1, 2.0, 1e-7, 5e-324, 1e300, 123456.0)
VARIABLES = ("p", "q")
MOST_DEPTH = 3

_LOW = {"or": 1, "and": 2, "not": 3, "compare": 4, "sum": 5, "product": 6, "sign": 7, "atom": 9}
"""How strongly each form holds its parts together."""


class Text(NamedTuple):
    """A piece of the language, and how strongly its outermost operator binds."""

    text: str
    binds: str = "atom"


class Case(NamedTuple):
    """Names, text over them, and what the names stand for."""

    schema: Schema
    expression: str
    bindings: dict[str, Any]


def words() -> st.SearchStrategy[str]:
    """Any text that may stand in quotes."""
    return st.text(st.characters(exclude_categories=["Cs"]), max_size=6)


@st.composite
def records(draw: st.DrawFn, name: str) -> Record:
    """A record with a few fields of every simple type, some in groups, some held under another key."""
    kinds: list[Type] = [
        *draw(st.lists(st.sampled_from(RANGES), min_size=1, max_size=3)),
        BOOLEAN,
        *(Word(domain, options) for domain, options in LISTS.items()),
        Word("id"),
        Words("hue", LISTS["hue"]),
    ]
    fields = {}
    for number, kind in enumerate(draw(st.permutations(kinds))[: draw(st.integers(1, len(kinds)))]):
        path = draw(st.sampled_from(["", "group.", "group.inner."])) + f"f{number}"
        fields[path] = Field(kind, key=draw(st.sampled_from(["", f"{path}@pack"])))
    return Record(name, fields)


@st.composite
def schemas(draw: st.DrawFn) -> Schema:
    """The roots `thing` (with a hop and a collection), `place`, `things` and `parts`."""
    part, place = draw(records("part")), draw(records("place"))
    thing = draw(records("thing"))
    whole = Record("thing", {**thing.fields, "peer": Field(place), "parts": Field(Collection(part))})
    return {"thing": whole, "place": place, "things": Collection(whole), "parts": Collection(part)}


def expressions(schema: Schema, kind: type[Boolean | Number], depth: int = MOST_DEPTH) -> st.SearchStrategy[str]:
    """Text that the checker accepts as a condition or as a number."""

    @st.composite
    def written(draw: st.DrawFn) -> str:
        writer = Writer(draw, schema)
        return (writer.condition(depth) if kind is Boolean else writer.number(depth)).text

    return written()


@dataclass
class Writer:
    """Writes expressions over the names of a schema; `draw` makes every choice."""

    draw: st.DrawFn
    schema: Schema
    variables: Mapping[str, Record] | None = None

    def condition(self, depth: int) -> Text:
        """A condition with at most `depth` operators above one another."""
        forms = [self._comparison, self._truth, self._words, self._held, self._listed, self._known]
        if depth > 0:
            forms += [self._joined, self._joined, self._denied, self._chain, self._truths]
            forms += [self._some] if self._may_nest() else []
        return self.draw(st.sampled_from(forms))(depth)

    def number(self, depth: int) -> Text:
        """A number with at most `depth` operators above one another."""
        forms = [self._named_number, self._fixed_number]
        if depth > 0:
            forms += [self._reckoned, self._reckoned, self._turned, self._function, self._function]
            forms += [self._total] if self._may_nest() else []
        return self.draw(st.sampled_from(forms))(depth)

    def names(self, kind: type) -> list[tuple[str, Type]]:
        """Every name of a type, with the type."""
        roots = {**self.schema, **(self.variables or {})}
        found: list[tuple[str, Type]] = [(root, each) for root, each in roots.items() if isinstance(each, Collection)]
        for root, record in roots.items():
            found += _below(root, record) if isinstance(record, Record) else []
        return [(name, each) for name, each in found if isinstance(each, kind)]

    def _within(self, part: Text, least: str) -> str:
        """A part in brackets where it needs them, and now and then where it does not."""
        needed = _LOW[part.binds] < _LOW[least]
        text = f"({part.text})" if needed or self._rarely() else part.text
        return f"{text} # why\n" if self._rarely() and self._rarely() else text

    def _rarely(self) -> bool:
        return self.draw(st.integers(0, 6)) == 6

    def _one(self, names: list[tuple[str, Type]]) -> tuple[str, Type] | None:
        return self.draw(st.sampled_from(names)) if names else None

    def _joined(self, depth: int) -> Text:
        word = self.draw(st.sampled_from(["and", "or"]))
        parts = [self.condition(depth - 1) for _ in range(self.draw(st.integers(2, 3)))]
        binding = {"and": "not", "or": "and"}[word]
        return Text(f" {word} ".join(self._within(part, binding) for part in parts), word)

    def _denied(self, depth: int) -> Text:
        return Text(f"not {self._within(self.condition(depth - 1), 'not')}", "not")

    def _comparison(self, depth: int) -> Text:
        op = self.draw(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
        left, right = (self._within(self.number(depth - 1), "sum") for _ in range(2))
        return Text(f"{left} {op} {right}", "compare")

    def _chain(self, depth: int) -> Text:
        ops = self.draw(st.lists(st.sampled_from(["<", "<=", ">", "=="]), min_size=2, max_size=3))
        parts = [self._within(self.number(depth - 1), "sum") for _ in range(len(ops) + 1)]
        return Text(parts[0] + "".join(f" {op} {part}" for op, part in zip(ops, parts[1:], strict=True)), "compare")

    def _truths(self, depth: int) -> Text:
        left, right = (self._within(self.condition(depth - 1), "sum") for _ in range(2))
        return Text(f"{left} {self.draw(st.sampled_from(['==', '!=']))} {right}", "compare")

    def _truth(self, _depth: int) -> Text:
        found = self._one([*self.names(Boolean), ("True", BOOLEAN), ("False", BOOLEAN)])
        return Text(found[0] if found else "True")

    def _words(self, _depth: int) -> Text:
        found = self._one(self.names(Word))
        if found is None:
            return Text("True")
        name, kind = found
        alike = [other for other, each in self.names(Word) if each == kind]
        right = self.draw(st.sampled_from(alike)) if self._rarely() else self._word(kind)
        sides = [name, right][:: self.draw(st.sampled_from([1, -1]))]
        return Text(f" {self.draw(st.sampled_from(['==', '!=']))} ".join(sides), "compare")

    def _word(self, kind: Type) -> str:
        options = kind.options if isinstance(kind, Word | Words) else None
        word = self.draw(st.sampled_from(sorted(options)) if options else words())
        escaped = "".join(
            f"\\{each}" if each in "\\\"'" else each if each.isprintable() else f"\\U{ord(each):08x}" for each in word
        )
        quote = self.draw(st.sampled_from("\"'"))
        return f"{quote}{escaped}{quote}"

    def _held(self, _depth: int) -> Text:
        found = self._one(self.names(Words))
        if found is None:
            return Text("False")
        return Text(f"{self._word(found[1])} {self.draw(st.sampled_from(['in', 'not in']))} {found[0]}", "compare")

    def _listed(self, depth: int) -> Text:
        found = self._one(self.names(Word))
        if found is None or self.draw(st.booleans()):
            left = self._within(self.number(depth - 1), "sum")
            values = [self._fixed_number(0).text for _ in range(self.draw(st.integers(1, 3)))]
        else:
            left = found[0]
            values = [self._word(found[1]) for _ in range(self.draw(st.integers(1, 3)))]
        return Text(f"{left} {self.draw(st.sampled_from(['in', 'not in']))} ({', '.join(values)},)", "compare")

    def _known(self, depth: int) -> Text:
        forms = [self._truth, self._named_number, self.number if depth > 0 else self._truth]
        name = self._one(self.names(Word) + self.names(Words) + self.names(Collection))
        if name and self.draw(st.booleans()):
            return Text(f"known({name[0]})")
        return Text(f"known({self.draw(st.sampled_from(forms))(depth - 1).text})")

    def _named_number(self, depth: int) -> Text:
        found = self._one(self.names(Number))
        return Text(found[0]) if found else self._fixed_number(depth)

    def _fixed_number(self, _depth: int) -> Text:
        value = self.draw(st.sampled_from(NUMBERS))
        text = self.draw(st.sampled_from([repr(value), f"{value:g}"]))
        return Text(f"-{text}", "sign") if self._rarely() else Text(text)

    def _reckoned(self, depth: int) -> Text:
        op = self.draw(st.sampled_from("+-*/"))
        own, next_ = ("sum", "product") if op in "+-" else ("product", "sign")
        left, right = self.number(depth - 1), self.number(depth - 1)
        return Text(f"{self._within(left, own)} {op} {self._within(right, next_)}", own)

    def _turned(self, depth: int) -> Text:
        return Text(f"{self.draw(st.sampled_from('-+'))}{self._within(self.number(depth - 1), 'sign')}", "sign")

    def _function(self, depth: int) -> Text:
        name, count = self.draw(st.sampled_from([("min", 2), ("max", 2), ("min", 3), ("abs", 1), ("clip", 3)]))
        return Text(f"{name}({', '.join(self.number(depth - 1).text for _ in range(count))})")

    def _may_nest(self) -> bool:
        return len(self.variables or {}) < len(VARIABLES)

    def _some(self, depth: int) -> Text:
        return self._quantified(self.draw(st.sampled_from(["any", "all"])), Boolean, depth)

    def _total(self, depth: int) -> Text:
        word = self.draw(st.sampled_from(["count", "sum", "min", "max", "mean"]))
        return self._quantified(word, Boolean if word == "count" else Number, depth)

    def _quantified(self, word: str, kind: type[Boolean | Number], depth: int) -> Text:
        name, collection = self.draw(st.sampled_from(self.names(Collection)))
        assert isinstance(collection, Collection)
        variable = VARIABLES[len(self.variables or {})]
        inner = Writer(self.draw, self.schema, {**(self.variables or {}), variable: collection.element})
        body = inner.condition(depth - 1) if kind is Boolean else inner.number(depth - 1)
        tests = [inner.condition(depth - 2) for _ in range(self.draw(st.sampled_from([0, 0, 1, 1, 2])))]
        kept = "".join(f" if {inner._within(test, 'or')}" for test in tests)
        return Text(f"{word}({inner._within(body, 'or')} for {variable} in {name}{kept})")


def _below(base: str, record: Record) -> list[tuple[str, Type]]:
    found: list[tuple[str, Type]] = []
    for path, field in record.fields.items():
        name = f"{base}.{path}"
        found += _below(name, field.type) if isinstance(field.type, Record) else [(name, field.type)]
    return found


@st.composite
def facts(draw: st.DrawFn, schema: Schema) -> dict[str, Any]:
    """What the roots of a schema stand for; each value may be missing, which makes it unknown."""
    return {root: value for root, kind in schema.items() if (value := draw(_values(kind))) is not None}


@st.composite
def _values(draw: st.DrawFn, kind: Type) -> Any:
    """A value of a type, or None where it is to be unknown."""
    if draw(st.integers(0, 4)) == 4:
        return None
    value: Any
    match kind:
        case Number():
            value = draw(_numbers(kind))
        case Boolean():
            value = draw(st.booleans())
        case Word():
            value = draw(st.sampled_from(sorted(kind.options)) if kind.options else words())
        case Words():
            value = draw(st.frozensets(st.sampled_from(sorted(kind.options or ()))))
        case Record():
            held = {field.key or path: draw(_values(field.type)) for path, field in kind.fields.items()}
            value = {key: each for key, each in held.items() if each is not None}
        case Collection():
            value = [draw(_values(kind.element)) or {} for _ in range(draw(st.integers(0, 3)))]
    return value


def _numbers(kind: Number) -> st.SearchStrategy[float]:
    low = -1e308 if isinf(kind.low) else float(kind.low)
    high = 1e308 if isinf(kind.high) else float(kind.high)
    ends = [each for each in (low, high, 0.0, 0.5, 1.0) if low <= each <= high]
    return st.sampled_from(ends) | st.floats(low, high)


@st.composite
def cases(draw: st.DrawFn, kind: type[Boolean | Number]) -> Case:
    """Names, an expression over them, and facts."""
    schema = draw(schemas())
    return Case(schema, draw(expressions(schema, kind)), draw(facts(schema)))
