"""What is checked of a whole rulebook, one file for each check.

`CHECKS` keep a pack from being used; `QUALITY` says what is most likely a mistake in a pack that can be used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from policyengine.rulebook.checks import examples_fit, points_bounded
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.rule import Rulebook

CHECKS = (points_bounded.check, examples_fit.check)
QUALITY: tuple[Callable[[Rulebook], Iterator[Finding]], ...] = ()


def check_rulebook(rulebook: Rulebook) -> Iterator[Finding]:
    """Everything that the checks find, rule by rule."""
    for check in CHECKS:
        yield from check(rulebook)


def check_quality(rulebook: Rulebook) -> Iterator[Finding]:
    """What is most likely a mistake, check by check."""
    for check in QUALITY:
        yield from check(rulebook)
