"""`policyengine rules packs`: which packs there are, and where each comes from."""

from __future__ import annotations

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import format_option


@click.command(
    cls=Documented,
    short_help="List the packs that can be named.",
    examples=("policyengine rules packs", "policyengine rules packs --format json"),
)
@format_option("text", "json")
def packs(form: str) -> None:
    """List every pack that --pack, 'packs' of a scenario and 'extends' of a pack can name.

    A name is looked up among the shipped packs, in the folders that POLICYENGINE_PACKS names (parted
    as in PATH), in the current folder, and last among installed distributions, of which no code is run.
    """
    from policyengine.cli.pack_lists import list_packs

    list_packs(form)
