"""A condition that is never false says nothing of the case at hand."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.lang.show import show
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study


def check(study: Study) -> Iterator[Finding]:
    """Report rules whose condition is true wherever it can be judged."""
    for rule in study.rules:
        if rule.when.op != "literal" and study.prover.cannot((rule.when, False)):
            message = f"this rule always fires where its facts are known: '{show(rule.when)}' is never false"
            hint = "correct the limit or the word; if it is to fire always, write: when: 'True'"
            yield Finding(rule.pack, rule.id, ("when",), "R203", message, hint)
