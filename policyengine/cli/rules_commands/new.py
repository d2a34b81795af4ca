"""`policyengine rules new`: a rule file with examples to fill in."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented


@click.command(
    cls=Documented,
    short_help="Begin a rule of your own.",
    examples=("policyengine rules new my-rule --pack my-pack --claim my-pack-source/who-can-act-leads",),
)
@click.argument("rule", metavar="ID")
@click.option("--pack", metavar="DIR", help="The folder of the pack; by default the one in the current folder.")
@click.option("--claim", "claims", multiple=True, required=True, metavar="SOURCE/CLAIM",
              help="The claim that the rule carries; may be repeated.")  # fmt: skip
@click.option("--theme", default="rules", show_default=True, metavar="NAME", help="The folder inside the pack.")
@click.option("--nature", type=click.Choice(["normative", "descriptive"]), default="normative", show_default=True,
              help="Whether it says what ought to be, or what is.")  # fmt: skip
def new(rule: str, pack: str | None, claims: tuple[str, ...], theme: str, nature: str) -> None:
    """Make one rule file with a condition, an effect and examples to be rewritten.

    As it is, it passes `rules check` and `rules test`.
    """
    from policyengine.cli.beginning import begin_rule

    begin_rule(rule, pack, claims, theme, nature)
