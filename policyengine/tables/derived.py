"""Facts that follow from several values of a scenario: computed anew, by the model's own functions, for each row.

Diffuseness follows from four marks and the agent, the places of a threat from those that stand above them, burdens
from costs, benefits and power. Equal values are computed once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from policyengine.domain.burden import Burden, burdens_of
from policyengine.domain.scenario import Scenario
from policyengine.domain.threat import DiffusenessMarks
from policyengine.engines.columnar_kernels import Column
from policyengine.engines.columnar_words import Words
from policyengine.errors import Problems
from policyengine.lang.types import BOOLEAN, NUMBER, Type
from policyengine.lang.types import Words as WordsType
from policyengine.rulebook.facts import Facts, with_parents
from policyengine.rulebook.rule import Rulebook
from policyengine.tables.paths import Path

_OF_BURDENS = ("costs", "benefits", "power")
_BURDEN = ("cost_share", "benefit_share", "ratio", "weaker")

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Derived:
    """Facts that follow from some columns: their names, types and places in the facts, and how they are computed.

    `compute` gives None for values under which there would be other facts than in the base.
    """

    inputs: tuple[Path, ...]
    outputs: tuple[tuple[str, Type], ...]
    places: Callable[[Facts], list[tuple[dict[str, Any], str]]]
    compute: Callable[[Values], Values | None]

    def columns(
        self, plain: Mapping[str, Sequence[Any]], words: Words, first: int, problems: Problems
    ) -> dict[str, Column]:
        """The columns of these facts; `plain` holds the columns as plain values."""
        known: dict[Values, Values | None] = {}
        found: list[Values] = []
        for row, values in enumerate(zip(*(plain[path.name] for path in self.inputs), strict=True)):
            if values not in known:
                known[values] = self.compute(values)
            result = known[values]
            if result is None:
                names = ", ".join(path.name for path in self.inputs)
                message = (
                    f"row {first + row}: with these values of {names} there are other burdens than in the first row"
                )
                problems.add("V109", message, "evaluate such rows as different scenarios")
                return {}
            found.append(result)
        return {
            name: words.column([row[place] for row in found], kind) for place, (name, kind) in enumerate(self.outputs)
        }


def derived_of(base: Scenario, rulebook: Rulebook, paths: Sequence[Path]) -> list[Derived]:
    """What follows from the columns; `base` is the scenario of the first row."""
    found = [_diffuseness(base, paths, index) for index in range(len(base.threats)) if _has_marks(paths, base, index)]
    found += [_places(base, path) for path in paths if path.section == "threats" and path.field == "places"]
    burdens = tuple(
        path for path in paths if path.section == "jurisdictions" and path.field.partition(".")[0] in _OF_BURDENS
    )
    return found + ([_burdens(base, rulebook, burdens)] if burdens and rulebook.speaks_of_burdens else [])


def _has_marks(paths: Sequence[Path], base: Scenario, index: int) -> bool:
    fields = {path.field for path in paths if path.section == "threats" and path.index == index}
    marked = isinstance(base.threats[index].diffuseness, DiffusenessMarks)
    return any(field.startswith("diffuseness.") for field in fields) or (
        "agent" in fields and marked and "diffuseness" not in fields
    )


def _diffuseness(base: Scenario, paths: Sequence[Path], index: int) -> Derived:
    threat = base.threats[index]
    given = threat.diffuseness if isinstance(threat.diffuseness, DiffusenessMarks) else DiffusenessMarks()
    inputs = tuple(
        path
        for path in paths
        if path.section == "threats"
        and path.index == index
        and (path.field == "agent" or path.field.startswith("diffuseness."))
    )

    def compute(values: Values) -> Values:
        named = {path.field: value for path, value in zip(inputs, values, strict=True)}
        marks = {name.partition(".")[2]: value for name, value in named.items() if name != "agent"}
        changed = {"diffuseness": given.model_copy(update=marks), "agent": named.get("agent", threat.agent)}
        return (threat.model_copy(update=changed).diffuseness_value,)

    name = f"threats.{threat.id}.diffuseness"
    return Derived(inputs, ((name, NUMBER),), lambda facts: [(facts.threats[index], "diffuseness")], compute)


def _places(base: Scenario, path: Path) -> Derived:
    parents = {each.id: each.parent for each in base.jurisdictions}

    def compute(values: Values) -> Values:
        (names,) = values
        return (with_parents(None if names is None else sorted(names), parents),)

    kind = WordsType("jurisdiction id")
    return Derived((path,), ((f"{path.name} ", kind),), lambda facts: [(facts.threats[path.index], "places")], compute)


def _burdens(base: Scenario, rulebook: Rulebook, inputs: tuple[Path, ...]) -> Derived:
    vocabulary = rulebook.vocabulary
    measures = {name: measure.counts for name, measure in vocabulary.terms("cost_measures").items()}
    bases = vocabulary.words("benefit_bases")

    def rows(values: Values) -> list[Burden]:
        changed: dict[int, dict[str, Any]] = {}
        for path, value in zip(inputs, values, strict=True):
            _set(changed.setdefault(path.index, {}), base, path, value)
        actors = [
            actor.model_copy(update=changed[place]) if place in changed else actor
            for place, actor in enumerate(base.jurisdictions)
        ]
        return burdens_of(actors, measures, bases)

    def key(burdens: list[Burden]) -> list[tuple[int, str, str]]:
        return [(each.jurisdiction, each.cost_measure, each.basis) for each in burdens]

    shape = key(burdens_of(base.jurisdictions, measures, bases))

    def compute(values: Values) -> Values | None:
        found = rows(values)
        if key(found) != shape:
            return None
        return tuple(getattr(each, name) for each in found for name in _BURDEN)

    outputs = tuple(
        (f"burdens.{number}.{name}", BOOLEAN if name == "weaker" else NUMBER)
        for number in range(len(shape))
        for name in _BURDEN
    )
    return Derived(
        inputs, outputs, lambda facts: [(record, name) for _, record in facts.burdens for name in _BURDEN], compute
    )


def _set(changed: dict[str, Any], base: Scenario, path: Path, value: Any) -> None:
    group, _, word = path.field.partition(".")
    if not word:
        changed[group] = value
        return
    held = changed.setdefault(group, dict(getattr(base.jurisdictions[path.index], group)))
    if value is None:
        held.pop(word, None)
    else:
        held[word] = value


def plain_values(column: Column, path: Path, words: Words) -> list[Any]:
    """A column as plain values, None for unknown."""
    values = column.values.tolist()
    if isinstance(path.type, WordsType):
        values = [words.set_of(number) for number in values]
    elif np.issubdtype(column.values.dtype, np.integer):
        values = [words.word_of(number) for number in values]
    if column.known is None:
        return list(values)
    return [value if known else None for value, known in zip(values, column.known.tolist(), strict=True)]
