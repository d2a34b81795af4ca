"""Which rules did not fire for a jurisdiction on a layer, and how near each came.

What fails is looked at once for each threat and jurisdiction, whatever the layer, and put in words only where somebody
tells of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import inf
from typing import Final

from policyengine.engines.reasons import Looked, Part, Seen, named
from policyengine.explanation.whys import Failed, NotFired
from policyengine.lang.nodes import Node, conjuncts
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Rule

Reach = tuple[bool, bool, int, float, str]
_WHO: Final = frozenset({"jurisdiction.level", "jurisdiction.side", "jurisdiction.id"})


class Missed:
    """A rule that did not fire for one threat and jurisdiction, with what fails for the subject that came nearest.

    `undecided` says that facts which are missing could make it fire; `elsewhere`, that it is about jurisdictions of
    another level or side; `reach` is how far it was from firing, for sorting: undecided first, then the fewest failures
    and the least distance.
    """

    __slots__ = ("elsewhere", "failed", "reach", "rule", "undecided")

    def __init__(self, rule: str, failed: Sequence[Looked]) -> None:
        """Judge how near it came."""
        gaps = [part.distance for part in failed if part.distance is not None]
        self.rule = rule
        self.failed = failed
        self.undecided = all(part.holds is None for part in failed)
        self.elsewhere = any(part.holds is False and _says_who(part.node) for part in failed)
        self.reach: Reach = (self.elsewhere, not self.undecided, len(failed), min(gaps, default=inf), rule)

    def told(self) -> NotFired:
        """The same in words."""
        return NotFired(
            rule=self.rule,
            undecided=self.undecided,
            elsewhere=self.elsewhere,
            failed=tuple(_failed(part.part()) for part in self.failed),
        )


@lru_cache(maxsize=20_000)
def _says_who(node: Node) -> bool:
    """Whether a part of a condition sees who the jurisdiction is, and nothing else."""
    names = named(node)
    return bool(names) and _WHO.issuperset(names)


@lru_cache(maxsize=20_000)
def _who_parts(when: Node) -> tuple[Node, ...]:
    return tuple(part for part in conjuncts(when) if _says_who(part))


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
    _missed: dict[tuple[int, int, int], Missed | None] = field(default_factory=dict)
    _elsewhere: dict[tuple[int, int], bool] = field(default_factory=dict)

    def of(self, rule: Rule, layer: str, threat: int, place: int) -> Missed | None:
        """What kept a rule from giving points on a layer; None if it is not about this threat and jurisdiction."""
        key = id(rule), threat, place
        if key not in self._missed:
            self._missed[key] = self._nearest(rule, threat, place)
        found = self._missed[key]
        if found is None or found.failed:
            return found
        return Missed(rule.name, self._unknown_points(rule, layer, threat, place))

    def elsewhere(self, rule: Rule, place: int) -> bool:
        """Whether a rule is about jurisdictions of another level or side than this one, whatever the threat."""
        key = id(rule), place
        found = self._elsewhere.get(key)
        if found is None:
            bindings = {"jurisdiction": self.facts.jurisdictions[place]}
            looked = [each for part in _who_parts(rule.when) for each in self._seen.looked(part, bindings)]
            found = self._elsewhere[key] = any(each.holds is False for each in looked)
        return found

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
