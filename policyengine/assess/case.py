"""What all assessments look at: the scenario, the rules, the facts and the firings of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import NamedTuple

import numpy as np

from policyengine.assess.allocation import Places, Thresholds
from policyengine.assess.tally import Shape, Tally, tally
from policyengine.domain.scenario import Scenario
from policyengine.firing import FiringTable, Subject, Undecided
from policyengine.rulebook.facts import Facts
from policyengine.rulebook.rule import Rulebook

Ranges = Mapping[Undecided, tuple[int, int]]
"""For each undecided effect with points, the least and the greatest strength it could have, 0 included."""


def thresholds_of(rulebook: Rulebook) -> Thresholds:
    """How points become roles, from the packs' parameters."""
    plain, find = Thresholds(), rulebook.parameter
    return Thresholds(**{each.name: round(find(each.name, getattr(plain, each.name))) for each in fields(Thresholds)})


def packs_of_views(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    """The packs of each view: `all`, and each opinion pack alone with whatever is no opinion."""
    opinions = [pack.id for pack in rulebook.packs if pack.file.role == "opinion"]
    common = frozenset(pack.id for pack in rulebook.packs if pack.file.role != "opinion")
    alone = {opinion: common | {opinion} for opinion in opinions} if len(opinions) > 1 else {}
    return {"all": common | frozenset(opinions), **alone}


Spot = tuple[int, int]
"""A cell by its places: threat and layer."""


class Touch(NamedTuple):
    """What an undecided effect could do to a cell; one that `bars` has no points."""

    pack: str
    spot: Spot
    actor: int
    bars: bool
    least: int
    most: int


@dataclass(frozen=True)
class Case:
    """One run, before it is assessed."""

    scenario: Scenario
    rulebook: Rulebook
    facts: Facts
    table: FiringTable
    ranges: Ranges

    @cached_property
    def shape(self) -> Shape:
        """The sizes of the arrays."""
        vocabulary = self.rulebook.vocabulary
        return Shape(
            len(self.scenario.threats),
            vocabulary.words("layers"),
            len(self.scenario.jurisdictions),
            vocabulary.words("models"),
        )

    @cached_property
    def side(self) -> Places:
        """The side of each jurisdiction, as a number."""
        sides = self.rulebook.vocabulary.words("sides")
        return np.array([sides.index(each.side) for each in self.scenario.jurisdictions], dtype=np.intp)

    @cached_property
    def thresholds(self) -> Thresholds:
        """How points become roles, from the packs' parameters."""
        return thresholds_of(self.rulebook)

    @cached_property
    def views(self) -> dict[str, frozenset[str]]:
        """The packs of each view."""
        return packs_of_views(self.rulebook)

    def tally(self, packs: frozenset[str]) -> Tally:
        """The sums over the firings of these packs, added up once."""
        if packs not in self._tallies:
            self._tallies[packs] = tally(self.rulebook, self.table, self.shape, packs)
        return self._tallies[packs]

    @cached_property
    def _tallies(self) -> dict[frozenset[str], Tally]:
        return {}

    @cached_property
    def touches(self) -> dict[Undecided, Touch]:
        """What each undecided effect could do to a cell; those that are about none are left out."""
        layers = {layer: place for place, layer in enumerate(self.shape.layers)}
        found = {}
        for row in self.table.undecided:
            rule = self.rulebook.rules[row.rule]
            effect = rule.effects[row.effect]
            if effect.kind in ("score", "bar"):
                spot, bars = (row.subject.threat, layers[effect.target]), effect.kind == "bar"
                least, most = (0, 0) if bars else self.ranges[row]
                found[row] = Touch(rule.pack, spot, row.subject.jurisdiction, bars, least, most)
        return found

    def named(self, subject: Subject) -> dict[str, str]:
        """A subject with ids for places; the same for all who ask, so nobody may change it."""
        found = self._named.get(subject)
        if found is None:
            found = self._named[subject] = self._name(subject)
        return found

    @cached_property
    def _named(self) -> dict[Subject, dict[str, str]]:
        return {}

    def _name(self, subject: Subject) -> dict[str, str]:
        places = self.scenario
        found: dict[str, str] = {}
        if subject.threat >= 0:
            found["threat"] = places.threats[subject.threat].id
        if subject.jurisdiction >= 0:
            found["jurisdiction"] = places.jurisdictions[subject.jurisdiction].id
        if subject.tie >= 0:
            found["tie"] = (places.ties or [])[subject.tie].id
            found["partner"] = places.jurisdictions[subject.partner].id
        if subject.other >= 0:
            found["other"] = places.jurisdictions[subject.other].id
        if subject.model >= 0:
            found["model"] = self.shape.models[subject.model]
        if subject.burden >= 0:
            row = self.facts.burden_rows[subject.burden]
            found["cost_measure"], found["basis"] = row.cost_measure, row.basis
        return found
