"""Everything that can be found in packs, told and never raised: what `rules check` and an editor show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policyengine import shipped
from policyengine.errors import InputError, Problem, Problems
from policyengine.rulebook.checks import Steps, check_quality
from policyengine.rulebook.checks.accepted import without_accepted
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.loading import Gathered, gather
from policyengine.rulebook.pack_groups import extending, groups
from policyengine.rulebook.reasoning.witness import Evaluate
from policyengine.rulebook.rule import Rule, Rulebook
from policyengine.source import Document, examine_document, real_path


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in packs. `rulebook` holds the rules without errors; None if no pack could be read at all.

    `problems` are errors, warnings and notes (`Problem.severity`), in the order of files and lines. `usable` says
    whether the packs can be loaded: what is only doubtful, even a rule that never fires, does not prevent that.
    """

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    usable: bool


def examine_packs(packs: Sequence[str | Path], evaluate: Evaluate | None = None, steps: Steps = iter) -> Examined:
    """Find all that is wrong or doubtful in packs, given by shipped name or folder, with those that they extend.

    A file that cannot be used does not keep the others from being examined. Nothing is raised for what packs hold.
    With the meaning of the language (`engines.reference.evaluate`), findings show facts for which they hold.
    """
    gathered = gather(packs)
    problems = Problems()
    problems.extend(gathered.problems.items)
    asked = _asked(packs, gathered)
    readers = _readers(packs, gathered)
    broken = _broken(gathered) if readers is not None else frozenset(pack.file.pack for pack in gathered.packs)
    study = Study(gathered.rulebook, asked, evaluate, broken, readers or ())
    places = _Places(gathered, study)
    for finding in without_accepted(study, _accepted(gathered, study), check_quality(study, steps)):
        places.add(finding, problems)
    found = tuple(dict.fromkeys(problems.items))
    return Examined(gathered.rulebook if gathered.packs else None, found, usable=not gathered.problems.items)


def examine_apart(packs: Sequence[str | Path], evaluate: Evaluate | None = None, steps: Steps = iter) -> list[Examined]:
    """Examine packs, those that have nothing to do with one another each by itself."""
    return [examine_packs(group, evaluate, steps) for group in groups(packs)]


def _asked(packs: Sequence[str | Path], gathered: Gathered) -> frozenset[str]:
    """The names of the packs that were asked for, without those that only come with them."""
    folders = {real_path(Path(pack)) for pack in packs}
    return frozenset(
        pack.file.pack for pack in gathered.packs if pack.file.pack in packs or real_path(pack.folder) in folders
    )


def _readers(packs: Sequence[str | Path], gathered: Gathered) -> tuple[Rule, ...] | None:
    """The rules of packs beside these that extend them: they may use what these declare; None if they are broken."""
    known = {real_path(pack.folder) for pack in gathered.packs}
    beside = [each for each in extending([pack.folder for pack in gathered.packs]) if real_path(each) not in known]
    if not beside:
        return ()
    wider = gather([*packs, *beside])
    names = {pack.file.pack for pack in gathered.packs}
    whole = len(wider.problems) == len(gathered.problems)
    return tuple(rule for rule in wider.rulebook.rules if rule.pack not in names) if whole else None


def _broken(gathered: Gathered) -> frozenset[str]:
    """Packs with a file that could not be used, or whose folder could not be read."""
    files = {Path(problem.span.file) for problem in gathered.problems.items if problem.span}
    folders = {folder for file in files for folder in (file, *file.parents)}
    return frozenset(pack.file.pack for pack in gathered.packs if not pack.whole or pack.folder in folders)


def _accepted(gathered: Gathered, study: Study) -> dict[tuple[str, str], frozenset[str]]:
    """The codes that each rule accepts; one with errors is not examined, and not told what it need not accept."""
    compiled = {(rule.pack, rule.id) for rule in study.rules}
    files = {(pack.file.pack, rule.file.rule): rule.file for pack in gathered.packs for rule in pack.rules}
    return {name: frozenset(file.accepts) for name, file in files.items() if name in compiled and file.accepts}


class _Places:
    """Turns findings into problems at their place in a file."""

    def __init__(self, gathered: Gathered, study: Study) -> None:
        self._study = study
        self._rules = gathered.documents
        self._packs = {pack.file.pack: pack for pack in gathered.packs}
        self._names = {rule.name: rule for rule in gathered.rulebook.rules}
        self._sources: dict[Path, Document | None] = {}

    def add(self, finding: Finding, problems: Problems) -> None:
        """Add a finding to the problems; one whose file cannot be found stands without a place."""
        document = self._document(finding)
        if document is None:
            problems.add(finding.code, finding.message, finding.hint)
            return
        span = document.span(finding.location, key=finding.key)
        part = self._part(finding)
        if part is not None:
            span = document.text_span(finding.location, *part)
        problems.add(finding.code, self._message(finding), finding.hint, span, document.excerpt(span))

    def _message(self, finding: Finding) -> str:
        """The message; one about a row of a table names it, because several rows may share a file or a line."""
        rule = self._names.get(f"{finding.pack}/{finding.rule}") if finding.within == "rule" else None
        if rule is None or rule.row is None or finding.location[:1] in (("table",), ("accepts",)):
            return finding.message
        return f"row '{rule.row}': {finding.message}"

    def _document(self, finding: Finding) -> Document | None:
        if finding.within == "rule":
            return self._rules.get((finding.pack, finding.rule))
        pack = self._packs[finding.pack]
        if finding.within == "pack":
            return pack.document
        own = pack.folder / "seeds" / f"{finding.rule}.yaml"
        path = own if own.is_file() else shipped.folder("seeds") / own.name
        if path not in self._sources:
            self._sources[path] = _read(path)
        return self._sources[path]

    def _part(self, finding: Finding) -> tuple[int, int] | None:
        """Which characters of the condition are meant, if the text there is the condition itself."""
        rule = self._names.get(f"{finding.pack}/{finding.rule}")
        if rule is None or finding.location != ("when",):
            return None
        if finding.part is None:
            return finding.characters
        return self._study.places(rule).get(finding.part)


def _read(path: Path) -> Document | None:
    try:
        return examine_document(path)
    except InputError:
        return None
