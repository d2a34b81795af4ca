"""What is done for one file: read, check, evaluate, render. It runs in a process of its own and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policyengine.analysis.summary import Summary, summary_of
from policyengine.batch.inputs import Job
from policyengine.batch.settings import Settings, engine_options, key_of, pack_options
from policyengine.batch.writers import WRITERS, Evaluated
from policyengine.engines.interface import Choice, make_engine
from policyengine.errors import InputError, Problem, Span
from policyengine.evaluation import evaluate_scenario
from policyengine.rulebook.loading import default_packs, load_rulebook
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import check_scenario, packs_found
from policyengine.source import Document, examine_document

Packs = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file: its results in each format, or its problems."""

    job: Job
    sha256: str = ""
    key: str = ""
    packs: Packs = ()
    used: tuple[str, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    summary: Summary = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


class Desk:
    """Evaluates one file after the other, with one rulebook and one engine for each set of packs."""

    def __init__(self, settings: Settings) -> None:
        """Take the settings of the run."""
        self._settings = settings
        self._ready: dict[Packs, tuple[Rulebook, Choice] | InputError] = {}

    def carry_out(self, job: Job) -> Done:
        """Evaluate one file; what is wrong with it or with its packs comes back as problems."""
        sha256 = ""
        try:
            document = examine_document(_inside(job))
            sha256 = document.sha256
            packs = self.packs_of(document)
            rulebook, choice = self.ready(packs)
            return self._evaluated(job, document, packs, rulebook, choice)
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

    def _evaluated(self, job: Job, document: Document, packs: Packs, rulebook: Rulebook, choice: Choice) -> Done:
        file = check_scenario(document, rulebook.vocabulary)
        result = evaluate_scenario(file.scenario, file.sha256, rulebook, choice)
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


def _inside(job: Job) -> Path:
    """The path of a file; one that was found in a folder must lie in it, wherever a link leads."""
    path = Path(job.source)
    if job.within and not path.resolve().is_relative_to(Path(job.within).resolve()):
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
