"""Every mark that a rule sets is tested by another; marks on burdens are labels for the reader."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study


def check(study: Study) -> Iterator[Finding]:
    """Report marks on threats and jurisdictions that no rule tests."""
    read = {mark for rule in study.all_rules for mark in rule.reads}
    for rule in study.rules:
        for index, effect in enumerate(rule.effects):
            if effect.kind != "mark" or effect.target in read or effect.target.startswith("burden."):
                continue
            if study.reads_whole(rule.pack):
                message = f"no rule tests the mark '{effect.written}'"
                hint = f"test it with {effect.target.partition('@')[0]} in another rule, or take it out"
                yield Finding(rule.pack, rule.id, ("then", index, "mark"), "R105", message, hint)
