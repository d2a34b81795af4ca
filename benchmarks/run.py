"""Speed as ratios, each against something that runs beside it, and memory over many evaluations."""

from __future__ import annotations

import argparse
import gc
import json
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from policyengine.api import load_packs
from policyengine.domain.scenario import Scenario
from policyengine.engines.functions import Functions
from policyengine.engines.rete import Rete
from policyengine.firing import Firing, fixed_point
from policyengine.rulebook.facts import Facts, facts_of
from policyengine.rulebook.rule import Rulebook
from policyengine.version import VERSION

LIBRARIES = "from pydantic import BaseModel; import click, numpy, yaml, rich.table"
COMMAND = [str(Path(sys.executable).with_name("policyengine"))]


def alternating(first: Callable[[], object], second: Callable[[], object], times: int) -> float:
    """The median of `first` over the median of `second`, run in turn so that both see the same machine."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for run, seconds in zip((first, second), taken, strict=True):
            start = time.perf_counter()
            run()
            seconds.append(time.perf_counter() - start)
    return statistics.median(taken[0]) / statistics.median(taken[1])


def process(*command: str) -> Callable[[], object]:
    """A whole process, with its output thrown away."""
    return lambda: subprocess.run(command, check=True, capture_output=True)


def help_ratio() -> float:
    """The time of `--help` over that of importing click."""
    return alternating(process(*COMMAND, "--help"), process(sys.executable, "-c", "import click"), 15)


def evaluate_ratio() -> float:
    """The time of evaluating a shipped scenario over that of importing the libraries."""
    return alternating(
        process(*COMMAND, "evaluate", "trafficking-quebec-vermont"), process(sys.executable, "-c", LIBRARIES), 15
    )


def forty_rules() -> Rulebook:
    """Forty shipped rules about a threat and a jurisdiction that need no mark."""
    rulebook = load_packs()
    plain = [
        rule
        for rule in rulebook.rules
        if rule.subject == ("threat", "jurisdiction") and not rule.reads and not rule.sets
    ]
    return replace(rulebook, rules=tuple(plain[:40]))


def known_facts(rulebook: Rulebook) -> Facts:
    """Four threats and six jurisdictions with every number known."""
    words = rulebook.vocabulary.words
    actors = [
        {
            "id": f"J{i}",
            "name": f"J{i}",
            "level": words("levels")[i % 5],
            "side": words("sides")[i % 2],
            "capacities": dict.fromkeys(words("capacities"), 0.1 * i + 0.2),
            "competences": list(words("competences"))[i:],
            "offices_abroad": i,
            "power": i + 1,
            "interests": dict.fromkeys(words("interests"), 0.15 * i),
            "attributes": {
                "alignment": 0.15 * i,
                "local_information": 0.1 * i,
                "external_affairs_body": i % 2 == 0,
                "on_the_line": True,
                "decentralisation_stance": "neutral",
            },
        }
        for i in range(6)
    ]
    ties = [
        {
            "id": f"T{i}",
            "name": f"T{i}",
            "parties": [f"J{i}", f"J{(i + 1) % 6}"],
            "kind": words("tie_kinds")[i],
            "strength": 0.15 * i + 0.1,
            "since": 2000,
            "layers": list(words("layers")),
            "attributes": {"review_body": i % 2 == 0, "in_use": True},
        }
        for i in range(6)
    ]
    flags = [name for name, fact in rulebook.vocabulary.terms("threat_attributes").items() if fact.type == "boolean"]
    threats = [
        {
            "id": f"H{i}",
            "name": f"H{i}",
            "kind": words("threat_kinds")[i],
            "agent": i % 2 == 0,
            "diffuseness": 0.25 * i + 0.2,
            "severity": 0.2 * i + 0.2,
            "likelihood": 0.5,
            "reach": 0.25 * i + 0.25,
            "exposure": 0.2 * i,
            "origin": "both",
            "vector": "people",
            "attributes": {
                "aggregation": "summation",
                "powers": ["criminal_law"],
                "spillover": 0.3 * i,
                **dict.fromkeys(flags, i % 2 == 1),
            },
        }
        for i in range(4)
    ]
    conditions = dict.fromkeys(words("conditions"), 0.5)
    data = {
        "scenario": "bench",
        "title": "Bench",
        "shows": "Bench.",
        "conditions": conditions,
        "jurisdictions": actors,
        "ties": ties,
        "threats": threats,
    }
    return facts_of(Scenario.model_validate(data), rulebook.vocabulary)


def closures(rulebook: Rulebook) -> Callable[[Facts], list[Firing]]:
    """The same rules as plain Python closures."""
    functions = Functions()
    rules = [
        (
            index,
            functions.of(rule.when),
            [(place, effect.points and functions.of(effect.points)) for place, effect in enumerate(rule.effects)],
            rule.weight,
        )
        for index, rule in enumerate(rulebook.rules)
    ]

    def run(facts: Facts) -> list[Firing]:
        roots = facts.roots(rulebook.parameter_values)
        pairs = [(subject, roots | bound) for subject, bound in facts.subjects(("threat", "jurisdiction"))]
        return [
            Firing(index, place, subject, fixed_point(points(bindings) if points else 0.0, weight))
            for subject, bindings in pairs
            for index, when, effects, weight in rules
            if when(bindings)
            for place, points in effects
        ]

    return run


def rete_ratio() -> tuple[float, int]:
    """The time of rete over that of closures, and how many firings both gave."""
    rulebook = forty_rules()
    facts = known_facts(rulebook)
    engine, plain = Rete(rulebook), closures(rulebook)
    table = engine.run(facts)
    if sorted(plain(facts)) != list(table.fired) or table.undecided:
        raise AssertionError("closures and rete differ")
    ratio = alternating(lambda: engine.run(facts), lambda: plain(facts), 300)
    return ratio, len(table.fired)


def memory_growth(times: int = 10_000) -> tuple[float, float]:
    """Resident memory in MiB after the first 500 evaluations and after all."""
    import psutil

    rulebook = forty_rules()
    facts = known_facts(rulebook)
    engine = Rete(rulebook)
    own = psutil.Process()
    sizes = []
    for number in range(1, times + 1):
        engine.run(facts)
        if number in (min(500, times), times):
            gc.collect()
            sizes.append(own.memory_info().rss / 2**20)
    return sizes[0], sizes[-1]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    chosen = parser.parse_args()
    rete, firings = rete_ratio()
    before, after = memory_growth()
    rows = [
        ("help", "policyengine --help / import click", round(help_ratio(), 2), "2.5"),
        ("evaluate", "policyengine evaluate / importing the libraries", round(evaluate_ratio(), 2), "2.5"),
        ("rete", f"rete / closures, 24 pairs x 40 rules, {firings} firings", round(rete, 2), "8"),
        (
            "memory",
            f"MiB after 10,000 / after 500 evaluations ({after:.1f} / {before:.1f})",
            round(after / before, 3),
            "flat",
        ),
    ]
    about = f"policyengine {VERSION}, Python {platform.python_version()}, {platform.machine()}"
    if chosen.json:
        print(
            json.dumps(
                {
                    "about": about,
                    "rows": [dict(zip(("name", "what", "ratio", "wanted"), row, strict=True)) for row in rows],
                },
                indent=1,
            )
        )
    else:
        print(f"{about}\n\n| name | what | ratio | wanted |\n|---|---|---|---|")
        print("\n".join(f"| {' | '.join(map(str, row))} |" for row in rows))


if __name__ == "__main__":
    main()
