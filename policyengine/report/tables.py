"""A decision table as a whole: what its rows have in common, and each of them in short."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from policyengine.lang.show import show
from policyengine.report.blocks import Block, Facts, Heading, Item, Items, Paragraph, Title, code, phrase, quiet, strong
from policyengine.report.rules import effect_item, rule_data
from policyengine.report.words import count
from policyengine.rulebook.examples import examples_of, examples_of_table
from policyengine.rulebook.rule import Rule, Rulebook


def table_data(rulebook: Rulebook, rows: Sequence[Rule]) -> dict[str, Any]:
    """A table as plain data, each row as its rule."""
    first = rows[0]
    about = {"pack": first.pack, "table": first.table, "nature": first.nature, "why": first.why, "file": first.file}
    return {**about, "rows": [rule_data(rulebook, row) for row in rows]}


def table_report(rulebook: Rulebook, rows: Sequence[Rule]) -> Iterator[Block]:
    """A table: why, its rows with condition and effects, and its examples."""
    first = rows[0]
    yield Title(f"{first.pack}/{first.table}")
    yield Paragraph(phrase(first.why))
    yield Facts((("nature", phrase(first.nature)), ("file", phrase(first.file))))
    yield Heading(count(len(rows), "row"))
    yield Items(tuple(_row(rulebook, row) for row in rows))
    given = [("", each) for each in examples_of_table(first)]
    given += [(f"row {row.row} ", each) for row in rows for each in examples_of(row)]
    if given:
        yield Heading("Examples")
        told = ((f"{whose}{each.expected}", json.dumps(each.given, ensure_ascii=False)) for whose, each in given)
        yield Facts(tuple((label, (code(text),)) for label, text in told))


def _row(rulebook: Rulebook, row: Rule) -> Item:
    off = quiet(" (switched off)") if row in rulebook.off else ""
    parts = (Item(phrase("when ", code(show(row.when)))), *(effect_item(rulebook, effect) for effect in row.effects))
    return Item(phrase(strong(row.row or row.id), quiet(f" [{row.name}]"), off), parts)
