"""Hashes of files: computed when they are wanted, or begun while the command still imports what it needs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

_PIECE: Final = 1 << 18
_LARGE: Final = 1 << 24
"""After each piece a thread may have to wait until the one that imports lets it go on, so they are few."""


def hash_of(path: Path, piece: int = _PIECE) -> str:
    """The SHA-256 of a file, read in pieces of so many bytes, or nothing if it cannot be read."""
    found = hashlib.sha256()
    held = memoryview(bytearray(piece))
    try:
        with path.open("rb", buffering=0) as file:
            while size := file.readinto(held):
                found.update(held[:size])
    except OSError:
        return ""
    return found.hexdigest()


class BegunHashes:
    """Hashes of files, of which some are read beside whatever else the command does from now on."""

    def __init__(self, paths: Iterable[str]) -> None:
        """Begin with these, as far as they are files; nothing waits for them that does not ask."""
        reader = ThreadPoolExecutor(1)
        files = dict.fromkeys(path for each in paths if (path := Path(each)).is_file())
        self._begun: dict[Path, Future[str]] = {path: reader.submit(hash_of, path, _LARGE) for path in files}
        reader.shutdown(wait=False)

    def __call__(self, path: Path) -> str:
        """The hash of any file."""
        begun = self._begun.get(path)
        return hash_of(path) if begun is None else begun.result()
