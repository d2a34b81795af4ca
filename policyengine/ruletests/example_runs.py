"""Run the examples of a rule on every engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from policyengine.engines.interface import make_engine
from policyengine.engines.reasons import marked_facts
from policyengine.errors import Span
from policyengine.rulebook.examples import Example, alone, example_facts, examples_of, outcome
from policyengine.rulebook.facts import Facts
from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.ruletests.outcome import Miss, Outcome
from policyengine.ruletests.reasons import condition_lines
from policyengine.source import examine_document

Watch = Callable[[Rule, Rulebook, Facts], None]
"""Told of every evaluation: the rule, the rulebook and the facts, marks included."""


def run_examples(
    rulebook: Rulebook, rule: Rule, engines: Sequence[str], chosen: str, watch: Watch | None
) -> Iterator[Outcome]:
    """Run each example of a rule alone, so that marks of other rules are only what the example gives.

    Only those whose id holds the text `chosen`.
    """
    examples = [each for each in examples_of(rule) if chosen.lower() in f"{rule.name}::{_name(each)}".lower()]
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
            found = {name: outcome(rule, table) for name, table in tables.items()}
            yield Outcome(
                kind="example",
                group=rule.name,
                name=_name(example),
                # Only a place that somebody has to look up is worth reading the file again.
                span=_span(rulebook, rule, example, read=set(found.values()) != {example.expected}),
                engines=tuple(engines),
                misses=tuple(_misses(rule, example, found, single, marked)),
            )


def _name(example: Example) -> str:
    return f"{example.expected}[{example.location[-1]}]"


def _misses(rule: Rule, example: Example, found: Mapping[str, str], single: Rulebook, facts: Facts) -> Iterator[Miss]:
    given = json.dumps(example.given, ensure_ascii=False)
    if len(set(found.values())) > 1:
        told = ", ".join(f"{name}: {what}" for name, what in found.items())
        yield Miss("the engines disagree", "one answer", told, (f"given: {given}",))
    elif example.expected not in found.values():
        reasons = (f"given: {given}", *condition_lines(rule, single, facts))
        yield Miss("the rule", example.expected, next(iter(found.values())), reasons)


def _span(rulebook: Rulebook, rule: Rule, example: Example, *, read: bool) -> Span:
    path = rule_path(rulebook, rule)
    return examine_document(path).span(example.location) if read else Span.whole(str(path))


def rule_path(rulebook: Rulebook, rule: Rule) -> Path:
    """The file of a rule."""
    folder = next(pack.folder for pack in rulebook.packs if pack.id == rule.pack)
    return folder / rule.file.partition("/")[2]
