"""`policyengine selftest`: whether all engines agree on somebody's own rules."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_option


@click.command(
    cls=Documented,
    short_help="Compare all engines on your rules, at random.",
    examples=("policyengine selftest --cases 5", "policyengine selftest --pack competence --cases 5 --seed 7"),
)
@packs_option
@click.option("--cases", type=click.IntRange(1, 1_000_000), default=100, show_default=True, help="How many to compare.")
@click.option("--seed", type=click.IntRange(0, 2**40), default=0, show_default=True, help="The seed of the first case.")
@click.option(
    "--output", type=click.Path(path_type=Path), default=Path("selftest-disagreement.json"), show_default=True,
    metavar="FILE", help="Where to write the first case on which they disagree.",
)  # fmt: skip
@format_option("text", "json")
def selftest(packs: tuple[str, ...], cases: int, seed: int, output: Path, form: str) -> None:
    """Compare all engines on random scenarios and tables made from the words of your packs.

    Every engine has to give the firings of the reference engine, and every row of a table, evaluated among many, what
    its scenario gives alone, shares to the last bit. Ends with 1 at the first case on which they disagree, and
    writes it to a file.
    """
    from policyengine.cli.selftesting import run

    raise SystemExit(run(packs, cases, seed, output, form))
