"""Facts that look a value up in the scenario only when it is asked for.

Where rules read few of the many values of a scenario, as in batches, this is much faster than plain records. A
record answers `get` as those of `facts_of` do; nothing can be written to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any, Final, cast

from policyengine.domain.burden import burdens_of
from policyengine.domain.fields import Model
from policyengine.domain.scenario import Scenario
from policyengine.rulebook.facts import PARTNER, TIE, Facts, Record, burden_record, plain, with_parents
from policyengine.rulebook.vocabulary import Vocabulary

_HELD: Final = attrgetter("held")


class LazyRecord:
    """One entry of a scenario; `held` has what does not stand in the entry as it is."""

    __slots__ = ("held", "model")

    def __init__(self, model: Model, held: Mapping[str, Any]) -> None:
        self.model = model
        self.held = held

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path, or the default where it is not known."""
        if path in self.held:
            found = self.held[path]
        else:
            group, _, leaf = path.partition(".")
            found = getattr(self.model, group, None)
            if leaf:
                found = found.get(leaf) if isinstance(found, dict) else None
            found = plain(found)
        return default if found is None else found

    def __getitem__(self, path: str) -> Any:
        return self.held[path]


def values_at(
    records: Sequence[Record | LazyRecord | None], path: str, *, words: bool, read: dict[str, list[Any]] | None = None
) -> list[Any]:
    """The values of records at a path, None for unknown; lists of words are sets, numbers may be whole.

    `read` keeps groups of values, such as all capacities, for whoever asks the same records again.
    """
    group, _, leaf = path.partition(".")
    try:
        held: list[Mapping[str, Any]] = list(map(_HELD, records))
        if held and path in held[0]:
            return [each[path] for each in held]
        values = None if read is None else read.get(group)
        if values is None:
            values = list(map(attrgetter(f"model.{group}"), records))
    except AttributeError:  # some are plain records, or there are none at the end of a hop
        return [None if record is None else record.get(path) for record in records]
    if leaf:
        if read is not None:
            read[group] = values
        values = [value.get(leaf) for value in values]
    return [None if value is None else frozenset(value) for value in values] if words else values


def lazy_facts_of(scenario: Scenario, vocabulary: Vocabulary, *, burdens: bool) -> Facts:
    """The facts of a validated scenario, with its burdens only if any rule reads them."""
    held: list[dict[str, Any]] = [{} for _ in scenario.jurisdictions]
    jurisdictions = [LazyRecord(each, own) for each, own in zip(scenario.jurisdictions, held, strict=True)]
    links = _links(scenario, jurisdictions)
    measures = {name: measure.counts for name, measure in vocabulary.terms("cost_measures").items()} if burdens else {}
    rows = burdens_of(scenario.jurisdictions, measures, vocabulary.words("benefit_bases")) if burdens else []
    records = [(row.jurisdiction, burden_record(row)) for row in rows]
    for index, own in enumerate(held):
        own["ties"] = None if scenario.ties is None else links[index]
        own["burdens"] = [row for owner, row in records if owner == index]
    placed = any(threat.places is not None for threat in scenario.threats)
    parents = {each.id: each.parent for each in scenario.jurisdictions} if placed else {}
    threats = [
        LazyRecord(threat, {"diffuseness": threat.diffuseness_value, "places": with_parents(threat.places, parents)})
        for threat in scenario.threats
    ]
    ties = None if scenario.ties is None else [LazyRecord(tie, {}) for tie in scenario.ties]
    # The engine asks a record for nothing but `get`.
    return Facts(
        scenario=cast("Record", LazyRecord(scenario, {})),
        threats=cast("list[Record]", threats),
        jurisdictions=cast("list[Record]", jurisdictions),
        ties=cast("list[Record] | None", ties),
        links=cast("list[list[Record]]", links),
        models=[{"id": model} for model in vocabulary.words("models")],
        burdens=records,
        burden_rows=tuple(rows),
    )


def _links(scenario: Scenario, jurisdictions: Sequence[LazyRecord]) -> list[list[LazyRecord]]:
    """The ties of each jurisdiction, once for each other party."""
    links: list[list[LazyRecord]] = [[] for _ in jurisdictions]
    if not scenario.ties:
        return links
    places = {each.id: index for index, each in enumerate(scenario.jurisdictions)}
    for index, tie in enumerate(scenario.ties):
        parties = [places[party] for party in tie.parties]
        for one in parties:
            links[one] += [
                LazyRecord(tie, {TIE: index, PARTNER: other, "partner": jurisdictions[other]})
                for other in parties
                if other != one
            ]
    return links


def let_go(many: Sequence[Facts]) -> None:
    """Untie facts that nobody needs any more: they hold one another, and would wait for a search for garbage."""
    for facts in many:
        for record in cast("list[LazyRecord]", facts.jurisdictions):
            cast("dict[str, Any]", record.held).clear()
