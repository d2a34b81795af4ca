"""Explanations of results: who has which points from which rules, and which rules came near."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Final

from policyengine.assess.result import Cell, Fired, Result, Standing
from policyengine.domain.scenario import Scenario
from policyengine.engines.interface import Choice
from policyengine.engines.reasons import facts_with_marks
from policyengine.engines.reference import Reference
from policyengine.errors.near_names import near_or_list
from policyengine.evaluation import evaluate_scenario
from policyengine.explanation.nearest import Missed, Nearest
from policyengine.explanation.whys import Contribution, Explanation, Why
from policyengine.lang.bounds import bounds
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Effect, Rule, Rulebook

NEAREST: Final = 3
"""So many rules that came nearest are told of in a short explanation."""

_LEADS: Final = ("lead", "co-lead")
_reach = attrgetter("reach")
_Rules = Mapping[str, Sequence[Rule]]


def explain_scenario(
    scenario: Scenario, sha256: str, rulebook: Rulebook, threat: str | None, layer: str | None, jurisdiction: str | None
) -> Explanation:
    """Explain the allocation of all packs together; raises ValueError for an unknown name."""
    _known(threat, "threat", [each.id for each in scenario.threats])
    _known(layer, "layer", rulebook.vocabulary.words("layers"))
    _known(jurisdiction, "jurisdiction", [each.id for each in scenario.jurisdictions])
    result = evaluate_scenario(scenario, sha256, rulebook, Choice(Reference(rulebook)))
    return Explainer(rulebook).explain(result, scenario, threat, layer, jurisdiction)


def _known(name: str | None, kind: str, names: Collection[str]) -> None:
    if name is not None and name not in names:
        raise ValueError(f"there is no {kind} '{name}' here; {near_or_list(name, names)}")


class Explainer:
    """Explains results of one rulebook that are there already, of whichever engine: all give the same."""

    def __init__(self, rulebook: Rulebook) -> None:
        """Find out which rules can give points on which layer, and which can bar from it."""
        self.rulebook = rulebook
        self.helping: _Rules = _by_target(rulebook.rules, _can_help)
        self.rules = {rule.name: rule for rule in rulebook.rules}
        self.barring: _Rules = _by_target(rulebook.rules, lambda effect: effect.kind == "bar")

    def explain(
        self,
        result: Result,
        scenario: Scenario,
        threat: str | None = None,
        layer: str | None = None,
        jurisdiction: str | None = None,
    ) -> Explanation:
        """Everything about each jurisdiction, or about those that the three names leave over."""
        case = _Case(self, result, scenario)
        whys = [
            case.in_full(cell, standing)
            for cell in result.views[0].cells
            if threat in (None, cell.threat) and layer in (None, cell.layer)
            for standing in _standings(cell, scenario)
            if jurisdiction in (None, standing.jurisdiction)
        ]
        return Explanation(result=result, whys=tuple(whys))

    def explain_in_short(self, result: Result, scenario: Scenario) -> Explanation:
        """The points of everybody, and of each that does not lead the rules that came nearest."""
        case = _Case(self, result, scenario)
        whys = [
            case.in_short(cell, standing) for cell in result.views[0].cells for standing in _standings(cell, scenario)
        ]
        return Explanation(result=result, whys=tuple(whys))


def _by_target(rules: Iterable[Rule], chosen: Callable[[Effect], bool]) -> _Rules:
    """The rules that have a chosen effect on a target, by the target."""
    found: dict[str, list[Rule]] = {}
    for rule in rules:
        for target in dict.fromkeys(effect.target for effect in rule.effects if chosen(effect)):
            found.setdefault(target, []).append(rule)
    return found


def _can_help(effect: Effect) -> bool:
    """Whether an effect can give points; one that only takes them away did nobody harm by its silence."""
    return effect.points is not None and bounds(effect.points).high > 0


def _standings(cell: Cell, scenario: Scenario) -> list[Standing]:
    """The standings of a cell, and an empty one for every jurisdiction that no rule speaks of there."""
    given = {standing.jurisdiction for standing in cell.standings}
    empty = [
        Standing(jurisdiction=each.id, role="none", score=0, share=None, share_of_side=None, barred="no", firings=())
        for each in scenario.jurisdictions
        if each.id not in given
    ]
    return [*cell.standings, *empty]


class _Case:
    """One result with what its rules saw."""

    def __init__(self, explainer: Explainer, result: Result, scenario: Scenario) -> None:
        rulebook = explainer.rulebook
        facts = facts_with_marks(rulebook, facts_of(scenario, rulebook.vocabulary))
        self._explainer = explainer
        self._result = result
        self._nearest = Nearest(facts, rulebook.parameter_values)
        self._threats = {each.id: place for place, each in enumerate(scenario.threats)}
        self._jurisdictions = {each.id: place for place, each in enumerate(scenario.jurisdictions)}

    def in_full(self, cell: Cell, standing: Standing) -> Why:
        """Every rule that did not fire, or that could bar a lead."""
        leads = standing.role in _LEADS
        missed = () if leads else sorted(self._missed(cell, standing), key=_reach)
        barring = self._missing_bars(cell, standing) if leads else ()
        return self._why(cell, standing, missed, barring)

    def in_short(self, cell: Cell, standing: Standing) -> Why:
        """The few rules that came nearest."""
        near = () if standing.role in _LEADS else sorted(self._missed(cell, standing, here=True), key=_reach)
        return self._why(cell, standing, near[:NEAREST])

    def _why(self, cell: Cell, standing: Standing, missed: Iterable[Missed], barring: Iterable[Missed] = ()) -> Why:
        best = max((each.score for each in cell.standings if each.role in _LEADS), default=None)
        behind = None if standing.role in _LEADS or best is None else max(best - standing.score, 0)
        return Why(
            threat=cell.threat,
            layer=cell.layer,
            standing=standing,
            behind=behind,
            contributions=self._contributions(standing),
            not_fired=tuple(each.told() for each in missed),
            could_bar=tuple(each.told() for each in barring),
        )

    def _contributions(self, standing: Standing) -> tuple[Contribution, ...]:
        """The rules behind a standing, the weightiest first; their strengths add up to its score."""
        grouped: dict[tuple[str, bool], list[Fired]] = {}
        for number in standing.firings:
            fired = self._result.firings[number]
            grouped.setdefault((fired.rule, fired.kind == "bar"), []).append(fired)
        found = [self._contribution(rule, bar, firings) for (rule, bar), firings in grouped.items()]
        return tuple(sorted(found, key=lambda each: (not each.bar, -abs(each.strength), each.rule)))

    def _contribution(self, rule: str, bar: bool, firings: Sequence[Fired]) -> Contribution:
        note = self._result.rules[rule]
        effects = self._explainer.rules[rule].effects
        return Contribution(
            rule=rule,
            strength=sum(fired.strength for fired in firings),
            times=len(firings),
            bar=bar,
            lead_only=bar and all(effects[fired.effect].lead_only for fired in firings),
            nature=note.nature,
            why=note.why,
            claims=note.claims,
        )

    def _missed(self, cell: Cell, standing: Standing, *, here: bool = False) -> Iterator[Missed]:
        """The rules that could have given points on a layer and did not; with `here`, none that is about others."""
        fired = {self._result.firings[number].rule for number in standing.firings}
        place = self._jurisdictions[standing.jurisdiction]
        for rule in self._explainer.helping.get(cell.layer, ()):
            if rule.name in fired or (here and self._nearest.elsewhere(rule, place)):
                continue
            found = self._nearest_of(rule, cell, standing)
            if found is not None:
                yield found

    def _missing_bars(self, cell: Cell, standing: Standing) -> Iterator[Missed]:
        for rule in self._explainer.barring.get(cell.layer, ()):
            found = self._nearest_of(rule, cell, standing)
            if found is not None and found.undecided and found.failed:
                yield found

    def _nearest_of(self, rule: Rule, cell: Cell, standing: Standing) -> Missed | None:
        threat, place = self._threats[cell.threat], self._jurisdictions[standing.jurisdiction]
        return self._nearest.of(rule, cell.layer, threat, place)
