"""`policyengine init`: a working project of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.shipped_names import complete_pack


@click.command(
    cls=Documented,
    short_help="Begin a project of your own.",
    examples=("policyengine init my-subject", "policyengine init my-own-rules --extends {pack}"),
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--pack", "name", metavar="NAME", help="The name of the pack in it; by default that of the folder.")
@click.option("--title", metavar="TEXT", help="What the pack is about; by default its name.")
@click.option("--extends", "base", metavar="NAME", shell_complete=complete_pack,
              help="A shipped pack whose words the new one uses, instead of declaring its own.")  # fmt: skip
def init(folder: Path, name: str | None, title: str | None, base: str | None) -> None:
    """Make a project in DIR: a pack with one rule, a source with one claim, a scenario and a test.

    DIR must be new or empty. What is made passes `rules check` and `rules test` as it is, and waits
    to be rewritten.
    """
    from policyengine.cli.beginning import begin_project

    begin_project(folder, name, title, base)
