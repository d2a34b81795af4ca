"""Why, and why not: for each threat, layer and jurisdiction the rules that gave it points and those that did not."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from policyengine.assess.result import Cell, Part, Result, Standing
from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import Choice
from policyengine.engines.reasons import Part as ConditionPart
from policyengine.engines.reasons import marked_facts, parts
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
    facts = facts_of(scenario, rulebook.vocabulary)
    marked = marked_facts(rulebook, facts, Reference(rulebook).run(facts))
    whys = [
        _why(result, cell, standing, scenario, rulebook, marked)
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


def _why(result: Result, cell: Cell, standing: Standing, scenario: Scenario, rulebook: Rulebook, facts: Facts) -> Why:
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
        not_fired=() if leads else tuple(_not_fired(result, standing, cell.layer, threat, place, rulebook, facts)),
        could_bar=tuple(_could_bar(cell.layer, threat, place, rulebook, facts)) if leads else (),
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
    result: Result, standing: Standing, layer: str, threat: int, place: int, rulebook: Rulebook, facts: Facts
) -> Iterator[NotFired]:
    fired = {result.firings[number].rule for number in standing.firings}
    constant = facts.roots(rulebook.parameter_values)
    for rule in rulebook.rules:
        if rule.name in fired or not any(_can_help(effect, layer) for effect in rule.effects):
            continue
        nearest = _nearest(rule, layer, facts, constant, threat, place)
        if nearest is not None:
            yield nearest


def _could_bar(layer: str, threat: int, place: int, rulebook: Rulebook, facts: Facts) -> Iterator[NotFired]:
    constant = facts.roots(rulebook.parameter_values)
    for rule in rulebook.rules:
        if any(effect.kind == "bar" and effect.target == layer for effect in rule.effects):
            nearest = _nearest(rule, layer, facts, constant, threat, place)
            if nearest is not None and nearest.undecided and nearest.failed:
                yield nearest


def _can_help(effect: Effect, layer: str) -> bool:
    """Whether an effect can give points on the layer; one that only takes them away did nobody harm by its silence."""
    return effect.target == layer and effect.points is not None and bounds(effect.points).high > 0


def _nearest(rule: Rule, layer: str, facts: Facts, constant: Bindings, threat: int, place: int) -> NotFired | None:
    """Of the subjects for which the rule might have fired, the one that came nearest."""
    best: tuple[int, NotFired] | None = None
    for subject, bindings in facts.subjects(rule.subject):
        if not _about(subject, threat, place):
            continue
        missed = [part for part in parts(rule.when, constant | bindings) if part.holds is not True]
        missed = missed or _unknown_points(rule, layer, constant | bindings)
        found = NotFired(
            rule=rule.name, undecided=all(part.holds is None for part in missed), failed=tuple(map(_failed, missed))
        )
        if best is None or len(missed) < best[0]:
            best = (len(missed), found)
    return None if best is None else best[1]


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
