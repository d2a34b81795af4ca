"""One row of a table as a scenario and a rulebook of its own: what evaluating the row has to equal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from policyengine.domain.scenario import Scenario
from policyengine.rulebook.rule import Rulebook
from policyengine.tables.paths import Path


def scenario_of(base: Scenario, paths: Sequence[Path], values: Mapping[str, Any]) -> Scenario:
    """The base, read again with the values of a row (by column name; None leaves a field out)."""
    data = base.model_dump(exclude_none=True)
    for path in paths:
        if path.section in ("param", "weight"):
            continue
        entry = data if path.section == "scenario" else data[path.section][path.index]
        group, _, leaf = path.field.partition(".")
        if leaf:
            if not isinstance(entry.get(group), dict):
                entry[group] = {}
            entry = entry[group]
        _put(entry, leaf or group, values[path.name], whole=path.whole)
    return Scenario.model_validate(data)


def _put(entry: dict[str, Any], name: str, value: Any, *, whole: bool) -> None:
    if value is None:
        entry.pop(name, None)
    elif isinstance(value, frozenset):
        entry[name] = sorted(value)
    else:
        entry[name] = int(value) if whole else value


def rulebook_of(rulebook: Rulebook, paths: Sequence[Path], values: Mapping[str, Any]) -> Rulebook:
    """The rules with the weights and parameters of a row."""
    weights = {path.index: values[path.name] for path in paths if path.section == "weight"}
    changed = {path.field: values[path.name] for path in paths if path.section == "param"}
    rules = tuple(
        replace(rule, weight=weights[place]) if place in weights else rule for place, rule in enumerate(rulebook.rules)
    )
    parameters = {
        key: each.model_copy(update={"value": changed[key]}) if key in changed else each
        for key, each in rulebook.parameters.items()
    }
    return replace(rulebook, rules=rules, parameters=parameters)
