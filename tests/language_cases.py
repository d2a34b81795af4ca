"""The cases of the language as a table: `data/language.csv`, and the names that its expressions may use."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any, NamedTuple

from policyengine.lang.types import BOOLEAN, Boolean, Collection, Field, Number, Record, Schema, Word, Words

FILE = Path(__file__).parent / "data" / "language.csv"
KINDS = frozenset({"alpha", "beta", "gamma"})
COLOURS = frozenset({"red", "green", "blue"})

_plain = {
    "n": Field(Number(0, 1)),
    "m": Field(Number(-1e16, 1e16)),
    "flag": Field(BOOLEAN),
    "quiet": Field(BOOLEAN),
    "kind": Field(Word("kind", KINDS)),
    "other": Field(Word("kind", KINDS)),
    "id": Field(Word("id")),
    "hue": Field(Word("colour", COLOURS)),
    "tags": Field(Words("colour", COLOURS)),
    "size.depth": Field(Number(0, 10)),
    "size.width": Field(Number(0, 10)),
}
_part = Record("part", _plain)
_thing = Record("thing", {**_plain, "peer": Field(_part), "parts": Field(Collection(_part))})

SCHEMA: Schema = {
    "thing": _thing,
    "param": Record("parameter", {"high": Field(Number(0, 1), key="high@p")}),
    "things": Collection(_thing),
    "parts": Collection(_part),
}


class Case(NamedTuple):
    """One row: what it shows, the expression, what the names stand for, and its value (None for unknown)."""

    shows: str
    expression: str
    bindings: dict[str, Any]
    value: bool | float | None

    @property
    def wanted(self) -> type[Boolean | Number]:
        """What the expression is checked as; an unknown one is a condition if it can be."""
        return Number if isinstance(self.value, float) else Boolean


def cases() -> list[Case]:
    """Every row of the table."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [
            Case(row["case"], row["expression"], _facts(json.loads(row["bindings"])), _value(row["expected"]))
            for row in csv.DictReader(file)
        ]


def _value(text: str) -> bool | float | None:
    words = {"true": True, "false": False, "unknown": None}
    return words[text] if text in words else float(text)


def _facts(value: Any) -> Any:
    """Plain data as engines hold it: numbers are floats, lists of words are sets."""
    if isinstance(value, dict):
        return {name: frozenset(each) if name == "tags" else _facts(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_facts(each) for each in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
