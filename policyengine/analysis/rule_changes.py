"""Two rulebooks side by side: which rules and parameters changed in meaning, and which only in wording.

Conditions and points are compared as checked trees, so another layout of the same condition is no change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from policyengine.lang.show import number_text, show
from policyengine.rulebook.rule import Effect, Rule, Rulebook

Aspect = Literal["condition", "effects", "weight", "nature", "claims", "wording"]


@dataclass(frozen=True, slots=True)
class AspectChange:
    """One thing about a rule that differs, before and after, in words."""

    aspect: Aspect
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that stands in both rulebooks and differs."""

    rule: str
    aspects: tuple[AspectChange, ...]

    @property
    def only_wording(self) -> bool:
        """Whether no evaluation can tell the two apart."""
        return all(each.aspect == "wording" for each in self.aspects)


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter, `name@pack`, with its values; None where it does not exist."""

    parameter: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class RulebookChange:
    """Names of rules added and removed, rules changed, and parameters whose value differs."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[RuleChange, ...]
    parameters: tuple[ParameterChange, ...]


def compare_rulebooks(before: Rulebook, after: Rulebook) -> RulebookChange:
    """Tell what differs, in order of names."""
    old, new = ({rule.name: rule for rule in book.rules} for book in (before, after))
    pairs = [(name, _aspects(old[name], new[name])) for name in sorted(old.keys() & new)]
    return RulebookChange(
        added=tuple(sorted(new.keys() - old)),
        removed=tuple(sorted(old.keys() - new)),
        changed=tuple(RuleChange(name, aspects) for name, aspects in pairs if aspects),
        parameters=_parameters(before.parameter_values, after.parameter_values),
    )


def _parameters(before: Mapping[str, float], after: Mapping[str, float]) -> tuple[ParameterChange, ...]:
    names = sorted(before.keys() | after)
    changes = (ParameterChange(name, before.get(name), after.get(name)) for name in names)
    return tuple(change for change in changes if change.before != change.after)


def _aspects(old: Rule, new: Rule) -> tuple[AspectChange, ...]:
    """What differs; wording counts only where the trees are the same, since a new condition has new words anyway."""
    found = [
        _aspect("effects", _effects(old), _effects(new)),
        _aspect("weight", number_text(old.weight), number_text(new.weight)),
        _aspect("nature", old.nature, new.nature),
        _aspect("claims", ", ".join(sorted(old.claims)), ", ".join(sorted(new.claims))),
        _aspect("wording", old.why, new.why),
    ]
    if old.when is not new.when:
        found.insert(0, AspectChange("condition", show(old.when), show(new.when)))
    else:
        found.append(_aspect("wording", old.when_text, new.when_text))
    return tuple(each for each in found if each is not None)


def _aspect(aspect: Aspect, before: str, after: str) -> AspectChange | None:
    return None if before == after else AspectChange(aspect, before, after)


def _effects(rule: Rule) -> str:
    return "; ".join(map(_effect, rule.effects))


def _effect(effect: Effect) -> str:
    points = f": {show(effect.points)}" if effect.points is not None else ""
    lead = " from lead" if effect.lead_only else ""
    parties = f" ({', '.join(effect.parties)})" if effect.parties else ""
    return f"{effect.kind} {effect.target}{lead}{parties}{points}"
