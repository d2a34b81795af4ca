"""Put files into one layout, or say which are not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from difflib import unified_diff
from pathlib import Path

import click

from policyengine.cli.output import CannotWriteError
from policyengine.editor.kinds import kind_of
from policyengine.errors import InputError, Problem, Problems, Span, printable, render_problems
from policyengine.errors.exit_codes import FINDINGS, GOOD
from policyengine.report.progress import with_progress
from policyengine.report.words import count
from policyengine.rulebook.formatting import formatted
from policyengine.source import examine_document, write_whole

MOST_FILES = 50_000


def format_files(paths: Sequence[str], *, only_check: bool, show: bool) -> int:
    """Lay out each file; 1 if a file cannot be read or laid out, or, with `only_check`, would be changed."""
    problems = Problems()
    files = list(_files(paths, problems))
    changed = [
        path
        for path in with_progress(files, "Formatting", sys.stderr)
        if _format(path, problems, only_check=only_check, show=show)
    ]
    for path in changed:
        click.echo(f"{'would change' if only_check else 'changed'} {printable(str(path))}")
    if problems.items:
        click.echo(render_problems(problems.items), err=True)
    verb = "would be changed" if only_check else "changed"
    click.echo(f"{count(len(files), 'file')} looked at, {len(changed)} {verb}.")
    return FINDINGS if problems.items or (only_check and changed) else GOOD


def _files(paths: Sequence[str], problems: Problems) -> Iterator[Path]:
    """The files meant, each once; what lies in a folder counts if it is of a kind that people write here."""
    seen: set[Path] = set()
    for given in map(Path, paths or ["."]):
        if not given.exists():
            problems.extend([Problem("S001", "There is no such file", "Check the spelling.", Span.whole(str(given)))])
            continue
        found = sorted(_below(given)) if given.is_dir() else [given]
        for path in found[:MOST_FILES]:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                yield path


def _below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*.yaml"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and path.is_file() and not path.is_symlink():
            yield path


def _format(path: Path, problems: Problems, *, only_check: bool, show: bool) -> bool:
    """Lay out one file; whether it was, or would be, changed."""
    try:
        document = examine_document(path)
    except InputError as error:
        problems.extend(error.problems)
        return False
    kind = kind_of(path, document.text)
    if kind is None or path.suffix == ".json":
        return False
    if document.flaws:
        problems.extend(document.flaws)
        return False
    made = formatted(document, kind)
    if made is None:
        message, hint = "this file cannot be laid out without changing what it says", "it stays as it is"
        problems.extend([Problem("S041", message, hint, Span.whole(str(path)))])
        return False
    before = path.read_bytes()
    if made.encode() == before:
        return False
    if show:
        name = printable(str(path))
        old = before.decode("utf-8-sig").splitlines()
        click.echo("\n".join(map(printable, unified_diff(old, made.splitlines(), name, name, lineterm=""))))
    if not only_check:
        _write(path, made)
    return True


def _write(path: Path, made: str) -> None:
    mode = path.stat().st_mode
    try:
        write_whole(path, made.encode())
        path.chmod(mode)
    except OSError as error:
        raise CannotWriteError(f"cannot write '{path}': {error.strerror or error}") from error
