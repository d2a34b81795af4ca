"""What is checked of a whole rulebook, one file for each check.

`CHECKS` keep a pack from being used; `QUALITY` says what is most likely a mistake in a pack that can be used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from policyengine.rulebook.checks import (
    against_itself,
    always_holds,
    bare_thresholds,
    claims_carried,
    examples_fit,
    examples_given,
    marks_read,
    never_fires,
    parameters_used,
    points_bounded,
    redundant_parts,
    same_twice,
    table_rows,
    unreached,
    words_used,
)
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import QualityCheck, Study
from policyengine.rulebook.rule import Rulebook

Steps = Callable[[Sequence[QualityCheck]], Iterator[QualityCheck]]
"""Goes through the checks one by one, and may show how far they are."""
CHECKS = (points_bounded.check, examples_fit.check)
QUALITY: tuple[QualityCheck, ...] = (
    claims_carried.check,
    examples_given.check,
    bare_thresholds.check,
    parameters_used.check,
    marks_read.check,
    words_used.check,
    never_fires.check,
    always_holds.check,
    redundant_parts.check,
    same_twice.check,
    against_itself.check,
    unreached.check,
    table_rows.check_gaps,
    table_rows.check_overlaps,
)


def check_rulebook(rulebook: Rulebook) -> Iterator[Finding]:
    """Everything that the checks find, rule by rule."""
    for check in CHECKS:
        yield from check(rulebook)


def check_quality(study: Study, steps: Steps = iter) -> Iterator[Finding]:
    """What is most likely a mistake, check by check; `steps` may show how far they are."""
    for check in steps(QUALITY):
        yield from check(study)
