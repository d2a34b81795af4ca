"""Which files hold the cases that a user names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from policyengine.errors import Problems, Span
from policyengine.source import real_path, stays_in

_ENDINGS = (".yaml", ".yml", ".json")


def case_files(paths: Sequence[Path], problems: Problems) -> list[Path]:
    """The files named and those in the folders named, each once; what cannot be used goes to `problems`."""
    found: dict[Path, Path] = {}
    for path in paths:
        for file in _within(path, problems) if path.is_dir() else (path,):
            found.setdefault(real_path(file), file)
    if not found and not len(problems):
        message = f"there is no case in {', '.join(map(str, paths))}"
        problems.add("N209", message, "name scenario files that have an outcome")
    return list(found.values())


def _within(folder: Path, problems: Problems) -> Iterator[Path]:
    """The case files of a folder; a stranger's folder may not lead to files elsewhere."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        message = f"the folder cannot be read: {error.strerror}"
        problems.add("N217", message, "ask for read access to it", Span.whole(str(folder)))
        return
    for entry in entries:
        if entry.suffix not in _ENDINGS or entry.name.startswith("."):
            continue
        if not stays_in(entry, folder):
            message = "this is a link to a file outside the folder"
            problems.add("N216", message, "copy the file into the folder", Span.whole(str(entry)))
        else:
            yield entry
