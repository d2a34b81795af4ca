"""Facts: a scenario as plain records, in the form in which engines read it.

A record maps the dotted path of a field to its value; a path that is not there is unknown. Hops to
other records (`tie.partner`) and collections (`jurisdiction.ties`) are values as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Any

from policyengine.domain.burden import Burden, burdens_of
from policyengine.domain.fields import Model
from policyengine.domain.scenario import Scenario
from policyengine.firing import Subject
from policyengine.rulebook.vocabulary import Vocabulary

Record = dict[str, Any]
Bindings = dict[str, Any]
"""What each root and each variable stands for at one moment of an evaluation."""

TIE, PARTNER = "#tie", "#partner"
"""Where a link keeps the places of its tie and its partner."""


@dataclass(slots=True)
class Facts:
    """The records of one scenario; `scenario` holds the conditions and the year.

    `ties` is None when it is not known whether there are any. `links` are the ties of each
    jurisdiction, once for each other party; `burdens` the rows of each.
    """

    scenario: Record
    threats: list[Record]
    jurisdictions: list[Record]
    ties: list[Record] | None
    links: list[list[Record]]
    models: list[Record]
    burdens: list[tuple[int, Record]]
    burden_rows: tuple[Burden, ...] = ()
    collections: dict[str, list[Record] | None] = field(default_factory=dict)

    def roots(self, parameters: Mapping[str, float]) -> Bindings:
        """What the roots that do not change with the subject stand for."""
        collections: dict[str, list[Record] | None] = {
            "threats": self.threats,
            "jurisdictions": self.jurisdictions,
            "ties": self.ties,
        }
        return {"scenario": self.scenario, "param": parameters, **(collections | self.collections)}

    def fork(self) -> Facts:
        """A copy whose threats, jurisdictions and burdens an engine may put marks on."""
        threats = [dict(record) for record in self.threats]
        jurisdictions = [dict(record) for record in self.jurisdictions]
        burdens = [(owner, dict(record)) for owner, record in self.burdens]
        copies: dict[int, Record] = {id(old): new for old, new in zip(self.jurisdictions, jurisdictions, strict=True)}
        copies |= {id(old): new for (_, old), (_, new) in zip(self.burdens, burdens, strict=True)}
        links = [[{**link, "partner": _copy(copies, link.get("partner"))} for link in own] for own in self.links]
        for own, copied in zip(self.links, links, strict=True):
            copies |= {id(old): new for old, new in zip(own, copied, strict=True)}
        for record in jurisdictions:
            for name in ("ties", "burdens"):
                if name in record:
                    record[name] = [_copy(copies, each) for each in record[name]]
        return replace(self, threats=threats, jurisdictions=jurisdictions, links=links, burdens=burdens)

    def marked(self, mark: str) -> list[Record]:
        """The records that can carry a mark such as `threat.marks.name@pack`."""
        burdens = [record for _, record in self.burdens]
        return {"threat": self.threats, "jurisdiction": self.jurisdictions, "burden": burdens}[mark.partition(".")[0]]

    def subjects(self, roots: tuple[str, ...]) -> list[tuple[Subject, Bindings]]:
        """Every subject of a rule that speaks of `roots`, with what each root stands for."""
        per_threat: list[tuple[int, Bindings]] = (
            [(i, {"threat": record}) for i, record in enumerate(self.threats)] if "threat" in roots else [(-1, {})]
        )
        per_model: list[tuple[int, Bindings]] = (
            [(i, {"model": record}) for i, record in enumerate(self.models)] if "model" in roots else [(-1, {})]
        )
        actors = self._actors(roots)
        return [
            (actor._replace(threat=threat, model=model), {**first, **second, **bound})
            for (threat, first), (actor, bound), (model, second) in product(per_threat, actors, per_model)
        ]

    def _actors(self, roots: tuple[str, ...]) -> list[tuple[Subject, Bindings]]:
        if "jurisdiction" not in roots:
            return [(Subject(), {})]
        found: list[tuple[Subject, Bindings]] = []
        for index, record in enumerate(self.jurisdictions):
            ways = [(Subject(jurisdiction=index), {"jurisdiction": record})]
            if "tie" in roots:
                ways = [
                    (s._replace(tie=link[TIE], partner=link[PARTNER]), {**b, "tie": link})
                    for s, b in ways
                    for link in self.links[index]
                ]
            if "other" in roots:
                ways = [
                    (s._replace(other=i), {**b, "other": other})
                    for s, b in ways
                    for i, other in enumerate(self.jurisdictions)
                    if i != index
                ]
            if "burden" in roots:
                ways = [
                    (s._replace(burden=i), {**b, "burden": row})
                    for s, b in ways
                    for i, (owner, row) in enumerate(self.burdens)
                    if owner == index
                ]
            found += ways
        return found


def _copy(copies: Mapping[int, Record], record: Any) -> Any:
    """The copy of a record that was copied, or the record itself."""
    return copies.get(id(record), record)


def facts_of(scenario: Scenario, vocabulary: Vocabulary) -> Facts:
    """The facts of a validated scenario."""
    jurisdictions = [_record(each, ()) for each in scenario.jurisdictions]
    places = {each.id: index for index, each in enumerate(scenario.jurisdictions)}
    ties = None if scenario.ties is None else [_record(tie, ("parties",)) for tie in scenario.ties]
    links: list[list[Record]] = [[] for _ in jurisdictions]
    for index, tie in enumerate(scenario.ties or ()):
        for one, other in product(tie.parties, tie.parties):
            if one != other:
                links[places[one]].append(
                    {**(ties or [])[index], TIE: index, PARTNER: places[other], "partner": jurisdictions[places[other]]}
                )
    measures = {name: measure.counts for name, measure in vocabulary.terms("cost_measures").items()}
    rows = burdens_of(scenario.jurisdictions, measures, vocabulary.words("benefit_bases"))
    burdens = [(row.jurisdiction, burden_record(row)) for row in rows]
    for index, record in enumerate(jurisdictions):
        if ties is not None:
            record["ties"] = links[index]
        record["burdens"] = [row for owner, row in burdens if owner == index]
    parents = {each.id: each.parent for each in scenario.jurisdictions}
    threats = [
        _record(threat, ("diffuseness", "places"))
        | _known({"diffuseness": threat.diffuseness_value, "places": with_parents(threat.places, parents)})
        for threat in scenario.threats
    ]
    conditions = {f"conditions.{name}": plain(value) for name, value in scenario.conditions.items()}
    return Facts(
        scenario=_known({"year": None if scenario.year is None else float(scenario.year)}) | conditions,
        threats=threats,
        jurisdictions=jurisdictions,
        ties=ties,
        links=links,
        models=[{"id": model} for model in vocabulary.words("models")],
        burdens=burdens,
        burden_rows=tuple(rows),
    )


def with_parents(places: list[str] | None, parents: Mapping[str, str | None]) -> frozenset[str] | None:
    """The places and all that stands above them, on whose ground they lie as well; None if no place is known."""
    if places is None:
        return None
    found: set[str] = set()
    for place in places:
        above: str | None = place
        while above is not None and above not in found:
            found.add(above)
            above = parents.get(above)
    return frozenset(found)


def _record(model: Model, without: tuple[str, ...]) -> Record:
    record: Record = {}
    for name in type(model).model_fields:
        value = getattr(model, name)
        if value is None or name in without or name in ("name", "reasons"):
            continue
        if isinstance(value, dict):
            record |= {f"{name}.{key}": plain(entry) for key, entry in value.items()}
        else:
            record[name] = plain(value)
    return record


def plain(value: Any) -> Any:
    """A value as engines hold it: numbers as floats, lists as sets."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return frozenset(value) if isinstance(value, list) else value


def _known(values: Mapping[str, Any]) -> Record:
    return {name: value for name, value in values.items() if value is not None}


BURDEN_FIELDS = ("cost_measure", "basis", "cost_share", "benefit_share", "ratio", "weaker")


def burden_record(row: Burden) -> Record:
    """What is known of a burden."""
    return _known({name: getattr(row, name) for name in BURDEN_FIELDS})
