"""An archive of git, unpacked: only what stays inside its folder, and only so much of it."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from policyengine.rulebook.revisions.git import refused, stream

MOST_BYTES: Final = 200_000_000
MOST_FILES: Final = 50_000


def unpack(top: Path, commit: str, paths: Sequence[str], folder: Path) -> None:
    """Unpack these paths of a commit into a folder; raises InputError where they cannot be."""
    if not hasattr(tarfile, "data_filter"):
        hint = "use Python 3.11.4 or newer, or give the folders of both versions"
        raise refused("E405", "this version of Python cannot unpack archives safely", hint)
    try:
        with (
            stream(top, "archive", "--format=tar", commit, "--", *paths) as source,
            tarfile.open(fileobj=source, mode="r|") as archive,
        ):
            _extract(archive, folder)
    except (tarfile.TarError, OSError, ValueError) as error:
        message = f"the packs of the revision cannot be unpacked: {error}"
        raise refused("E405", message, "look for links that lead out of their folder, or for a full disk") from error


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    size = 0
    for number, member in enumerate(archive):
        size += member.size
        if size > MOST_BYTES or number >= MOST_FILES:
            message = f"the folders of packs hold more than {MOST_BYTES // 1_000_000} MB or {MOST_FILES:,} files"
            raise refused("E405", message, "put packs into a folder without other large files")
        archive.extract(member, folder, filter="data")
