"""A result as JSON: byte for byte what `render_json` makes of its plain data, in a fraction of the time.

In a batch, texts and notes come again in every result: each is written once and remembered.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from json.encoder import encode_basestring
from math import isfinite
from operator import attrgetter
from typing import Any, Final

from policyengine.assess.result import ClaimNote, PackStamp, Result, RuleNote, SourceNote
from policyengine.report.data import visible_json

_REMEMBERED: Final = frozenset({ClaimNote, PackStamp, RuleNote, SourceNote})
_MOST: Final = 4_000
"""So many texts, notes and subjects are remembered before all are forgotten."""
_FEW: Final = 4
_WHOLE, _WORDS = {int}, {str}


class ResultWriter:
    """Writes results; keeps what it wrote of texts and notes."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._texts: dict[str, str] = {}
        self._notes: dict[tuple[int, int], tuple[Any, str]] = {}
        self._mappings: dict[tuple[Any, ...], str] = {}
        self._layouts: dict[tuple[type, int], tuple[Callable[[Any], Any], list[str], str]] = {}
        self._writers: Final[dict[type, Callable[[Any, int], str]]] = {
            str: self._text,
            int: lambda value, _: repr(value),
            bool: lambda value, _: "true" if value else "false",
            type(None): lambda _, __: "null",
            float: _number,
            tuple: self._list,
            list: self._list,
            dict: self._mapping,
        }

    def write(self, result: Result) -> str:
        """The text of a result, with a line break at the end."""
        return self._any(result, 0) + "\n"

    def _any(self, value: Any, depth: int) -> str:
        kind = type(value)
        writer = self._writers.get(kind)
        if writer is None:
            if not is_dataclass(kind):
                raise TypeError(f"a result cannot hold {kind.__name__}")
            writer = self._writers[kind] = self._note if kind in _REMEMBERED else self._part
        return writer(value, depth)

    def _text(self, value: str, _: int) -> str:
        found = self._texts.get(value)
        if found is None:
            if len(self._texts) > _MOST:
                self._texts.clear()
            found = self._texts[value] = visible_json(encode_basestring(value))
        return found

    def _list(self, values: Any, depth: int) -> str:
        if not values:
            return "[]"
        line = "\n" + "  " * (depth + 1)
        if type(values[0]) is int and set(map(type, values)) == _WHOLE:
            inner = f",{line}".join(map(repr, values))
        else:
            inner = f",{line}".join([self._value(value, depth + 1) for value in values])
        return f"[{line}{inner}{line[:-2]}]"

    def _mapping(self, values: dict[str, Any], depth: int) -> str:
        if not values:
            return "{}"
        if len(values) > _FEW or set(map(type, values.values())) != _WORDS:
            return self._entries(values, depth)
        # Subjects of rules: few words, which come again at many effects.
        key = depth, *values, *values.values()
        found = self._mappings.get(key)
        if found is None:
            if len(self._mappings) > _MOST:
                self._mappings.clear()
            found = self._mappings[key] = self._entries(values, depth)
        return found

    def _entries(self, values: dict[str, Any], depth: int) -> str:
        line = "\n" + "  " * (depth + 1)
        inner = f",{line}".join(
            [f"{self._text(key, 0)}: {self._value(value, depth + 1)}" for key, value in values.items()]
        )
        return f"{{{line}{inner}{line[:-2]}}}"

    def _value(self, value: Any, depth: int) -> str:
        """Texts and whole numbers, which most values are, the short way."""
        if type(value) is str:
            return self._texts.get(value) or self._text(value, 0)
        return repr(value) if type(value) is int else self._any(value, depth)

    def _part(self, value: Any, depth: int) -> str:
        layout = self._layouts.get((type(value), depth))
        if layout is None:
            layout = self._layouts[type(value), depth] = _layout(type(value), depth)
        values_of, heads, end = layout
        texts, inner = self._texts, depth + 1
        pieces: list[str] = []
        for head, each in zip(heads, values_of(value), strict=True):
            pieces.append(head)
            kind = type(each)
            if kind is str:
                pieces.append(texts.get(each) or self._text(each, 0))
            else:
                pieces.append(repr(each) if kind is int else self._any(each, inner))
        pieces.append(end)
        return "".join(pieces)

    def _note(self, value: Any, depth: int) -> str:
        # The note itself is kept as well, so that no other ever gets its number.
        _, found = self._notes.get((id(value), depth), (None, ""))
        if not found:
            if len(self._notes) > _MOST:
                self._notes.clear()
            found = self._part(value, depth)
            self._notes[id(value), depth] = value, found
        return found


def _layout(kind: type, depth: int) -> tuple[Callable[[Any], Any], list[str], str]:
    """How to get the values of a part, what stands before each, and what after the last."""
    names = [field.name for field in fields(kind)]
    line = "\n" + "  " * (depth + 1)
    heads = [f'{"{" if place == 0 else ","}{line}"{name}": ' for place, name in enumerate(names)]
    if len(names) == 1:
        return lambda value: (getattr(value, names[0]),), heads, f"{line[:-2]}}}"
    return attrgetter(*names), heads, f"{line[:-2]}}}"


def _number(value: float, _: int) -> str:
    if not isfinite(value):
        raise ValueError("JSON has no such number")
    return repr(value)
