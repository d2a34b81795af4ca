"""`policyengine hindcast`: what the rules would have said of documented cases."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option, packs_option


@click.command(
    cls=Documented,
    short_help="Compare predicted leads with those on record.",
    examples=(
        "policyengine hindcast",
        "policyengine hindcast --format json",
        "policyengine hindcast scenarios/cases",
    ),
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@packs_option
@click.option(
    "--notes", type=click.Path(path_type=Path), metavar="FILE", help="A YAML file that discusses misses, by case/layer."
)
@format_option("text", "json", "markdown", "html")
def hindcast(paths: tuple[Path, ...], packs: tuple[str, ...], notes: Path | None, form: str) -> None:
    """Compare who led on record in documented cases with whom the rules would have named.

    PATH is a scenario file with an outcome, or a folder of them; by default the shipped cases. The
    rules that say what is are judged; each opinion pack and two guesses stand beside them.
    """
    from policyengine.cli.hindcasting import run

    run(paths, packs, notes, form)
