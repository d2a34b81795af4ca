"""`policyengine rules diff`: what a change of rules changes."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_option
from policyengine.cli.shipped_names import complete_pack


@click.command(
    cls=Documented,
    short_help="What changed between two versions of a pack.",
    examples=(
        "policyengine rules diff {pack} {pack}",
        "policyengine rules diff {pack} {pack} --scenarios {scenario} --format markdown",
    ),
    notes="A git revision is written HEAD~1:path/to/pack, with the path from the top of the repository, or from the "
    "current folder with ./ before it. The exit code is 0 if no lead changes; 1 if a lead changes, or if a scenario "
    "that the older version reads cannot be read any more.",
)
@click.argument("old", shell_complete=complete_pack)
@click.argument("new", shell_complete=complete_pack)
@click.option("--scenarios", "scenarios", multiple=True, metavar="PATH",
              help="A scenario, or a folder of them; may be repeated. "
              "By default those of the folder scenarios/ and the shipped ones.")  # fmt: skip
@packs_option
@click.option("--most", type=click.IntRange(0), default=10, show_default=True, metavar="N",
              help="Show so many scenarios in full, the most changed first; 0 for all.")  # fmt: skip
@format_option("text", "json", "markdown", "html")
def diff(old: str, new: str, scenarios: tuple[str, ...], packs: tuple[str, ...], most: int, form: str) -> int:
    """Compare two versions of a pack: their rules, and what they make of scenarios.

    OLD and NEW are the folder of a pack, a shipped name, or a git revision of a folder, REV:PATH. Each is
    evaluated with the packs that it extends and, if it is one of the packs that run by default, with the
    others of them.
    """
    from policyengine.cli.diffing import run

    return run(old, new, scenarios, packs, most, form)
