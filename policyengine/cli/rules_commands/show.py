"""`policyengine rules show`: one rule in full."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_option
from policyengine.cli.shipped_names import complete_rule


@click.command(
    "show", cls=Documented, short_help="Show one rule in full.", examples=("policyengine rules show {rule}",)
)
@click.argument("rule", shell_complete=complete_rule)
@packs_option
@format_option("text", "json")
def show(rule: str, packs: tuple[str, ...], form: str) -> None:
    """Show one rule: why, its condition as written and in plain English, its effects, parameters, claims and examples.

    Last it says in which scenarios the rule fires: in those of the project (the folder scenarios/)
    and in the shipped ones.

    RULE is the name of a rule, or pack/name; that of a rule file with a table shows all its rows. Without
    --pack, it is looked for in the packs of the current folder, or else in all shipped ones.
    """
    from policyengine.cli.rule_lists import show_rule

    show_rule(rule, packs, form)
