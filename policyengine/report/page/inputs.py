"""All that went in: the facts of the scenario as they stand in its file, each with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from policyengine.domain.fields import Model
from policyengine.domain.scenario import Scenario
from policyengine.lang.show import number_text
from policyengine.report.words import what_was_read, words

_SAID: Final = frozenset({"id", "name", "reasons"})


@dataclass(frozen=True, slots=True)
class Fact:
    """What a file says under one path, and why."""

    path: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A jurisdiction, a tie, a threat, or the conditions, with its facts; what stands nowhere is unknown."""

    kind: str
    name: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """A source of facts that the scenario names."""

    what: str
    url: str
    read: str


def inputs(scenario: Scenario) -> tuple[Subject, ...]:
    """Everything that rules may look at, in the order of the file."""
    found = [Subject("Conditions", "", tuple(_facts(dict(scenario.conditions), {})))] if scenario.conditions else []
    for kind, things in (
        ("Threat", scenario.threats), ("Jurisdiction", scenario.jurisdictions), ("Tie", scenario.ties or ())
    ):  # fmt: skip
        found += [_subject(kind, thing) for thing in things]
    if scenario.ties is None:
        found.append(Subject("Ties", "the file does not say whether there are any", ()))
    elif not scenario.ties:
        found.append(Subject("Ties", "the file says that there are none", ()))
    return tuple(found)


def parameters(values: Mapping[str, float]) -> tuple[Fact, ...]:
    """The parameters of the packs."""
    return tuple(Fact(name, number_text(value), "") for name, value in values.items())


def references(scenario: Scenario) -> tuple[Reference, ...]:
    """The sources of facts that the scenario names, with what was read of each."""
    return tuple(Reference(each.what, each.url or "", what_was_read(each.seen)) for each in scenario.references)


def _subject(kind: str, thing: Model) -> Subject:
    data = thing.model_dump(exclude_none=True, exclude_unset=True)
    reasons = data.get("reasons", {})
    facts = _facts({name: value for name, value in data.items() if name not in _SAID}, reasons)
    return Subject(kind, f"{data['name']} [{data['id']}]", tuple(facts))


def _facts(data: Mapping[str, Any], reasons: Mapping[str, str], before: str = "") -> Iterator[Fact]:
    for name, value in data.items():
        path = f"{before}{name}"
        if isinstance(value, dict):
            yield from _facts(value, reasons, f"{path}.")
        else:
            yield Fact(path, _value(value), reasons.get(path, ""))


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, list):
        return ", ".join(words(str(each)) for each in value) or "none"
    return str(value)
