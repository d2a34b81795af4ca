"""What may be at an address: tables of variations and their results; nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from policyengine.source.addresses import Address, is_address, masked, place_of
from policyengine.source.store_errors import StoreError
from policyengine.source.stores import check_writable


def a_place(context: click.Context, parameter: click.Parameter, value: str) -> Path | Address:
    """A folder of this machine, or the address of one; refuse addresses to which nobody could write."""
    place = place_of(value)
    if isinstance(place, Address):
        try:
            check_writable(place)
        except StoreError as error:
            said = f"{place}: {error.problem.message}; {error.problem.hint}"
            raise click.BadParameter(said, ctx=context, param=parameter) from None
    return place


def check_addresses(paths: Sequence[str], base: str | None, packs: Sequence[str], out: Path | Address) -> None:
    """Refuse addresses of what is of this machine: lists, packs and scenario files, and the results of these."""
    near = [("list", path[1:]) for path in paths if path.startswith("@")] + [("pack", pack) for pack in packs]
    if base is None:
        near += [("scenario file", path) for path in paths] + [("folder", str(out))]
    else:
        near.append(("base", base))
    for what, named in near:
        if is_address(named):
            message = f"the {what} '{masked(named)}' has to be on this machine"
            raise click.UsageError(
                f"{message}; only tables of variations and their results, with --base, may be far away"
            )
