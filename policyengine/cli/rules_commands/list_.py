"""`policyengine rules list`: the rules of packs."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_option


@click.command(
    "list",
    cls=Documented,
    short_help="List rules.",
    examples=("policyengine rules list", "policyengine rules list --pack {pack}"),
)
@packs_option
@format_option("text", "json")
def list_(packs: tuple[str, ...], form: str) -> None:
    """List the rules with their nature, their effects and the claims they carry.

    Without --pack, the rules of the packs in the current folder are listed, or else of all shipped ones.
    """
    from policyengine.cli.rule_lists import list_rules

    list_rules(packs, form)
