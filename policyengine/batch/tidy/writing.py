"""The tables of a batch, put together from the rows of its scenarios: one pass, whatever there are of them."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

from policyengine.batch.folder import TIDY
from policyengine.batch.records import Record
from policyengine.batch.tidy.dictionary import dictionary, readme
from policyengine.batch.tidy.every import TABLES
from policyengine.batch.tidy.forms import BOOK, FORMS, SCRATCH
from policyengine.batch.tidy.pieces import rows_of
from policyengine.report.data import render_json
from policyengine.source import is_left_over, write_whole

DICTIONARY: Final = "dictionary.json"
README: Final = "README.md"


def write_tables(
    out: Path, forms: Sequence[str], records: Iterable[Record], watch: Callable[[], None]
) -> dict[str, str]:
    """Write all tables in all these formats; gives the hash of each file by its path in the folder.

    `watch` is called after each record. Raises OSError, and then no table is written.
    """
    folder = out / TIDY
    sweep_tables(out, forms)
    if not forms:
        return {}
    folder.mkdir(exist_ok=True)
    with ExitStack() as stack:
        files = [stack.enter_context(FORMS[form]()(folder, TABLES)) for form in forms]
        for record in records:
            for table, rows in rows_of(out, record):
                for each in files:
                    each.add(table, rows)
            watch()
        for each in files:
            each.finish()
    write_whole(folder / DICTIONARY, render_json(dictionary()).encode())
    write_whole(folder / README, readme(tuple(forms)).encode())
    return {f"{TIDY}/{name}": _hash_of(folder / name) for name in sorted(_names(forms))}


def _names(forms: Sequence[str]) -> set[str]:
    """The files of these formats, with what stands beside them."""
    found = {DICTIONARY, README} if forms else set()
    for form in forms:
        found |= {BOOK} if form == "xlsx" else {f"{table.name}.{form}" for table in TABLES}
    return found


def sweep_tables(out: Path, forms: Sequence[str]) -> None:
    """Take away the tables that earlier runs wrote and this one does not, and what a kill left half written."""
    folder = out / TIDY
    if not folder.is_dir() or folder.is_symlink():
        return
    shutil.rmtree(folder / SCRATCH, ignore_errors=True)
    unwanted = _names(tuple(FORMS)) - _names(forms)
    for path in list(folder.iterdir()):
        if path.name in unwanted or is_left_over(path):
            path.unlink(missing_ok=True)
    if not forms and not any(folder.iterdir()):
        folder.rmdir()


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
