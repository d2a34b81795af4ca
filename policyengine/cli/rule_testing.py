"""Run the examples and tests of packs, once or whenever a file changes."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click

from policyengine.cli.inputs import named_packs
from policyengine.cli.output import deliver, write_out
from policyengine.errors import Problems, render_problems
from policyengine.errors.exit_codes import FINDINGS, GOOD
from policyengine.report.paper import is_terminal
from policyengine.report.progress import with_progress
from policyengine.report.ruletest_report import junit, outcomes_data, outcomes_report, share_covered
from policyengine.ruletests.choosing import chosen_by
from policyengine.ruletests.coverage import Coverage
from policyengine.ruletests.outcome import Outcome
from policyengine.ruletests.suite import Suite, read_suites, run_suite

_LOOK_EVERY = 0.3
"""Seconds between two looks at the files."""


class Wanted(NamedTuple):
    """What the command line asks for."""

    packs: tuple[str, ...]
    chosen: str
    most_failures: int | None
    verbose: bool
    engines: Sequence[str]
    coverage: bool
    coverage_min: int | None
    form: str
    output: Path | None


def test_packs(wanted: Wanted) -> int:
    """Run everything once and write what came out; 1 if anything is wrong."""
    return _run(wanted)[0]


def watch_packs(wanted: Wanted) -> int:
    """Run again whenever a file changes, until interrupted."""
    suites: list[Suite] = []
    while True:
        if is_terminal(sys.stdout):
            click.clear()
        # Looked at before the run: what changes during it is not missed.
        before = _state(wanted, suites)
        _, suites = _run(wanted)
        before = _state(wanted, suites) | before
        click.echo("Watching for changes; Ctrl-C ends it.", err=True)
        while _state(wanted, suites) == before:
            time.sleep(_LOOK_EVERY)


def _state(wanted: Wanted, suites: Sequence[Suite]) -> dict[Path, tuple[int, int]]:
    """When each file of the packs was changed last, and how large it is; files that come and go count as well."""
    folders = [Path(name) for name in named_packs(wanted.packs)]
    files = {path for folder in folders if folder.is_dir() for path in folder.rglob("*.yaml")}
    files |= {path for suite in suites for path in suite.files}
    found = {}
    for path in files:
        try:
            status = path.stat()
        except OSError:
            continue
        found[path] = (status.st_mtime_ns, status.st_size)
    return found


def _run(wanted: Wanted) -> tuple[int, list[Suite]]:
    problems = Problems()
    suites = read_suites(named_packs(wanted.packs), problems)
    coverage = Coverage() if wanted.coverage or wanted.coverage_min is not None else None
    outcomes = _outcomes(suites, wanted, coverage)
    if problems.items:
        click.echo(render_problems(problems.items), err=True)
    if wanted.form == "junit":
        write_out(wanted.form, junit(outcomes, [str(problem) for problem in problems.items]), wanted.output)
    else:
        deliver(
            wanted.form,
            lambda: outcomes_data(outcomes, coverage),
            lambda: outcomes_report(outcomes, len(problems.items), coverage, verbose=wanted.verbose),
            wanted.output,
        )
    short = coverage is not None and share_covered(coverage) < (wanted.coverage_min or 0)
    if short and coverage is not None:
        click.echo(f"Coverage is {share_covered(coverage)} %, less than {wanted.coverage_min} %.", err=True)
    nothing = bool(wanted.chosen and suites and not outcomes)
    if nothing:
        click.echo(f"No example or test is chosen by -k {wanted.chosen!r}; -v shows the names.", err=True)
    wrong = problems.items or short or nothing or not all(outcome.passed for outcome in outcomes)
    return (FINDINGS if wrong else GOOD), suites


def _outcomes(suites: Sequence[Suite], wanted: Wanted, coverage: Coverage | None) -> list[Outcome]:
    outcomes: list[Outcome] = []
    failed, chosen = 0, chosen_by(wanted.chosen)
    for suite in with_progress(suites, "Testing", sys.stderr):
        for outcome in run_suite(suite, wanted.engines, chosen, coverage):
            outcomes.append(outcome)
            failed += not outcome.passed
            if failed and failed == wanted.most_failures:
                return outcomes
    return outcomes
