"""The graph of rules and marks as a report, as data and for Graphviz."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from policyengine.errors.printable import printable
from policyengine.report.blocks import Block, Heading, Item, Items, Paragraph, Title, phrase, strong
from policyengine.report.words import count
from policyengine.rulebook.mark_graph import MarkGraph
from policyengine.rulebook.rule import Rule, mark_text


def graph_report(graph: MarkGraph, others: int) -> Iterator[Block]:
    """The rules stratum by stratum, each with the marks that it tests and sets; `others` is how many do neither."""
    yield Title("Rules that build on one another")
    for stratum, rules in groupby(sorted(graph.rules, key=lambda rule: rule.stratum), key=lambda rule: rule.stratum):
        yield Heading(f"Stratum {stratum}")
        yield Items(tuple(_rule(rule) for rule in rules))
    if others:
        what = "sets nor tests a mark; it stands" if others == 1 else "set nor test a mark; they stand"
        yield Paragraph(phrase(f"{count(others, 'rule')} neither {what} in stratum 0."))


def _rule(rule: Rule) -> Item:
    lines = [f"tests {mark_text(mark)}" for mark in sorted(rule.reads)]
    lines += [f"sets {mark_text(mark)}" for mark in sorted(rule.sets)]
    return Item(phrase(strong(rule.name)), tuple(Item(phrase(line)) for line in lines))


def graph_data(graph: MarkGraph) -> dict[str, Any]:
    """The graph as plain data; a mark is named with the pack that declares it."""
    return {
        "rules": [{"rule": rule.name, "stratum": rule.stratum} for rule in graph.rules],
        "marks": list(graph.marks),
        "sets": [{"rule": rule, "mark": mark} for rule, mark in graph.sets],
        "tests": [{"rule": rule, "mark": mark} for mark, rule in graph.tests],
    }


def graph_dot(graph: MarkGraph) -> str:
    """The graph in the language of Graphviz: rules as boxes, marks as ellipses."""
    lines = ["digraph rules {", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    lines += [f"  {_quoted(rule.name)} [shape=box];" for rule in graph.rules]
    lines += [f"  {_quoted(mark)} [shape=ellipse, label={_quoted(mark_text(mark))}];" for mark in graph.marks]
    lines += [f"  {_quoted(start)} -> {_quoted(end)};" for start, end in _edges(graph)]
    return "\n".join([*lines, "}", ""])


def _edges(graph: MarkGraph) -> Sequence[tuple[str, str]]:
    return [*graph.sets, *graph.tests]


def _quoted(text: str) -> str:
    return json.dumps(printable(text), ensure_ascii=False)
