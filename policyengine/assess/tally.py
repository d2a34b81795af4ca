"""Adding up firings: scores, bars and favours, for the packs of one view."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np

from policyengine.assess.allocation import Flags, Scores
from policyengine.firing import FiringTable
from policyengine.rulebook.rule import Rulebook


@dataclass(frozen=True, slots=True)
class Shape:
    """How many threats, layers, jurisdictions and models there are."""

    threats: int
    layers: tuple[str, ...]
    jurisdictions: int
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Sums over firings. Arrays have the shape (threats, layers, jurisdictions); `favour` has (models,).

    `parts` and `favour_parts` name the places in the firing table that make up each cell.
    """

    scores: Scores
    barred: Flags
    lead_barred: Flags
    favour: Scores
    parts: dict[tuple[int, int, int], list[int]] = field(default_factory=dict)
    favour_parts: dict[int, list[int]] = field(default_factory=dict)


def tally(rulebook: Rulebook, table: FiringTable, shape: Shape, packs: Collection[str]) -> Tally:
    """Add up the firings of the rules of `packs`."""
    size = (shape.threats, len(shape.layers), shape.jurisdictions)
    sums = Tally(
        np.zeros(size, np.int64),
        np.zeros(size, np.bool_),
        np.zeros(size, np.bool_),
        np.zeros(len(shape.models), np.int64),
    )
    layers = {layer: place for place, layer in enumerate(shape.layers)}
    models = {model: place for place, model in enumerate(shape.models)}
    points: dict[tuple[int, int, int], int] = {}
    for number, firing in enumerate(table.fired):
        rule = rulebook.rules[firing.rule]
        if rule.pack not in packs:
            continue
        effect = rule.effects[firing.effect]
        if effect.kind in ("score", "bar"):
            cell = (firing.subject.threat, layers[effect.target], firing.subject.jurisdiction)
            sums.parts.setdefault(cell, []).append(number)
            if effect.kind == "score":
                points[cell] = points.get(cell, 0) + firing.strength
            else:
                (sums.lead_barred if effect.lead_only else sums.barred)[cell] = True
        elif effect.kind == "favour":
            model = firing.subject.model if effect.target == "model" else models[effect.target]
            sums.favour[model] += firing.strength
            sums.favour_parts.setdefault(model, []).append(number)
    if points:
        sums.scores[tuple(zip(*points, strict=True))] = list(points.values())
    return sums
