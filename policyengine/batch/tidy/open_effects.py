"""Which effects of rules are undecided for whom: a result names the rules, the rulebook what they would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policyengine.assess.result import Result
from policyengine.rulebook.rule import Rulebook

Places = Mapping[tuple[str, str, str], Sequence[str]]
"""For a threat, a layer and a jurisdiction: the pack of each undecided effect."""


def open_effects(result: Result, rulebook: Rulebook) -> Places:
    """The undecided scores and bars of a result.

    A rule that is open for a subject has each of its effects undecided, save those that fired: where the condition
    holds and the points of one effect are unknown, the others fire.
    """
    fired = {(each.rule, each.effect, frozenset(each.subject.items())) for each in result.firings}
    effects = {rule.name: rule.effects for rule in rulebook.rules}
    found: dict[tuple[str, str, str], list[str]] = {}
    for each in result.undecided:
        pack = each.rule.partition("/")[0]
        for subject in each.subjects:
            for number, effect in enumerate(effects[each.rule]):
                known = (each.rule, number, frozenset(subject.items())) in fired
                if effect.kind in ("score", "bar") and not known:
                    place = subject["threat"], effect.target, subject["jurisdiction"]
                    found.setdefault(place, []).append(pack)
    return found
