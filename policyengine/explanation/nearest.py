"""Which rules did not fire for a jurisdiction on a layer, and how near each came.

What fails is looked at once for each threat and jurisdiction, whatever the layer, and put in words only where somebody
tells of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from policyengine.engines.reasons import Looked, Part, Seen, named
from policyengine.explanation.whys import Failed, NotFired
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Rule

_WHO: Final = frozenset({"jurisdiction.level", "jurisdiction.side", "jurisdiction.id"})


@dataclass
class Missed:
    """A rule that did not fire for one threat and jurisdiction, with what fails for the subject that came nearest."""

    rule: str
    failed: Sequence[Looked]

    @cached_property
    def undecided(self) -> bool:
        """Whether facts that are missing could make it fire."""
        return all(part.holds is None for part in self.failed)

    @cached_property
    def elsewhere(self) -> bool:
        """Whether it is about jurisdictions of another level or side, so that no fact could make it fire."""
        return any(part.holds is False and _says_who(named(part.node)) for part in self.failed)

    @cached_property
    def reach(self) -> tuple[bool, bool, int, float, str]:
        """How far it was from firing, for sorting: undecided first, then the fewest failures and the least distance."""
        gaps = [part.distance for part in self.failed if part.distance is not None]
        return self.elsewhere, not self.undecided, len(self.failed), min(gaps, default=float("inf")), self.rule

    def told(self) -> NotFired:
        """The same in words."""
        return NotFired(
            rule=self.rule,
            undecided=self.undecided,
            elsewhere=self.elsewhere,
            failed=tuple(_failed(part.part()) for part in self.failed),
        )


def _says_who(names: Sequence[str]) -> bool:
    return bool(names) and _WHO.issuperset(names)


def _failed(part: Part) -> Failed:
    return Failed(
        text=part.text,
        seen=part.seen,
        distance=None if part.distance is None else round(part.distance, 6),
        missing=part.missing,
    )


@dataclass
class Nearest:
    """Of the subjects of one scenario for which a rule might have fired, the one that came nearest.

    `facts` carry the marks that rules put on them.
    """

    facts: Facts
    parameters: Mapping[str, float]
    _seen: Seen = field(default_factory=Seen)
    _subjects: dict[tuple[str, ...], dict[tuple[int, int], list[Bindings]]] = field(default_factory=dict)
    _missed: dict[tuple[str, int, int], Missed | None] = field(default_factory=dict)

    def of(self, rule: Rule, layer: str, threat: int, place: int) -> Missed | None:
        """What kept a rule from giving points on a layer; None if it is not about this threat and jurisdiction."""
        key = (rule.name, threat, place)
        if key not in self._missed:
            self._missed[key] = self._nearest(rule, threat, place)
        found = self._missed[key]
        if found is None or found.failed:
            return found
        return Missed(rule.name, self._unknown_points(rule, layer, threat, place))

    def _nearest(self, rule: Rule, threat: int, place: int) -> Missed | None:
        """What fails of its condition, the same on every layer; nothing if it holds for some subject."""
        best: list[Looked] | None = None
        for bindings in self._about(rule, threat, place):
            failed = self._seen.failing(rule.when, bindings)
            if best is None or len(failed) < len(best):
                best = failed
        return None if best is None else Missed(rule.name, best)

    def _unknown_points(self, rule: Rule, layer: str, threat: int, place: int) -> Sequence[Looked]:
        """What keeps its points from being known where its condition holds."""
        points = [effect.points for effect in rule.effects if effect.target == layer and effect.points is not None]
        unknown: list[list[Looked]] = []
        for bindings in self._about(rule, threat, place):
            failed = self._seen.failing(rule.when, bindings)
            lacks = [part for node in points for part in self._seen.looked(node, bindings) if part.holds is None]
            unknown.append(failed or lacks)
        return min(unknown, key=len)

    def _about(self, rule: Rule, threat: int, place: int) -> list[Bindings]:
        """What the names of a rule stand for, for each of its subjects that are about these."""
        found = self._subjects.get(rule.subject)
        if found is None:
            found = self._subjects[rule.subject] = {}
            constant = self.facts.roots(self.parameters)
            for subject, own in self.facts.subjects(rule.subject):
                found.setdefault((subject.threat, subject.jurisdiction), []).append(constant | own)
        return found.get((threat if "threat" in rule.subject else -1, place), [])
