"""What is checked of a whole rulebook, one file for each check."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.rulebook.checks import examples_fit, points_bounded
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.rule import Rulebook

CHECKS = (points_bounded.check, examples_fit.check)


def check_rulebook(rulebook: Rulebook) -> Iterator[Finding]:
    """Everything that the checks find, rule by rule."""
    for check in CHECKS:
        yield from check(rulebook)
