"""The folder that a batch writes to: one run at a time, every file whole, nothing of other people touched."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from policyengine.batch.hashes import hash_of
from policyengine.batch.records import JOURNAL, RESULTS
from policyengine.source import is_left_over, write_whole

HOME: Final = "results"
"""Where in the folder the results of the scenarios are."""
TIDY: Final = "tables"
"""Where in the folder the tables over all scenarios are."""
TABLE_SUMMARY: Final = "summary.json"
TABLE_REPORT: Final = "report.md"
"""What a batch of tables writes beside its index; a batch of scenario files does not."""


class FolderInUseError(Exception):
    """Another run writes to the folder."""


class ForeignFolderError(Exception):
    """The folder holds something, and no batch made it."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make the folder if need be, and keep other runs out of it; the hold ends with the process, however it ends."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FolderInUseError from None
        entries = {entry.name for entry in folder.iterdir() if not is_left_over(entry)}
        if entries and not entries & {JOURNAL, RESULTS}:
            raise ForeignFolderError
        yield
    finally:
        os.close(handle)


def store(folder: Path, name: str, data: bytes) -> None:
    """Write a file of the folder, whole."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)


def holds(folder: Path, files: dict[str, str]) -> bool:
    """Whether the folder has these files with these hashes; without a hash nobody wrote the file."""
    return all(sha256 and hash_of(folder / name) == sha256 for name, sha256 in files.items())


def clear(folder: Path) -> None:
    """Take away what was half written by processes that are gone."""
    for path in folder.glob(".*"):
        if is_left_over(path):
            path.unlink(missing_ok=True)
    if (folder / HOME).is_dir():
        _tidy(folder / HOME)


def sweep(folder: Path, old: Iterable[str]) -> None:
    """Take away what earlier runs wrote and this one does not, and what a kill left half written.

    `old` comes from a file, so it is not trusted to name only results.
    """
    home = (folder / HOME).resolve()
    for name in old:
        path = folder / name
        if path.parent.resolve().is_relative_to(home):
            path.unlink(missing_ok=True)
    clear(folder)


def sweep_table_report(folder: Path) -> None:
    """Take away what a batch of tables wrote, and one of scenario files does not."""
    for name in (TABLE_SUMMARY, TABLE_REPORT):
        (folder / name).unlink(missing_ok=True)


def _tidy(folder: Path) -> bool:
    """Take away what is half written and folders that are empty; gives whether anything is left.

    Entries are not gathered: there may be many in one folder.
    """
    left = False
    with os.scandir(folder) as entries:
        for entry in entries:
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                if _tidy(path):
                    left = True
                else:
                    path.rmdir()
            elif is_left_over(path):
                path.unlink(missing_ok=True)
            else:
                left = True
    return left
