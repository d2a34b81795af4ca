"""The first line by which an editor finds the format of a file."""

from __future__ import annotations

from pathlib import Path

MOST_FOLDERS = 6
"""So many folders above a file are looked at for the formats."""


def schema_line(file: Path, kind: str) -> str:
    """A comment that leads from a file to the format of its kind in the nearest folder `schemas` above it.

    Empty where there is none: a file needs no such line. The way is relative, so that it holds wherever all is moved.
    """
    for depth, folder in enumerate(list(file.absolute().parents)[:MOST_FOLDERS]):
        if (folder / "schemas" / f"{kind}.json").is_file():
            return f"# yaml-language-server: $schema={'../' * depth}schemas/{kind}.json\n"
    return ""
