"""Examples must hold only what a scenario could hold."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.examples import check_example, examples_of, examples_of_table
from policyengine.rulebook.rule import Rulebook


def check(rulebook: Rulebook) -> Iterator[Finding]:
    """Refuse names, types and ranges in examples that the vocabulary does not have."""
    tables: set[tuple[str, str]] = set()
    for rule in rulebook.rules:
        given = examples_of(rule)
        if rule.table is not None and (rule.pack, rule.table) not in tables:
            tables.add((rule.pack, rule.table))
            given += examples_of_table(rule)
        for example in given:
            for code, message, hint, location in check_example(
                example.given, rulebook.schemas[rule.pack], example.location
            ):
                yield Finding(rule.pack, rule.id, location, code, message, hint)
