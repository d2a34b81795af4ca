"""`policyengine rules fmt`: one layout for the files that people write."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.shipped_names import complete_pack


@click.command(
    cls=Documented,
    short_help="Put files into one layout.",
    examples=("policyengine rules fmt --check", "policyengine rules fmt scenarios --diff --check"),
)
@click.argument("paths", nargs=-1, metavar="[DIR|FILE]...", shell_complete=complete_pack)
@click.option("--check", "only_check", is_flag=True, help="Change nothing; end with 1 if a file would be changed.")
@click.option("--diff", "show", is_flag=True, help="Show what would change in each file.")
def fmt(paths: tuple[str, ...], only_check: bool, show: bool) -> int:
    """Put the YAML files of packs and scenarios into one layout, with all their comments.

    Without arguments, all such files below the current folder are laid out. What a file says never
    changes; one that cannot be laid out so is named and left as it is.
    """
    from policyengine.cli.formatting import format_files

    return format_files(paths, only_check=only_check, show=show)
