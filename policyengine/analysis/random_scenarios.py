"""Random scenarios and tables of variations over the words of any packs, for comparing engines.

Everything is drawn from one `Random` and comes out as plain data. Values are few and stand on the ends of ranges and
on common thresholds, so that comparisons are met exactly; about a third of what may be unknown is.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from policyengine.domain.scenario import Scenario
from policyengine.domain.threat import DiffusenessMarks
from policyengine.lang.types import Boolean, Field, Number, Record, Type, Word, Words
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.schema import build_schema
from policyengine.rulebook.vocabulary import Vocabulary
from policyengine.tables.paths import Path, every_path

Plain = dict[str, Any]

NUMBERS = (0.0, -0.0, 5e-324, 1e-7, 0.1, 0.3, 0.5, 0.6, 1 / 3, 1.0, 2.0, -3.5, 1e16, -1e300)
NEEDED = ("sides", "levels", "threat_kinds")
"""Without words of these lists there is no scenario."""
_SKIPPED = frozenset({"id", "parent", "places", "ties", "burdens", "partner"})
_WHOLE = {"since": (1990, 2010), "offices_abroad": (0, 1, 6)}


def a_scenario(random: Random, vocabulary: Vocabulary) -> Plain:
    """A scenario as a file would hold it."""
    schema = build_schema(vocabulary, {}, {})
    records = {root: kind.fields for root, kind in schema.items() if isinstance(kind, Record)}
    names = ["A", "B", "C", "D"][: random.randint(1, 4)]
    actors = [_entry(random, name, records["jurisdiction"], ("level", "side")) for name in names]
    for place, actor in enumerate(actors[1:]):
        actor.update({"parent": names[place]} if random.random() < 0.5 else {})
    threats = [_threat(random, f"t{place}", records["threat"], names) for place in range(random.randint(1, 2))]
    scenario: Plain = {
        "scenario": "random", "title": "A random scenario", "shows": "Whatever comes.", "jurisdictions": actors,
        "threats": threats, "conditions": _conditions(random, records["scenario"]),
    }  # fmt: skip
    if random.random() < 0.5:
        scenario["year"] = random.choice((2000, 2010))
    if random.random() < 0.8 and vocabulary.words("tie_kinds"):
        scenario["ties"] = [_tie(random, f"l{place}", records["tie"], names) for place in range(random.randint(0, 3))]
        scenario["ties"] = scenario["ties"] if len(names) > 1 else []
    return scenario


def _conditions(random: Random, fields: Mapping[str, Field]) -> Plain:
    found = {}
    for path, field in fields.items():
        if path != "year" and not _is_empty(field.type) and random.random() < 0.7:
            found[path.partition(".")[2]] = a_value(random, field.type)
    return found


def _entry(random: Random, name: str, fields: Mapping[str, Field], needed: tuple[str, ...]) -> Plain:
    entry: Plain = {"id": name, "name": name}
    for path, field in fields.items():
        group, _, leaf = path.partition(".")
        if group in _SKIPPED or _is_empty(field.type) or (path not in needed and random.random() < 0.3):
            continue
        value = random.choice(_WHOLE[path]) if path in _WHOLE else a_value(random, field.type)
        if leaf:
            entry.setdefault(group, {})[leaf] = value
        else:
            entry[path] = value
    return entry


def _threat(random: Random, name: str, fields: Mapping[str, Field], actors: list[str]) -> Plain:
    threat = _entry(random, name, fields, ("kind",))
    if random.random() < 0.4:
        marks = [mark for mark in DiffusenessMarks.model_fields if random.random() < 0.8]
        threat["diffuseness"] = {mark: random.choice((0.0, 0.5, 1.0, 0.3)) for mark in marks}
    if random.random() < 0.5:
        threat["places"] = random.sample(actors, random.randint(1, len(actors)))
    return threat


def _tie(random: Random, name: str, fields: Mapping[str, Field], actors: list[str]) -> Plain:
    tie = _entry(random, name, fields, ("kind",))
    return {**tie, "parties": random.sample(actors, random.randint(min(2, len(actors)), len(actors)))}


def _is_empty(kind: Type) -> bool:
    """Whether no pack declares a word that could stand there."""
    return isinstance(kind, Word) and not kind.options


def a_value(random: Random, kind: Type) -> Any:
    """A value of a type, as a file would hold it."""
    match kind:
        case Number():
            part = random.random()  # not random.uniform, whose difference of the ends may be too large for a float
            ends = [kind.low, kind.high, kind.low * (1 - part) + kind.high * part]
            return float(random.choice([*(each for each in NUMBERS if kind.low <= each <= kind.high), *ends]))
        case Boolean():
            return random.random() < 0.5
        case Word():
            return random.choice(sorted(kind.options or ()))
        case Words():
            return [word for word in sorted(kind.options or ()) if random.random() < 0.5]
    raise TypeError(kind)


def a_table(random: Random, base: Scenario, rulebook: Rulebook, rows: int, most: int = 6) -> dict[str, list[Any]]:
    """Columns that vary values of a scenario and of the rules, with None for unknown."""
    every = [path for path in every_path(base, rulebook) if path.field == "places" or not _is_empty(path.type)]
    chosen = random.sample(every, min(len(every), random.randint(1, most)))
    marked = {path.index for path in chosen if path.field.startswith("diffuseness.")}
    kept = [path for path in chosen if not (path.field == "diffuseness" and path.index in marked)]
    return {path.name: [_cell(random, path, base) for _ in range(rows)] for path in kept}


def _cell(random: Random, path: Path, base: Scenario) -> Any:
    if not path.needed and not path.field.startswith("costs.") and random.random() < 0.2:
        return None
    if path.field == "places":
        ids = [actor.id for actor in base.jurisdictions]
        return random.sample(ids, random.randint(1, len(ids)))
    if path.whole:
        assert isinstance(path.type, Number)  # noqa: S101 - only numbers are whole
        low, high = int(path.type.low), int(path.type.high)
        return float(random.choice((low, high, *_WHOLE.get(path.field, (2000, 2010)))))
    if path.section == "weight":
        return random.choice((0.0, 0.5, 1.0, 2.25, 1 / 3))
    return a_value(random, path.type)
