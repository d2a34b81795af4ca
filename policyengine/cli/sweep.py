"""`policyengine sweep`: many variations of one scenario."""

from __future__ import annotations

from pathlib import Path

import click
from click.core import ParameterSource

from policyengine.cli.lazy import Documented
from policyengine.cli.options import no_address, packs_option
from policyengine.cli.shipped_names import complete_scenario

DESIGNS = ("full", "lhs", "sobol")
_OF_SAMPLES = {"rows": "n", "seed": "seed"}
"""Options that all combinations have no use for, by the names of what they set."""


@click.command(
    cls=Documented,
    short_help="Evaluate many variations of one scenario.",
    examples=(
        "policyengine sweep {scenario} --vary param.co_lead_margin=0:20:5 --out sweep.csv",
        "policyengine sweep {scenario} --vary param.side_lead_margin=40:60 --design lhs --n 100 --out sweep.parquet",
    ),
)
@click.argument("scenario", shell_complete=complete_scenario)
@click.option(
    "--vary",
    "axes",
    multiple=True,
    metavar="PATH=VALUES",
    help="What varies: PATH=a,b,c or PATH=low:high:step, or PATH=low:high for a sample; may be repeated.",
)
@click.option(
    "--table",
    metavar="FILE|ADDRESS",
    help="A table of variations that is there already, as CSV, Parquet or Arrow, its columns named by path.",
)
@click.option("--design", type=click.Choice(DESIGNS), default="full", show_default=True,
              help="All combinations, a Latin hypercube, or a Sobol sequence.")  # fmt: skip
@click.option("--n", "rows", type=click.IntRange(1, 100_000_000), metavar="N", help="How many rows a sample has.")
@click.option("--seed", type=click.IntRange(0, 2**40), default=0, show_default=True, help="The seed of a sample.")
@click.option("--wide", is_flag=True, help="Write scores and shares of every jurisdiction as well.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    callback=no_address,
    help="Where to write the rows with what came out: a name that ends in .csv or .parquet.",
)
@packs_option
@click.pass_context
def sweep(
    context: click.Context, scenario: str, axes: tuple[str, ...], table: str | None, design: str, rows: int | None,
    seed: int, wide: bool, out: Path, packs: tuple[str, ...],
) -> None:  # fmt: skip
    """Evaluate variations of one scenario, and tell how often who leads.

    PATH is a value of the scenario file (threats.ID.severity), a parameter (param.NAME) or the weight of
    a rule (weight.PACK/RULE). The word `unknown` stands for a value that is not known.
    """
    from policyengine.cli.sweeping import Wanted, run
    from policyengine.source.addresses import place_of

    place = None if table is None else place_of(table)
    given = {name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    _check_sample(given, design, of_table=place is not None)
    if isinstance(place, Path) and place.exists() and out.exists() and place.samefile(out):
        raise click.UsageError("--out names the table that --table names, which would be lost; give it another name")
    run(Wanted(scenario, axes, place, design, rows, seed, wide, out, packs))


def _check_sample(given: set[str], design: str, *, of_table: bool) -> None:
    """Refuse options that would change nothing."""
    for name in sorted(given & {"design", *_OF_SAMPLES}):
        if of_table:
            raise click.UsageError(f"--{_OF_SAMPLES.get(name, name)} is for rows that are made, with --vary")
        if name in _OF_SAMPLES and design == "full":
            raise click.UsageError(f"--{_OF_SAMPLES[name]} is for samples, with --design lhs or sobol")
