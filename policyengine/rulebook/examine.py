"""Everything that can be found in packs, told and never raised: what `rules check` and an editor show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from policyengine import shipped
from policyengine.errors import InputError, Problem, Problems
from policyengine.lang.check import check
from policyengine.lang.types import Boolean
from policyengine.rulebook.checks import check_quality
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.loading import Gathered, gather
from policyengine.rulebook.rule import Rulebook
from policyengine.source import Document, examine_document


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in packs. `rulebook` holds the rules without errors; None if no pack could be read at all.

    `problems` are errors, warnings and notes (`Problem.severity`), in the order of files and lines.
    """

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether the packs can be used: there may be warnings and notes, but no error."""
        return not any(problem.severity == "error" for problem in self.problems)


def examine_packs(packs: Sequence[str | Path]) -> Examined:
    """Find all that is wrong or doubtful in packs, given by shipped name or folder, with those that they extend.

    A file that cannot be used does not keep the others from being examined. Nothing is raised for what packs hold.
    """
    gathered = gather(packs)
    problems = Problems()
    problems.extend(gathered.problems.items)
    places = _Places(gathered)
    for finding in check_quality(gathered.rulebook):
        places.add(finding, problems)
    return Examined(gathered.rulebook if gathered.packs else None, tuple(dict.fromkeys(problems.items)))


class _Places:
    """Turns findings into problems at their place in a file."""

    def __init__(self, gathered: Gathered) -> None:
        self._rulebook = gathered.rulebook
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
        problems.add(finding.code, finding.message, finding.hint, span, document.excerpt(span))

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
        if finding.part is None or rule is None or finding.location != ("when",):
            return None
        return check(rule.when_text, self._rulebook.schemas[rule.pack], Boolean).places.get(finding.part)


def _read(path: Path) -> Document | None:
    try:
        return examine_document(path)
    except InputError:
        return None
