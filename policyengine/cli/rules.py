"""`policyengine rules`: the rules of packs."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented, DocumentedGroup
from policyengine.cli.options import format_option, packs_option
from policyengine.cli.shipped_names import complete_rule


@click.group(
    cls=DocumentedGroup,
    short_help="The rules of packs.",
    examples=("policyengine rules list", "policyengine rules show {rule}"),
)
def rules() -> None:
    """List rules, or show one in full."""


@rules.command(
    "list",
    cls=Documented,
    short_help="List rules.",
    examples=("policyengine rules list", "policyengine rules list --pack {pack}"),
)
@packs_option
@format_option("text", "json")
def list_(packs: tuple[str, ...], form: str) -> None:
    """List the rules with their nature, their effects and the claims they carry.

    Without --pack, the rules of all shipped packs are listed.
    """
    from policyengine.cli.rule_lists import list_rules

    list_rules(packs, form)


@rules.command(
    "show", cls=Documented, short_help="Show one rule in full.", examples=("policyengine rules show {rule}",)
)
@click.argument("rule", shell_complete=complete_rule)
@packs_option
@format_option("text", "json")
def show(rule: str, packs: tuple[str, ...], form: str) -> None:
    """Show one rule: why, its condition, its effects, parameters, claims and examples.

    RULE is the name of a rule, or pack/name.
    """
    from policyengine.cli.rule_lists import show_rule

    show_rule(rule, packs, form)
