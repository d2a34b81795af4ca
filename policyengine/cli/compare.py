"""`policyengine compare`: what differs between two results, and through which rules."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_option
from policyengine.cli.shipped_names import complete_pack, complete_scenario


@click.command(
    cls=Documented,
    short_help="What differs between two results, and why.",
    examples=(
        "policyengine compare {another_scenario} {scenario}",
        "policyengine compare {scenario} --pack-a {another_pack} --pack-b {pack}",
        "policyengine compare scenarios --pack-a {another_pack} --pack-b {pack} --format markdown",
    ),
    notes="Files are those of 'evaluate --format json', folders those of 'batch --format json'. The exit code is 0 if "
    "no lead differs; 1 if a lead differs, or if something can be read on one side only.",
)
@click.argument("things", nargs=-1, metavar="A B | SCENARIO...", shell_complete=complete_scenario)
@packs_option
@click.option("--pack-a", "packs_a", multiple=True, metavar="NAME|DIR", shell_complete=complete_pack,
              help="A pack under which the scenarios are evaluated first; may be repeated.")  # fmt: skip
@click.option("--pack-b", "packs_b", multiple=True, metavar="NAME|DIR", shell_complete=complete_pack,
              help="A pack under which they are evaluated second; may be repeated.")  # fmt: skip
@click.option("--most", type=click.IntRange(0), default=10, show_default=True, metavar="N",
              help="Show so many scenarios in full, the most changed first; 0 for all.")  # fmt: skip
@format_option("text", "json", "markdown", "html")
def compare(
    things: tuple[str, ...], packs: tuple[str, ...], packs_a: tuple[str, ...], packs_b: tuple[str, ...],
    most: int, form: str,
) -> int:  # fmt: skip
    """Compare two scenarios, two result files, two folders of batches, or two sets of packs.

    A and B are scenarios, results or batches. With --pack-a and --pack-b, any number of scenarios and folders
    of them are evaluated under both; without SCENARIO those of the folder scenarios/ and the shipped ones.
    Every difference of points leads back to rules, in parts that add up to it exactly.
    """
    from policyengine.cli.comparing import run

    return run(things, packs, packs_a, packs_b, most, form)
