"""From what stands on the command line to tables, of this machine and far away."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from policyengine.batch.hashes import hash_of
from policyengine.batch.inputs import Lines, listed, planned
from policyengine.batch.work import inside
from policyengine.errors import InputError, Problem
from policyengine.source.addresses import Address, is_address, place_of
from policyengine.source.store_errors import StoreError
from policyengine.source.stores import files_of, version_of
from policyengine.tables.files import READ


def tables_of(arguments: Sequence[str], lines: Lines, out: Path | Address) -> list[Path | Address]:
    """The tables of a batch, each once: those of this machine by their names, then those of each address.

    An address stands on the command line or in a list, nowhere else. Raises InputError if there is no table or an
    address cannot be used, OSError where a folder or a list cannot be read.
    """
    paths: list[str] = []
    addresses: list[Address] = []
    for each in listed(arguments, lines):
        place = place_of(each) if is_address(each) else each
        addresses.append(place) if isinstance(place, Address) else paths.append(str(place))
    near = planned(["-"], lambda _: paths, out if isinstance(out, Path) else None, READ)
    found: list[Path | Address] = [*map(inside, near), *dict.fromkeys(_far(addresses, out))]
    if not found:
        raise InputError([Problem("S001", "There is no table here", f"Name files that end in {', '.join(READ)}")])
    return found


def _far(addresses: Iterable[Address], out: Path | Address) -> Iterator[Address]:
    """The tables that addresses mean. In folders and patterns, results of this batch and hidden files are none."""
    results = f"{out.full.rstrip('/')}/" if isinstance(out, Address) else ""
    for address in addresses:
        try:
            files = files_of(address)
        except StoreError as error:
            raise InputError([error.problem]) from error
        for each in files:
            named = each == address
            inner = each.full[len(address.full.partition("*")[0]) :]
            hidden = "/." in f"/{inner}" or each.suffix not in READ or bool(results and each.full.startswith(results))
            if named or not hidden:
                yield each


def hash_of_table(source: Path | Address, near: Callable[[Path], str] = hash_of) -> str:
    """What changes with the content of a file: its SHA-256, or the tag of a store; nothing if it cannot be read."""
    if isinstance(source, Path):
        return near(source)
    try:
        return version_of(source)
    except StoreError:
        return ""
