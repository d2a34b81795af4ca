"""Options that several commands share."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from policyengine.cli.shipped_names import complete_pack

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
"""The beginning of an address; a path has only one of its two strokes."""
_MOST_SECONDS: Final = 1_000_000
"""Eleven days; the system counts what it waits for in milliseconds, and not much further."""
Decorated = TypeVar("Decorated", bound=Callable[..., Any])

packs_option = click.option(
    "--pack",
    "packs",
    multiple=True,
    metavar="NAME|DIR",
    shell_complete=complete_pack,
    help="A shipped pack or a folder with a pack.yaml; may be repeated. Packs that it extends come with it.",
)

packs_argument = click.argument("packs", nargs=-1, metavar="[PACK|DIR]...", shell_complete=complete_pack)
"""Packs as arguments; `named_packs` of `cli/inputs.py` says which are meant."""


class SecondsRange(click.FloatRange):
    """Some seconds: from none up to what every clock that waits for them can count."""

    name = "seconds"

    def __init__(self) -> None:
        """Take the limits, both of them allowed."""
        super().__init__(0, _MOST_SECONDS)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what is out of range, and what is no number at all: it is neither below nor above a limit."""
        found = super().convert(value, param, ctx)
        return self.fail(f"'{value}' is not a number of seconds", param, ctx) if math.isnan(found) else found


def no_address(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    """Refuse an address for what is one file of this machine."""
    if _ADDRESS.match(str(value)):
        message = "this is an address; give a file of this machine, and copy it there afterwards"
        raise click.BadParameter(message, ctx=context, param=parameter)
    return value


def format_option(*formats: str) -> Callable[[Decorated], Decorated]:
    """Make the option `--format` with these formats, the first of which is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to write it.",
    )
