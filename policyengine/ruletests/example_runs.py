"""Run the examples of a rule on every engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from typing import NamedTuple

from policyengine.engines.interface import make_engine
from policyengine.engines.reasons import marked_facts
from policyengine.errors import Span
from policyengine.rulebook.examples import (
    Example,
    Expected,
    alone,
    example_facts,
    examples_of,
    examples_of_table,
    outcome,
    outcome_of_table,
)
from policyengine.rulebook.facts import Facts
from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.ruletests.choosing import Chosen
from policyengine.ruletests.outcome import Miss, Outcome
from policyengine.ruletests.reasons import condition_lines
from policyengine.source import examine_document

MOST_EXPLAINED = 5
"""Of so many rows of a table the parts of the condition are shown."""
Watch = Callable[[Rule, Rulebook, Facts], None]
"""Told of every evaluation: the rule, the rulebook and the facts, marks included."""


def run_examples(
    rulebook: Rulebook, rule: Rule, engines: Sequence[str], chosen: Chosen, watch: Watch | None
) -> Iterator[Outcome]:
    """Run each example of a rule alone, so that marks of other rules are only what the example gives.

    Only those that are `chosen` by their id.
    """
    for run in _runs(rulebook, rule, _chosen(examples_of(rule), rule.name, chosen), engines, watch):
        misses = _misses("the rule", run.example, run.found, condition_lines(rule, run.single, run.facts))
        yield _outcome(rulebook, rule, rule.name, run.example, engines, misses)


def run_table_examples(
    rulebook: Rulebook, rows: Sequence[Rule], engines: Sequence[str], chosen: Chosen, watch: Watch | None
) -> Iterator[Outcome]:
    """Run the examples of a table as a whole, on each of its rows alone."""
    name = f"{rows[0].pack}/{rows[0].table}"
    examples = _chosen(examples_of_table(rows[0]), name, chosen)
    of_rows = [list(_runs(rulebook, row, examples, engines, watch)) for row in rows]
    for example, *runs in zip(examples, *of_rows, strict=True):
        found = {engine: outcome_of_table(run.found[engine] for run in runs) for engine in engines}
        misses = _misses("the table", example, found, _row_lines(rows, runs, example.expected))
        yield _outcome(rulebook, rows[0], name, example, engines, misses)


class _Run(NamedTuple):
    """What one rule did in one example: the answer of each engine, and the facts with their marks."""

    example: Example
    found: Mapping[str, Expected]
    single: Rulebook
    facts: Facts


def _runs(
    rulebook: Rulebook, rule: Rule, examples: Sequence[Example], engines: Sequence[str], watch: Watch | None
) -> Iterator[_Run]:
    if not examples:
        return
    single = alone(rulebook, rule)
    with ExitStack() as opened:
        made = {name: opened.enter_context(closing(make_engine(name, single).engine)) for name in engines}
        for example in examples:
            facts = example_facts(example.given, rulebook.schemas[rule.pack])
            tables = {name: engine.run(facts) for name, engine in made.items()}
            marked = marked_facts(single, facts, next(iter(tables.values())))
            if watch is not None:
                watch(single.rules[0], single, marked)
            yield _Run(example, {name: outcome(rule, table) for name, table in tables.items()}, single, marked)


def _chosen(examples: Sequence[Example], group: str, chosen: Chosen) -> list[Example]:
    return [each for each in examples if chosen(f"{group}::{_name(each)}")]


def _name(example: Example) -> str:
    return f"{example.expected}[{example.location[-1]}]"


def _outcome(
    rulebook: Rulebook, rule: Rule, group: str, example: Example, engines: Sequence[str], misses: Iterable[Miss]
) -> Outcome:
    found = tuple(misses)
    # Only a place that somebody has to look up is worth reading the file again.
    span = _span(rulebook, rule, example, read=bool(found))
    return Outcome("example", group, _name(example), span, tuple(engines), found)


def _misses(what: str, example: Example, found: Mapping[str, str], reasons: Iterable[str]) -> Iterator[Miss]:
    given = f"given: {json.dumps(example.given, ensure_ascii=False)}"
    if len(set(found.values())) > 1:
        told = ", ".join(f"{name}: {what}" for name, what in found.items())
        yield Miss("the engines disagree", "one answer", told, (given,))
    elif example.expected not in found.values():
        yield Miss(what, example.expected, next(iter(found.values())), (given, *reasons))


def _row_lines(rows: Sequence[Rule], runs: Sequence[_Run], expected: Expected) -> Iterator[str]:
    """What the rows did that could be the reason, the first of them with the parts of their conditions."""
    shown = 0
    for row, run in zip(rows, runs, strict=True):
        did = next(iter(run.found.values()))
        if did != expected:
            shown += 1
            yield f"  row {row.row}: {did}"
            lines = condition_lines(row, run.single, run.facts) if shown <= MOST_EXPLAINED else ()
            yield from (f"  {line}" for line in lines)


def _span(rulebook: Rulebook, rule: Rule, example: Example, *, read: bool) -> Span:
    path = rule_path(rulebook, rule)
    return examine_document(path).span(example.location) if read else Span.whole(str(path))


def rule_path(rulebook: Rulebook, rule: Rule) -> Path:
    """The file of a rule."""
    folder = next(pack.folder for pack in rulebook.packs if pack.id == rule.pack)
    return folder / rule.file.partition("/")[2]
