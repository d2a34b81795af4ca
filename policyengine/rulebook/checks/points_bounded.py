"""Points must be bounded, and so small that their sums stay exact."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite, prod

from policyengine.domain.scenario import MOST_JURISDICTIONS, MOST_THREATS
from policyengine.firing import MILLION, MOST_STRENGTH
from policyengine.lang.bounds import MOST_ELEMENTS, bounds
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.rule import Rulebook

MOST_SUBJECTS = 2_000_000
"""For more subjects of one rule no engine has the memory."""
_OF_A_SCORE = ("threat", "jurisdiction")


def check(rulebook: Rulebook) -> Iterator[Finding]:
    """Refuse points without bound, and points whose sum could pass 2**53 millionths."""
    most = _most_records(rulebook)
    total = 0.0
    for rule in rulebook.rules:
        for index, effect in enumerate(rule.effects):
            if effect.points is None:
                continue
            low, high = bounds(effect.points)
            location = ("then", index, "points")
            if not (isfinite(low) and isfinite(high)):
                message, hint = "these points may grow without limit", "bound them with clip(points, low, high)"
                yield Finding(rule.pack, rule.id, location, "P302", message, hint)
                continue
            # A score is added up for one threat and one jurisdiction, what favours a model over all of them.
            added = [root for root in rule.subject if effect.kind == "favour" or root not in _OF_A_SCORE]
            times = min(prod(most[root] for root in added), MOST_SUBJECTS)
            total += max(abs(low), abs(high)) * rule.weight * MILLION * times
            if total > MOST_STRENGTH:
                message = "the points of all rules together may grow too large to be added exactly"
                hint = "use smaller points, or bound them with clip(points, low, high)"
                yield Finding(rule.pack, rule.id, location, "P303", message, hint)
                return


def _most_records(rulebook: Rulebook) -> dict[str, int]:
    """For how many records of each kind a rule can fire at most."""
    words = rulebook.vocabulary.words
    return {
        "threat": MOST_THREATS, "jurisdiction": MOST_JURISDICTIONS, "other": MOST_JURISDICTIONS, "tie": MOST_ELEMENTS,
        "burden": len(words("cost_measures")) * len(words("benefit_bases")), "model": len(words("models")),
    }  # fmt: skip
