"""Where results may go: a folder of this machine, or one of a store."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.source.addresses import Address, place_of
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
