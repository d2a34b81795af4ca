"""What is done for a file, or for several together: read, check, evaluate, render. Nothing is written here."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from policyengine.analysis.summary import Summary, summary_of
from policyengine.assess.result import Result
from policyengine.batch.plan import PATTERN, Job
from policyengine.batch.records import Record
from policyengine.batch.settings import Settings, engine_options, key_of, pack_options
from policyengine.batch.writers import WRITERS, Evaluated
from policyengine.engines.interface import Choice, make_engine
from policyengine.errors import InputError, Problem, Span
from policyengine.evaluation import evaluate_scenarios
from policyengine.rulebook.loading import default_packs, load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, check_scenario, packs_found
from policyengine.source import Document, examine_document, stays_in

_OF_PATTERNS: Final = (
    "check the folder and the ending; ** stands for all folders below, and quotes keep it from the shell"
)
Packs = tuple[str, ...]


class Piece(Protocol):
    """What one worker does at a time: a scenario file, or a part of a table."""

    @property
    def name(self) -> str:
        """What it is called; no other piece of the batch is."""

    @property
    def source(self) -> str:
        """The file that it reads."""

    @property
    def noun(self) -> str:
        """What it is, in messages."""

    @property
    def again(self) -> str:
        """The command that tries it alone."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one piece: its results in each format, or its problems.

    Where the worker wrote the results as well, `record` is what is to be said of them, or `failure` what kept it
    from writing.
    """

    job: Piece
    sha256: str = ""
    key: str = ""
    packs: Packs = ()
    used: tuple[str, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    summary: Summary = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    record: Record | None = None
    failure: OSError | None = None


class Worker(Protocol):
    """Carries out jobs; `Desk` is the one that evaluates."""

    def carry_out(self, job: Any) -> Done:
        """What became of one job."""

    def carry_out_many(self, jobs: Sequence[Any]) -> Iterator[Done]:
        """What became of each of several jobs, in their order."""


def carried_out(desk: Worker, jobs: Sequence[Piece]) -> Iterator[Done]:
    """What became of each job, in their order; a fault of ours is told of and costs no other file anything."""
    done = 0
    if len(jobs) > 1:
        with suppress(Exception):  # whose fault it is comes out below, where each is alone
            for each in desk.carry_out_many(jobs):
                done += 1
                yield each
    for job in jobs[done:]:
        yield _alone(desk, job)


def _alone(desk: Worker, job: Piece) -> Done:
    try:
        return desk.carry_out(job)
    except Exception as error:  # noqa: BLE001 - the last resort before the process ends
        return fault(job, error)


def fault(job: Piece, error: Exception) -> Done:
    """What is to be said of a job in which we failed."""
    what = " ".join(f"{type(error).__name__}: {error}".split())[:300]
    hint = f"please report it, with what POLICYENGINE_DEBUG=1 {job.again} shows for this {job.noun}"
    return Done(job, problems=(Problem("E303", f"a fault of policyengine: {what}", hint, Span.whole(job.source)),))


class _Checked(NamedTuple):
    """A file that can be evaluated."""

    job: Job
    packs: Packs
    file: ScenarioFile


class Desk:
    """Evaluates files, with one rulebook and one engine for each set of packs."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings of the run."""
        self._settings = settings
        self._ready: dict[Packs, tuple[Rulebook, Choice] | InputError] = {}

    def carry_out(self, job: Job) -> Done:
        """Evaluate one file; what is wrong with it or with its packs comes back as problems."""
        (done,) = self.carry_out_many([job])
        return done

    def carry_out_many(self, jobs: Sequence[Job]) -> Iterator[Done]:
        """Evaluate several files, those with the same packs together."""
        found = [self._checked(job) for job in jobs]
        together: dict[Packs, list[ScenarioFile]] = {}
        for each in found:
            if isinstance(each, _Checked):
                together.setdefault(each.packs, []).append(each.file)
        results = {packs: evaluate_scenarios(files, *self.ready(packs)) for packs, files in together.items()}
        for each in found:
            yield each if isinstance(each, Done) else self._evaluated(each, next(results[each.packs]))

    def _checked(self, job: Job) -> _Checked | Done:
        sha256 = ""
        try:
            document = examine_document(inside(job), places=False)
            sha256 = document.sha256
            packs = self.packs_of(document)
            return _Checked(job, packs, check_scenario(document, self.ready(packs)[0].vocabulary))
        except InputError as error:
            return Done(job, sha256, problems=error.problems)

    def packs_of(self, document: Document) -> Packs:
        """The packs named for all files, else those that the file names, else none: the default ones."""
        return self._settings.packs or packs_found(document)

    def ready(self, packs: Packs) -> tuple[Rulebook, Choice]:
        """The rulebook and the engine of a set of packs, made once; raises InputError each time if they are bad."""
        if packs not in self._ready:
            try:
                rulebook = load_rulebook(packs or default_packs())
                self._ready[packs] = rulebook, make_engine(self._settings.engine, rulebook)
            except InputError as error:
                self._ready[packs] = error
        found = self._ready[packs]
        if isinstance(found, InputError):
            raise found
        return found

    def _evaluated(self, checked: _Checked, result: Result) -> Done:
        job, packs, file = checked
        rulebook, choice = self.ready(packs)
        arguments = [job.source, *pack_options(self._settings)]
        made = Evaluated(result, file.scenario, rulebook, arguments, engine_options(self._settings))
        return Done(
            job,
            file.sha256,
            key_of(job.source, file.sha256, self._settings, rulebook, choice),
            packs,
            tuple(pack.id for pack in rulebook.packs),
            {form: WRITERS[form].write(made) for form in self._settings.formats},
            summary_of(result, file.scenario),
        )


def inside(job: Job) -> Path:
    """The path of a file; one that was found in a folder must lie in it, wherever a link leads."""
    path = Path(job.source)
    if PATTERN.search(job.source) and not os.path.lexists(path):
        message = "As a pattern it matches no file, and there is none of this name"
        raise InputError([Problem("S001", message, _OF_PATTERNS, Span.whole(job.source))])
    if job.within and not stays_in(path, Path(job.within)):
        message = "This is a link out of the folder that was searched"
        raise InputError([Problem("S040", message, "name the file itself if it is meant", Span.whole(job.source))])
    return path


def problem_data(problem: Problem) -> dict[str, Any]:
    """A problem as plain data, with its place where it has one."""
    span = problem.span
    place = None if span is None or not span.line else {"line": span.line, "column": span.column}
    return {
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "file": None if span is None else span.file,
        **(place or {"line": None, "column": None}),
    }


def problem_of(data: dict[str, Any]) -> Problem:
    """A problem from plain data, which tell where it begins."""
    line, column = data["line"] or 0, data["column"] or 0
    span = data["file"] and Span(data["file"], line, column, line, column)
    return Problem(data["code"], data["message"], data["hint"], span)
