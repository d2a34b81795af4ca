"""A condition that is never false says nothing of the case at hand."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.reasoning.ranges import said_ranges


def check(study: Study) -> Iterator[Finding]:
    """Report rules whose condition is true wherever it can be judged."""
    for rule in study.rules:
        if rule.when.op != "literal" and study.prover.cannot((rule.when, False)):
            message = (
                f"this rule always fires where its facts are known: '{study.written(rule, rule.when)}' is never false"
            )
            known = said_ranges([rule.when], study.ranges)
            hint = f"correct the limit or the word{known}; if it is to fire always, write: when: 'True'"
            yield Finding(rule.pack, rule.id, ("when",), "R203", message, hint, part=rule.when)
