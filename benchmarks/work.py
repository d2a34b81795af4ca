"""The same work for every engine: additive rules about a threat and a jurisdiction, and scenarios of 24 pairs.

A rule is data, so that each rival can write it in its own way: comparisons that must all hold, and points for a layer.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from policyengine.api import load_packs
from policyengine.domain.scenario import Scenario
from policyengine.rulebook.rule import Rulebook

KINDS = ("flood", "fire", "theft", "spill", "outage", "attack")
LEVELS = ("town", "county", "state", "nation")
LAYERS = ("warn", "guard", "repair", "feed", "speak")
NUMBERS = ("severity", "reach", "exposure", "staff", "boats", "funds")
_NAMES = {
    "severity": "threat.severity", "reach": "threat.reach", "exposure": "threat.exposure", "kind": "threat.kind",
    "level": "jurisdiction.level", "staff": "jurisdiction.capacities.staff", "boats": "jurisdiction.capacities.boats",
    "funds": "jurisdiction.capacities.funds",
}  # fmt: skip

Pair = dict[str, Any]
"""One threat with one jurisdiction, as a flat record."""


class Test(NamedTuple):
    """One comparison: a field, an operator (`>=`, `<`, `==`) and a value."""

    field: str
    operator: str
    value: float | str


class Work(NamedTuple):
    """One rule: tests that must all hold, and whole points for a layer."""

    name: str
    tests: tuple[Test, ...]
    layer: str
    points: int


def work(rules: int, seed: int = 7) -> list[Work]:
    """Rules with two comparisons of numbers and one or two of words."""
    random = Random(seed)
    made = []
    for number in range(rules):
        tests = [
            Test(field, random.choice((">=", "<")), random.randint(2, 18) / 20) for field in random.sample(NUMBERS, 2)
        ]
        tests.append(Test("level", "==", random.choice(LEVELS)))
        if random.random() < 0.5:
            tests.append(Test("kind", "==", random.choice(KINDS)))
        made.append(Work(f"rule-{number}", tuple(tests), random.choice(LAYERS), random.randint(1, 5)))
    return made


def scenarios(count: int, seed: int = 11) -> list[list[Pair]]:
    """Scenarios of 4 threats and 6 jurisdictions, as the records of their 24 pairs."""
    random = Random(seed)

    def share() -> float:
        return random.randint(0, 20) / 20

    found = []
    for _ in range(count):
        threats = [
            {"kind": random.choice(KINDS), "severity": share(), "reach": share(), "exposure": share()} for _ in range(4)
        ]
        actors = [
            {"level": random.choice(LEVELS), "staff": share(), "boats": share(), "funds": share()} for _ in range(6)
        ]
        found.append([threat | actor for threat in threats for actor in actors])
    return found


def condition(rule: Work) -> str:
    """The condition of a rule in our language."""
    return " and ".join(f"{_NAMES[test.field]} {test.operator} {json.dumps(test.value)}" for test in rule.tests)


def rulebook(rules: Sequence[Work], folder: Path) -> Rulebook:
    """The rules as a pack in `folder`, loaded."""
    pack = {
        "pack": "work", "title": "Work", "version": "1.0.0", "role": "opinion", "summary": "Work.", "sources": ["memo"],
        "vocabulary": {
            section: {word: {"means": word} for word in words}
            for section, words in {
                "sides": ("one",), "levels": LEVELS, "layers": LAYERS, "threat_kinds": KINDS,
                "capacities": ("staff", "boats", "funds"),
            }.items()
        },
    }  # fmt: skip
    claim = {
        "claim": "so", "heading": "All", "position": 1, "kind": "claim", "polarity": "asserted", "paraphrase": "So.",
    }  # fmt: skip
    memo = {"source": "memo", "title": "Memo", "authors": ["Bench"], "seen": "whole", "claims": [claim]}
    _write(folder / "pack.yaml", pack)
    _write(folder / "seeds" / "memo.yaml", memo)
    for rule in rules:
        effect = {"score": rule.layer, "points": rule.points}
        about = {"rule": rule.name, "claim": "memo/so", "nature": "normative", "why": "So."}
        _write(folder / "rules" / f"{rule.name}.yaml", {**about, "when": condition(rule), "then": [effect]})
    return load_packs([folder])


def scenario(pairs: Sequence[Pair]) -> Scenario:
    """A scenario of ours with these pairs: 4 threats, each with the same 6 jurisdictions."""
    capacities = ("staff", "boats", "funds")
    threats = [
        {
            "id": f"t{i}",
            "name": "T",
            **{field: pairs[6 * i][field] for field in ("kind", "severity", "reach", "exposure")},
        }
        for i in range(4)
    ]
    actors = [
        {
            "id": f"j{i}", "name": "J", "level": pairs[i]["level"], "side": "one",
            "capacities": {name: pairs[i][name] for name in capacities},
        }
        for i in range(6)
    ]  # fmt: skip
    return Scenario.model_validate(
        {"scenario": "bench", "title": "B", "shows": "B", "ties": [], "jurisdictions": actors, "threats": threats}
    )


def _write(path: Path, data: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data), "utf-8")
