"""Check packs, and say what a code means."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from policyengine.cli.inputs import named_packs
from policyengine.cli.output import deliver, write_out
from policyengine.engines.reference import evaluate
from policyengine.errors import CODES, FINDINGS, GOOD, Problem, Problems, render_problems
from policyengine.errors.near_names import near_or_list
from policyengine.report.findings import count_line, findings_data, sarif
from policyengine.report.paper import write_text
from policyengine.report.progress import with_progress
from policyengine.rulebook.check_pages import explained
from policyengine.rulebook.examine import Examined, examine_apart
from policyengine.ruletests.reading import Reader


def check_packs(
    arguments: Sequence[str], form: str, select: str | None, ignore: str | None, output: Path | None
) -> int:
    """Check packs, write what is found, and give the exit code."""
    wanted, unwanted = _codes(select, "--select"), _codes(ignore, "--ignore")
    packs = named_packs(arguments)
    examined = examine_apart(packs, evaluate, lambda checks: with_progress(checks, "Checking", sys.stderr))
    problems = Problems()
    problems.extend(
        dict.fromkeys([*(problem for each in examined for problem in each.problems), *_of_tests(packs, examined)])
    )
    found = [problem for problem in problems.items if _asked(problem, wanted, unwanted)]
    if form == "text":
        rules = sum(len(each.rulebook.rules) for each in examined if each.rulebook)
        closing = count_line(found, rules)
        write_out("text", f"{render_problems(found)}\n\n{closing}\n" if found else f"{closing}\n", output)
    elif form == "sarif":
        deliver("json", lambda: sarif(found, Path.cwd()), list, output)
    else:
        deliver("json", lambda: findings_data(found), list, output)
    return FINDINGS if any(problem.severity != "note" for problem in found) else GOOD


def _of_tests(packs: Sequence[str], examined: Sequence[Examined]) -> Sequence[Problem]:
    """What is wrong with the tests of packs; those of packs that cannot be used are not judged."""
    problems = Problems()
    reader = Reader(problems)
    for each in examined:
        for pack in each.rulebook.packs if each.rulebook is not None and each.usable else ():
            if str(pack.folder) in packs or pack.id in packs:
                reader.read(pack.folder)
    return problems.items


def explain_code(code: str) -> None:
    """Write the page of a code."""
    code = code.strip().upper()
    if code not in CODES:
        raise click.UsageError(f"there is no code '{code}'; {near_or_list(code, CODES)}")
    write_text(sys.stdout, explained(code))


def _codes(given: str | None, option: str) -> tuple[str, ...]:
    """The codes, or beginnings of codes, of an option."""
    if given is None:
        return ()
    codes = tuple(part.strip().upper() for part in given.split(",") if part.strip())
    if not codes:
        raise click.UsageError(f"{option}: name a code, or the beginning of one, such as R or R201")
    for code in codes:
        if not any(known.startswith(code) for known in CODES):
            raise click.UsageError(f"{option}: no code begins with '{code}'; {near_or_list(code, CODES)}")
    return codes


def _asked(problem: Problem, wanted: tuple[str, ...], unwanted: tuple[str, ...]) -> bool:
    return (not wanted or problem.code.startswith(wanted)) and not (unwanted and problem.code.startswith(unwanted))
