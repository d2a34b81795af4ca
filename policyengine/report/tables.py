"""A decision table as a whole: what its rows have in common, and each of them in short."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policyengine.analysis.occurrences import Occurrence
from policyengine.lang.show import show
from policyengine.report.blocks import Block, Facts, Heading, Item, Items, Paragraph, Title, code, phrase, quiet, strong
from policyengine.report.rules import effect_item, parameters_and_claims, rule_data, where_it_fires
from policyengine.report.words import count
from policyengine.rulebook.examples import examples_of, examples_of_table
from policyengine.rulebook.rule import Rule, Rulebook

Does = Mapping[str, Sequence[Occurrence]]
"""What each row does in scenarios, by its name."""


def table_data(rulebook: Rulebook, rows: Sequence[Rule], does: Does) -> dict[str, Any]:
    """A table as plain data, each row as its rule."""
    first = rows[0]
    about = {"pack": first.pack, "table": first.table, "nature": first.nature, "why": first.why, "file": first.file}
    return {**about, "rows": [rule_data(rulebook, row, does.get(row.name, ())) for row in rows]}


def table_report(rulebook: Rulebook, rows: Sequence[Rule], does: Does) -> Iterator[Block]:
    """A table: why, its rows with condition and effects, with what, on which claims, its examples, where it fires."""
    first = rows[0]
    yield Title(f"{first.pack}/{first.table}")
    yield Paragraph(phrase(first.why))
    yield Facts((("nature", phrase(first.nature)), ("file", phrase(first.file))))
    yield Heading(count(len(rows), "row"))
    yield Items(tuple(_row(rulebook, row) for row in rows))
    yield from parameters_and_claims(rulebook, rows)
    given = [("", each) for each in examples_of_table(first)]
    given += [(f"row {row.row} ", each) for row in rows for each in examples_of(row)]
    if given:
        yield Heading("Examples")
        told = ((f"{whose}{each.expected}", json.dumps(each.given, ensure_ascii=False)) for whose, each in given)
        yield Facts(tuple((label, (code(text),)) for label, text in told))
    if any(does.values()):
        yield Heading("Where it fires")
        yield Items(tuple(_where(row, does[row.name]) for row in rows if row.name in does))


def _where(row: Rule, found: Sequence[Occurrence]) -> Item:
    items, silent = where_it_fires(found)
    return Item(phrase(strong(row.row or row.id), "" if items else f": {silent}"), items)


def _row(rulebook: Rulebook, row: Rule) -> Item:
    off = quiet(" (switched off)") if row in rulebook.off else ""
    parts = (Item(phrase("when ", code(show(row.when)))), *(effect_item(rulebook, effect) for effect in row.effects))
    return Item(phrase(strong(row.row or row.id), quiet(f" [{row.name}]"), off), parts)
