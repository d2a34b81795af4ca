"""Run the comparison of engines and write what it found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from policyengine.cli.inputs import rulebook_of
from policyengine.cli.output import deliver, write_out
from policyengine.errors import InputError, Problem
from policyengine.errors.exit_codes import FINDINGS, GOOD
from policyengine.report.progress import with_progress


def run(packs: Sequence[str], cases: int, seed: int, output: Path, form: str) -> int:
    """Compare, write; 1 if the engines disagree."""
    try:
        from policyengine.analysis.selftest import case_text, selftest
        from policyengine.report.selftest_report import selftest_data, selftest_report
    except ImportError as error:
        raise InputError([Problem("E304", str(error), "install the extra and run again")]) from error
    rulebook = rulebook_of(packs)
    steps = iter(with_progress(range(cases + 1), "Comparing", sys.stderr))
    found = selftest(rulebook, cases, seed, lambda: next(steps, None))
    file = ""
    if found.case is not None:
        write_out("json", case_text(found.case), output)
        file = str(output)
    about = (found, len(rulebook.rules), seed, file)
    deliver(form, lambda: selftest_data(*about), lambda: selftest_report(*about))
    return FINDINGS if found.differences else GOOD
