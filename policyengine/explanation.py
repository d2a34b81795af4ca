"""Why, and why not: for each threat, layer and jurisdiction the rules that gave it points and those that did not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from policyengine.assess.result import Cell, Part, Result, Standing
from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import Choice
from policyengine.engines.reasons import Part as ConditionPart
from policyengine.engines.reasons import failing, marked_facts, parts
from policyengine.engines.reference import Reference
from policyengine.errors.near_names import near_or_list
from policyengine.evaluation import evaluate_scenario
from policyengine.firing import Subject
from policyengine.lang.bounds import bounds
from policyengine.rulebook.facts import Bindings, Facts, facts_of
from policyengine.rulebook.rule import Effect, Rule, Rulebook


@dataclass(frozen=True, kw_only=True)
class Contribution(Part):
    """A rule that bears on a standing: its points in millionths, or its bar, with its claims."""

    rule: str
    strength: int
    times: int
    bar: bool
    nature: str
    why: str
    claims: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Failed(Part):
    """A part of a condition that does not hold: its text, what it saw, by how much it misses, what is unknown."""

    text: str
    seen: tuple[tuple[str, str], ...]
    distance: float | None
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NotFired(Part):
    """A rule that could have given points on the layer and did not, with the parts of its condition that failed."""

    rule: str
    undecided: bool
    failed: tuple[Failed, ...]


@dataclass(frozen=True, kw_only=True)
class Why(Part):
    """One jurisdiction on one layer for one threat.

    `could_bar` are rules that might rule it out of the layer or of leading it, if what they need were known.
    """

    threat: str
    layer: str
    standing: Standing
    behind: int | None
    contributions: tuple[Contribution, ...]
    not_fired: tuple[NotFired, ...]
    could_bar: tuple[NotFired, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Explanation(Part):
    """Explanations, in the order of threats, layers and scores, with the result that they explain."""

    result: Result
    whys: tuple[Why, ...]


def explain_scenario(
    scenario: Scenario, sha256: str, rulebook: Rulebook, threat: str | None, layer: str | None, jurisdiction: str | None
) -> Explanation:
    """Explain the allocation of all packs together; raises ValueError for an unknown name."""
    _known(threat, "threat", [each.id for each in scenario.threats])
    _known(layer, "layer", rulebook.vocabulary.words("layers"))
    _known(jurisdiction, "jurisdiction", [each.id for each in scenario.jurisdictions])
    result = evaluate_scenario(scenario, sha256, rulebook, Choice(Reference(rulebook)))
    return explain_result(result, scenario, rulebook, threat, layer, jurisdiction)


def explain_result(
    result: Result,
    scenario: Scenario,
    rulebook: Rulebook,
    threat: str | None = None,
    layer: str | None = None,
    jurisdiction: str | None = None,
) -> Explanation:
    """Explain a result that is there already, of whichever engine: all give the same."""
    facts = facts_of(scenario, rulebook.vocabulary)
    nearest = _Nearest(rulebook, marked_facts(rulebook, facts, Reference(rulebook).run(facts)))
    whys = [
        _why(result, cell, standing, scenario, rulebook, nearest)
        for cell in result.views[0].cells
        if threat in (None, cell.threat) and layer in (None, cell.layer)
        for standing in _standings(cell, scenario)
        if jurisdiction in (None, standing.jurisdiction)
    ]
    return Explanation(result=result, whys=tuple(whys))


def _known(name: str | None, kind: str, names: Collection[str]) -> None:
    if name is not None and name not in names:
        raise ValueError(f"there is no {kind} '{name}' here; {near_or_list(name, names)}")


def _standings(cell: Cell, scenario: Scenario) -> list[Standing]:
    """The standings of a cell, and an empty one for every jurisdiction that no rule speaks of there."""
    given = {standing.jurisdiction for standing in cell.standings}
    empty = [
        Standing(jurisdiction=each.id, role="none", score=0, share=None, share_of_side=None, barred="no", firings=())
        for each in scenario.jurisdictions
        if each.id not in given
    ]
    return [*cell.standings, *empty]


def _why(
    result: Result, cell: Cell, standing: Standing, scenario: Scenario, rulebook: Rulebook, nearest: _Nearest
) -> Why:
    threat = [each.id for each in scenario.threats].index(cell.threat)
    place = [each.id for each in scenario.jurisdictions].index(standing.jurisdiction)
    best = max((each.score for each in cell.standings if each.role in ("lead", "co-lead")), default=None)
    leads = standing.role in ("lead", "co-lead")
    return Why(
        threat=cell.threat,
        layer=cell.layer,
        standing=standing,
        behind=None if leads or best is None else max(best - standing.score, 0),
        contributions=_contributions(result, standing),
        not_fired=() if leads else tuple(_not_fired(result, standing, cell.layer, threat, place, rulebook, nearest)),
        could_bar=tuple(_could_bar(cell.layer, threat, place, rulebook, nearest)) if leads else (),
    )


def _contributions(result: Result, standing: Standing) -> tuple[Contribution, ...]:
    """The rules behind a standing, the weightiest first; their strengths add up to its score."""
    grouped: dict[tuple[str, bool], list[int]] = {}
    for number in standing.firings:
        fired = result.firings[number]
        grouped.setdefault((fired.rule, fired.kind == "bar"), []).append(fired.strength)
    found = [
        Contribution(
            rule=rule,
            strength=sum(strengths),
            times=len(strengths),
            bar=bar,
            nature=result.rules[rule].nature,
            why=result.rules[rule].why,
            claims=result.rules[rule].claims,
        )
        for (rule, bar), strengths in grouped.items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.bar, -abs(each.strength), each.rule)))


def _not_fired(
    result: Result, standing: Standing, layer: str, threat: int, place: int, rulebook: Rulebook, nearest: _Nearest
) -> Iterator[NotFired]:
    fired = {result.firings[number].rule for number in standing.firings}
    for rule in rulebook.rules:
        if rule.name in fired or not any(_can_help(effect, layer) for effect in rule.effects):
            continue
        found = nearest.of(rule, layer, threat, place)
        if found is not None:
            yield found


def _could_bar(layer: str, threat: int, place: int, rulebook: Rulebook, nearest: _Nearest) -> Iterator[NotFired]:
    for rule in rulebook.rules:
        if any(effect.kind == "bar" and effect.target == layer for effect in rule.effects):
            found = nearest.of(rule, layer, threat, place)
            if found is not None and found.undecided and found.failed:
                yield found


def _can_help(effect: Effect, layer: str) -> bool:
    """Whether an effect can give points on the layer; one that only takes them away did nobody harm by its silence."""
    return effect.target == layer and effect.points is not None and bounds(effect.points).high > 0


class _Nearest:
    """Of the subjects for which a rule might have fired, the one that came nearest."""

    def __init__(self, rulebook: Rulebook, facts: Facts) -> None:
        self._facts = facts
        self._constant = facts.roots(rulebook.parameter_values)
        self._missed: dict[tuple[str, int, int], list[tuple[Bindings, list[ConditionPart]]]] = {}

    def of(self, rule: Rule, layer: str, threat: int, place: int) -> NotFired | None:
        """What kept the rule from giving points on a layer; None if it is not about this threat and jurisdiction."""
        best: list[ConditionPart] | None = None
        for bindings, failed in self._about(rule, threat, place):
            missed = failed or _unknown_points(rule, layer, bindings)
            if best is None or len(missed) < len(best):
                best = missed
        if best is None:
            return None
        undecided = all(part.holds is None for part in best)
        return NotFired(rule=rule.name, undecided=undecided, failed=tuple(map(_failed, best)))

    def _about(self, rule: Rule, threat: int, place: int) -> list[tuple[Bindings, list[ConditionPart]]]:
        """The subjects of the rule that are about these, with what fails of the condition: the same on every layer."""
        key = (rule.name, threat, place)
        if key not in self._missed:
            found = self._missed[key] = []
            for subject, own in self._facts.subjects(rule.subject):
                if _about(subject, threat, place):
                    bindings = self._constant | own
                    found.append((bindings, failing(rule.when, bindings)))
        return self._missed[key]


def _unknown_points(rule: Rule, layer: str, bindings: Bindings) -> list[ConditionPart]:
    """What keeps the points of a rule from being known whose condition holds."""
    points = [effect.points for effect in rule.effects if effect.target == layer and effect.points is not None]
    return [part for node in points for part in parts(node, bindings) if part.missing]


def _about(subject: Subject, threat: int, place: int) -> bool:
    return subject.threat in (-1, threat) and subject.jurisdiction == place


def _failed(part: ConditionPart) -> Failed:
    return Failed(
        text=part.text,
        seen=part.seen,
        distance=None if part.distance is None else round(part.distance, 6),
        missing=part.missing,
    )
