"""Write a book of packs into a folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from policyengine.analysis.occurrences import occurrences
from policyengine.cli.inputs import named_packs
from policyengine.cli.output import CannotWriteError
from policyengine.cli.rule_lists import readable_scenarios
from policyengine.errors import InputError
from policyengine.report.book import book_pages
from policyengine.report.progress import with_progress
from policyengine.rulebook.loading import load_rulebook
from policyengine.rulebook.pack_groups import groups
from policyengine.rulebook.rule import Rulebook
from policyengine.source import write_whole

_LIST = "book.json"
"""The file that lists the pages of a book, so that an older book can be replaced without touching anything else."""


def write_book(packs: Sequence[str], out: Path) -> None:
    """Write all pages, then take away those of an older book that are no longer there."""
    rulebook = _together(named_packs(packs))
    files = list(readable_scenarios(rulebook))
    try:
        older = _older(out)
        out.mkdir(parents=True, exist_ok=True)
        pages = book_pages(rulebook, lambda rule: occurrences(rulebook, rule, files))
        written = []
        for name, text in with_progress(list(pages), "Writing", sys.stderr):
            write_whole(out / name, text.encode())
            written.append(name)
        write_whole(out / _LIST, (json.dumps(sorted(written), indent=1) + "\n").encode())
        for name in set(older) - set(written):
            (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise CannotWriteError(f"cannot write '{out}': {error.strerror or error}") from error
    click.echo(f"Wrote {len(written)} pages; begin with {out / 'index.html'}")


def _together(packs: Sequence[str]) -> Rulebook:
    """One rulebook for one book; packs on several subjects that use one word in two senses do not fit in."""
    try:
        return load_rulebook(packs)
    except InputError as error:
        apart = groups(packs)
        if len(apart) < 2 or any(problem.code != "P509" for problem in error.problems):
            raise
        named = "; ".join(" ".join(map(str, each)) for each in apart)
        message = f"these packs are about different subjects and use the same words; write a book for each: {named}"
        raise click.UsageError(message) from error


def _older(out: Path) -> list[str]:
    """The pages of the book that stands there; refuses a folder that holds anything else than a book."""
    if not out.is_dir() or not any(out.iterdir()):
        return []
    try:
        pages = json.loads((out / _LIST).read_text("utf-8"))
    except (OSError, ValueError):
        pages = None
    if not isinstance(pages, list) or not all(isinstance(page, str) and Path(page).name == page for page in pages):
        raise click.UsageError(f"'{out}' is not empty and holds no book; name a new folder")
    return pages
