"""Run the comparison of engines and write what it found."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from policyengine.cli.inputs import rulebook_of
from policyengine.cli.output import CannotWriteError, deliver, write_out
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
    # Closed before anything is written: the bar of a run that ended early would take a line of the report with it.
    with closing(with_progress(range(seed, seed + cases), "Comparing", sys.stderr)) as seeds:
        found = selftest(rulebook, seeds)
    file, failure = None, None
    if found.case is not None:
        try:
            write_out("json", case_text(found.case), output)
            file = str(output)
        except CannotWriteError as error:
            failure = error
    about = (found, rulebook, seed, file)
    deliver(form, lambda: selftest_data(*about), lambda: selftest_report(*about))
    if failure is not None:
        raise failure
    return FINDINGS if found.differences else GOOD
