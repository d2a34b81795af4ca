"""Points must be bounded, and so small that their sums stay exact."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from policyengine.firing import MILLION, MOST_STRENGTH
from policyengine.lang.bounds import MOST_ELEMENTS, bounds
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.rule import Rulebook


def check(rulebook: Rulebook) -> Iterator[Finding]:
    """Refuse points without bound, and points whose sum could pass 2**53 millionths."""
    total = 0.0
    for rule in rulebook.rules:
        # A rule about ties or other jurisdictions can fire once for each of them.
        times = MOST_ELEMENTS if {"tie", "other", "burden"} & set(rule.subject) else 1
        for index, effect in enumerate(rule.effects):
            if effect.points is None:
                continue
            low, high = bounds(effect.points)
            location = ("then", index, "points")
            if not (isfinite(low) and isfinite(high)):
                yield Finding(rule.pack, rule.id, location, "P302", "these points may grow without limit", "bound them with clip(points, low, high)")
                continue
            total += max(abs(low), abs(high)) * rule.weight * MILLION * times
            if total > MOST_STRENGTH:
                yield Finding(rule.pack, rule.id, location, "P303", "the points of all rules together may grow too large to be added exactly",
                              "use smaller points, or bound them with clip(points, low, high)")
                return
