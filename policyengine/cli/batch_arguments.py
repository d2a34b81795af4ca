"""What the arguments of a batch mean on this machine: the lines of lists, and how many processes there may be."""

from __future__ import annotations

import os
import sys
from codecs import BOM_UTF8
from pathlib import Path
from typing import Final

import click

_MOST_LIST: Final = 50_000_000


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def lines_of(argument: str) -> list[str]:
    """The paths of a list: one a line, or with zero bytes between them; empty lines and comments do not count.

    Raises UsageError if the standard input is closed, OSError where a list cannot be read.
    """
    if argument == "-":
        if sys.stdin is None:  # the caller closed it
            raise click.UsageError("the standard input is closed; send paths to it, or name a list as @FILE")
        data = sys.stdin.buffer.read(_MOST_LIST)
    else:
        with Path(argument[1:]).open("rb") as file:
            data = file.read(_MOST_LIST)
    data = data.removeprefix(BOM_UTF8)
    if b"\0" in data:
        return [os.fsdecode(part) for part in data.split(b"\0") if part]
    lines = [line.strip() for line in data.splitlines()]
    return [os.fsdecode(line) for line in lines if line and not line.startswith(b"#")]
