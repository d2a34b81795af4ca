"""`policyengine explain`: why, and why not."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_option
from policyengine.cli.shipped_names import complete_scenario


@click.command(
    cls=Documented,
    short_help="Why, and why not.",
    examples=(
        "policyengine explain {scenario}",
        "policyengine explain {scenario} --jurisdiction {jurisdiction}",
        "policyengine explain {scenario} --format json",
    ),
)
@click.argument("scenario", shell_complete=complete_scenario)
@click.option("--threat", metavar="ID", help="Only this threat; says also why the others do not lead.")
@click.option("--layer", metavar="LAYER", help="Only this layer; says also why the others do not lead.")
@click.option("--jurisdiction", metavar="ID", help="Only this jurisdiction, with everything about it.")
@packs_option
@format_option("text", "json")
def explain(
    scenario: str, threat: str | None, layer: str | None, jurisdiction: str | None, packs: tuple[str, ...], form: str
) -> None:
    """Say why each lead leads, with the claims behind it, and why the others do not.

    Without options the reasons of the leads are shown; with --threat or --layer also, in short,
    why the others do not lead; with --jurisdiction every rule that counts for it or might have.
    """
    from policyengine.cli.explanation import run

    run(scenario, packs, form, threat=threat, layer=layer, jurisdiction=jurisdiction)
