"""`policyengine rules graph`: how rules build on one another."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_argument
from policyengine.cli.shipped_names import complete_rule


@click.command(
    cls=Documented,
    short_help="How rules build on one another.",
    examples=("policyengine rules graph {pack}", "policyengine rules graph --format svg --output graph.svg"),
)
@packs_argument
@click.option("--rule", "name", metavar="NAME", shell_complete=complete_rule,
              help="Only this rule, with all that it builds on and all that builds on it.")  # fmt: skip
@format_option("text", "json", "dot", "svg")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write to this file, whole or not at all, instead of the screen.")  # fmt: skip
def graph(packs: tuple[str, ...], name: str | None, form: str, output: Path | None) -> None:
    """Show which rules set a mark and which test it, in the order in which they run.

    A stratum is a step of that order. As `dot` it can be given to Graphviz; as `svg` it is a drawing.
    """
    from policyengine.cli.rule_lists import graph_rules

    graph_rules(packs, name, form, output)
