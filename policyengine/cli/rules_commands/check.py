"""`policyengine rules check`: everything wrong or doubtful in packs."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_argument


@click.command(
    "check",
    cls=Documented,
    short_help="Find what is wrong or doubtful in rules.",
    examples=(
        "policyengine rules check",
        "policyengine rules check {pack} --format sarif --output findings.sarif",
        "policyengine rules check {pack} --ignore P4,C202",
        "policyengine rules check --explain P302",
    ),
    notes="The exit code is 1 if there is an error or a warning, 0 if there is nothing or only notes.",
)
@packs_argument
@format_option("text", "json", "sarif")
@click.option("--select", metavar="CODES", help="Report only these codes, or those that begin so: R, R2, P302.")
@click.option("--ignore", metavar="CODES", help="Leave these codes out, or those that begin so.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write to this file, whole or not at all, instead of the screen.")  # fmt: skip
@click.option("--explain", metavar="CODE", help="Explain what a code means and what to do, and end.")
def check(
    packs: tuple[str, ...], form: str, select: str | None, ignore: str | None, output: Path | None, explain: str | None
) -> int:
    """Find all mistakes, and what is most likely one, in all rules of packs at once.

    Each finding has a code, a place and a hint. Without PACK or DIR, the packs of the current folder are
    checked, else those that are shipped.
    """
    from policyengine.cli.checking import check_packs, explain_code

    if explain is not None:
        explain_code(explain)
        return 0
    return check_packs(packs, form, select, ignore, output)
