"""Two scenarios side by side: which facts they state otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from policyengine.domain.scenario import Scenario
from policyengine.lang.show import number_text

_NOT_FACTS = frozenset({"scenario", "title", "shows", "tags", "packs", "references", "outcome"})
_NOT_OF_RECORDS = frozenset({"id", "reasons"})
_SECTIONS = frozenset({"jurisdictions", "ties", "threats"})


@dataclass(frozen=True, slots=True)
class FactChange:
    """A value by its path, `threats.ID.severity`, in both scenarios; None where it is not stated."""

    path: str
    before: str | None
    after: str | None


def compare_facts(before: Scenario, after: Scenario) -> tuple[FactChange, ...]:
    """The facts that differ, in the order of their paths.

    A record that only one scenario has is told by its name alone; the only threats of two scenarios are taken for one.
    """
    old, new = _facts(before), _facts(after)
    if len(before.threats) == len(after.threats) == 1:
        one, other = (f"threats.{scenario.threats[0].id}." for scenario in (before, after))
        old = {other + path.removeprefix(one) if path.startswith(one) else path: text for path, text in old.items()}
    names_before, names_after = _records(old), _records(new)
    lonely = names_before.keys() ^ names_after
    shared = [path for path in old.keys() | new if _record(path) not in lonely and old.get(path) != new.get(path)]
    found = [
        *(FactChange(path, names_before.get(path), names_after.get(path)) for path in lonely),
        *(FactChange(path, old.get(path), new.get(path)) for path in shared),
    ]
    return tuple(sorted(found, key=lambda change: change.path))


def _records(facts: dict[str, str]) -> dict[str, str]:
    """The records that facts speak of, each with its name."""
    return {_record(path): facts.get(f"{_record(path)}.name", "") for path in facts if _record(path)}


def _record(path: str) -> str:
    """The record that a path leads into, `threats.ID`; nothing for a fact of the whole scenario."""
    section, _, rest = path.partition(".")
    return f"{section}.{rest.partition('.')[0]}" if section in _SECTIONS else ""


def _facts(scenario: Scenario) -> dict[str, str]:
    data = scenario.model_dump(mode="json", exclude_none=True)
    return dict(_flat({key: value for key, value in data.items() if key not in _NOT_FACTS}, ""))


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _NOT_OF_RECORDS:
                yield from _flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and value and all(isinstance(each, dict) and "id" in each for each in value):
        for each in value:
            yield from _flat(each, f"{path}.{each['id']}")
    else:
        yield path, (", ".join(map(_text, value)) or "none") if isinstance(value, list) else _text(value)


def _text(value: Any) -> str:
    """A value as one would write it in a scenario file."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return number_text(value) if isinstance(value, float) else str(value)
