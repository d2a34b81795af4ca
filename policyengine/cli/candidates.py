"""Which scenarios two versions are compared over: those that are named, else the project's and the shipped ones."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from policyengine import shipped
from policyengine.analysis.pack_versions import Candidate
from policyengine.batch.inputs import planned
from policyengine.batch.plan import Job
from policyengine.cli.inputs import scenario_path
from policyengine.errors import InputError, Problem, Problems, Span
from policyengine.source import Document, examine_document, stays_in

HOME = Path("scenarios")


def candidates(arguments: Sequence[str]) -> list[Candidate]:
    """The scenarios, each file once and in the order of their names.

    Raises InputError for a path that does not exist; what else is wrong with a file is told when it is read.
    """
    return _given(arguments) if arguments else _by_default()


def _given(arguments: Sequence[str]) -> list[Candidate]:
    problems = Problems()
    names: dict[str, str] = {}
    for argument in arguments:
        try:
            path = scenario_path(argument)
        except InputError as error:
            problems.extend(error.problems)
            continue
        if not os.path.lexists(path):
            hint = "check the spelling; a relative path starts in the folder where the command is run"
            problems.add("S001", "There is no such file", hint, Span.whole(argument))
        names.setdefault(str(path), argument)
    problems.raise_if_any()
    jobs = _jobs(list(names))
    found = [Candidate(names.get(job.source, job.source), Path(job.source), partial(_read, job)) for job in jobs]
    if not found:
        hint = "name scenario files, folders that hold some, or shipped scenarios"
        raise InputError([Problem("S052", f"there is no scenario in {', '.join(arguments)}", hint)])
    return found


def _by_default() -> list[Candidate]:
    ours = shipped.folder("scenarios")
    own = HOME if HOME.is_dir() and HOME.resolve() != ours.resolve() else None
    return [*_in_folder(own, "scenarios"), *_in_folder(ours, "")]


def _in_folder(folder: Path | None, prefix: str) -> Iterator[Candidate]:
    """The scenarios of a folder, named by their places in it; those that are shipped have no prefix and no ending."""
    if folder is not None:
        for job in _jobs([str(folder)]):
            path = Path(job.source)
            name = path.relative_to(folder)
            shown = Path(prefix) / name if prefix else name.with_suffix("")
            yield Candidate(str(shown), path, partial(_read, job), shipped=not prefix)


def _jobs(paths: Sequence[str]) -> list[Job]:
    try:
        return list(planned(paths, _no_lists, Path(os.devnull)))
    except OSError as error:
        where = Span.whole(str(error.filename or paths[0]))
        raise InputError(
            [Problem("S005", f"The folder cannot be read: {error.strerror}", "Ask for read access.", where)]
        ) from error


def _no_lists(argument: str) -> list[str]:
    raise InputError([Problem("S001", f"'{argument}' is no scenario file", "name files, folders or shipped scenarios")])


def _read(job: Job) -> Document:
    path = Path(job.source)
    if job.within and not stays_in(path, Path(job.within)):
        hint = "Name the file itself, or copy it into the folder."
        raise InputError([Problem("S040", "This is a link out of its folder", hint, Span.whole(job.source))])
    return examine_document(path)
