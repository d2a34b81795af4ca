"""`policyengine rules`: read, write and check the rules of packs."""

from __future__ import annotations

import click

from policyengine.cli.lazy import LazyGroup

COMMANDS = {
    "check": "policyengine.cli.rules_commands.check",
    "diff": "policyengine.cli.rules_commands.diff",
    "doc": "policyengine.cli.rules_commands.doc",
    "fmt": "policyengine.cli.rules_commands.fmt",
    "graph": "policyengine.cli.rules_commands.graph",
    "list": "policyengine.cli.rules_commands.list_",
    "new": "policyengine.cli.rules_commands.new",
    "packs": "policyengine.cli.rules_commands.packs",
    "test": "policyengine.cli.rules_commands.test",
    "show": "policyengine.cli.rules_commands.show",
}
"""Each command with the module that holds it, under its own name, with an underscore where Python has the word."""


@click.group(
    cls=LazyGroup,
    commands_in=COMMANDS,
    short_help="The rules of packs.",
    examples=("policyengine rules list", "policyengine rules show {rule}"),
)
def rules() -> None:
    """List, show, write, check and test the rules of packs."""
