"""The marks that files which cannot be read seem to set, so that rules that test them are not blamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from policyengine.rulebook.pack_files import inside
from policyengine.rulebook.schema import MARKED

_RECORDS = "|".join(MARKED)
_SET = re.compile(rf"""\bmark(?:["']?\s*:\s*["']?|\s+)({_RECORDS})\.([a-z][a-z0-9_]{{0,63}})\b""")
_TESTED = re.compile(r"\bmarks\.([a-z][a-z0-9_]{0,63})\b")
_TABLE = re.compile(r"""(?m)^table:\s*["']?([^"'#\s]+)""")
_MOST_READ = 100_000
_MOST_FILES = 1_000


def marks_in(path: Path, folder: Path) -> set[tuple[str, str]]:
    """The marks that a broken rule file, or the table beside it, seems to set, each with its record.

    What a workbook sets cannot be seen without reading it: then all marks count that rules of the pack test.
    """
    text = _text(path)
    found = set(_SET.findall(text))
    for name in _TABLE.findall(text):
        table = path.parent / name
        if table.suffix.lower() == ".xlsx":
            found |= {(record, mark) for mark in _tested(folder) for record in MARKED}
        elif inside(table, folder):
            found |= set(_SET.findall(_text(table)))
    return found


def _tested(folder: Path) -> Iterator[str]:
    for path in islice(sorted(folder.rglob("*.yaml")), _MOST_FILES):
        if inside(path, folder):
            yield from _TESTED.findall(_text(path))


def _text(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        with path.open(encoding="utf-8", errors="ignore") as file:
            return file.read(_MOST_READ)
    except OSError:
        return ""
