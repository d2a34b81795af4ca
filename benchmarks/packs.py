"""How reading, checking and testing a pack grow with its rules, as ratios of processor time.

A `broad` pack brings a layer, a kind of threat, a fact, a parameter and a mark for every few rules. In a `crowded` one
all rules speak of the same few facts and one layer, some for it and some against: each could have to do with each.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from policyengine.version import VERSION

SIZES = (50, 1_000)
TIMES = 5
NAMES = 5
"""So many rules of a broad pack share a layer, a kind of threat, a fact, a parameter and a mark."""


def write_pack(folder: Path, kind: str, rules: int) -> None:
    """Write a pack of so many rules."""
    groups = max(rules // NAMES, 1) if kind == "broad" else 1
    make = broad_rule if kind == "broad" else crowded_rule
    for name, data in [("pack", pack_file(folder.name, groups)), *(make(number) for number in range(rules))]:
        path = folder / "pack.yaml" if name == "pack" else folder / f"theme-{len(name)}" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(as_yaml(data), "utf-8")
    seeds = folder / "seeds" / "memo.yaml"
    seeds.parent.mkdir()
    seeds.write_text(as_yaml(register(groups)), "utf-8")


def as_yaml(data: dict[str, Any]) -> str:
    """A file with one field a line, written as people write it, the values in flow style."""
    return "".join(
        f"{name}: |\n  {value}\n" if name == "when" else f"{name}: {json.dumps(value)}\n"
        for name, value in data.items()
    )


def pack_file(name: str, groups: int) -> dict[str, Any]:
    """The pack file: a few words, and a layer, a kind, a fact and a parameter for each group of rules."""
    words = {
        "sides": ["east", "west"], "levels": ["town", "region", "nation"],
        "threat_kinds": ["fire", "flood", *(f"kind_{group}" for group in range(groups))],
        "layers": [f"layer_{group}" for group in range(groups)],
    }  # fmt: skip
    vocabulary: dict[str, Any] = {section: {word: {"means": word} for word in each} for section, each in words.items()}
    vocabulary["threat_attributes"] = {
        f"fact_{group}": {"type": "number", "low": 0, "high": 1, "means": f"Fact {group}"} for group in range(groups)
    }
    limit = {"value": 0.5, "low": 0.4, "high": 0.6, "means": "From where it counts"}
    return {
        "pack": name, "title": "A large pack", "version": "1.0.0", "role": "opinion", "summary": "For measuring.",
        "sources": ["memo"], "vocabulary": vocabulary,
        "parameters": {f"limit_{group}": limit for group in range(groups)},
    }  # fmt: skip


def register(groups: int) -> dict[str, Any]:
    """A source with a claim for each group of rules."""
    claims = [
        {
            "claim": f"claim-{group}", "heading": "All", "position": group + 1, "kind": "claim",
            "polarity": "asserted", "paraphrase": "It holds.",
        }
        for group in range(groups)
    ]  # fmt: skip
    return {"source": "memo", "title": "A memo", "authors": ["A test"], "seen": "whole", "claims": claims}


def broad_rule(number: int) -> tuple[str, dict[str, Any]]:
    """A rule about the names of its group; the first of a group sets a mark that the others test."""
    group, place = divmod(number, NAMES)
    level = ("town", "region", "nation")[number % 3]
    test = f'threat.kind == "kind_{group}" and threat.attributes.fact_{group} >= param.limit_{group}'
    own = f'jurisdiction.level == "{level}"' if place == 0 else f"jurisdiction.marks.mark_{group}"
    effect: dict[str, Any] = {"score": f"layer_{group}", "points": f"{1 + place} * threat.severity + 0.1"}
    then = [effect, {"mark": f"jurisdiction.mark_{group}"}] if place == 0 else [effect]
    facts = {"threat": {"attributes": {f"fact_{group}": 0.9}, "severity": 0.1 * place + 0.2, "kind": f"kind_{group}"}}
    holds = {"level": level} if place == 0 else {"marks": {f"mark_{group}": True}}
    when = f"{test} and threat.severity > {0.1 * place:.1f} and {own}"
    examples = {
        "fires": [facts | {"jurisdiction": holds}],
        "silent": [{"threat": {"attributes": {f"fact_{group}": 0.1}}}],
    }
    return a_rule(number, group, when, then, examples)


def crowded_rule(number: int) -> tuple[str, dict[str, Any]]:
    """A rule about the same facts and the same layer as all others."""
    reach, likely, exposed = (number % 89 + 5) / 100, (number % 97 + 1) / 100, (number % 53 + 2) / 100
    when = (
        f'threat.severity >= param.limit_0 and threat.reach > {reach} and jurisdiction.level in ("town", "region")\n'
        f'  and (threat.likelihood < {likely} or threat.kind == "fire" and threat.exposure >= {exposed})'
    )
    then = [{"score": "layer_0", "points": (1 + number % 7) * (-1 if number % 2 else 1)}]
    facts = {"severity": 0.9, "reach": 1, "likelihood": 0, "kind": "fire", "exposure": 1}
    examples = {
        "fires": [{"threat": facts, "jurisdiction": {"level": "town"}}],
        "silent": [{"threat": {"severity": 0.1}}],
    }
    return a_rule(number, 0, when, then, examples)


def a_rule(
    number: int, group: int, when: str, then: list[dict[str, Any]], examples: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """The name and the fields of a rule file."""
    name = f"rule-{number}"
    return name, {
        "rule": name, "claim": f"memo/claim-{group}", "nature": "normative", "why": "An example.",
        "when": when, "then": then, "examples": examples,
    }  # fmt: skip


def load(folder: Path) -> None:
    """Read the pack and make it ready."""
    from policyengine.rulebook.loading import load_rulebook

    load_rulebook([folder])


def check(folder: Path) -> None:
    """Read the pack and find all that is wrong or doubtful."""
    from policyengine.engines.reference import evaluate
    from policyengine.rulebook.examine import examine_packs

    examine_packs([folder], evaluate)


def test(folder: Path) -> None:
    """Run all examples of the pack on every engine."""
    from policyengine.engines.interface import ENGINES
    from policyengine.errors import Problems
    from policyengine.ruletests.suite import read_suites, run_suite

    for suite in read_suites([str(folder)], Problems()):
        for outcome in run_suite(suite, list(ENGINES)):
            assert outcome.passed, outcome


WORK: dict[str, Callable[[Path], None]] = {"load": load, "check": check, "test": test}


def measured(work: str, folder: Path, small: Path) -> float:
    """Processor seconds of one piece of work, in a process of its own that has done it on a small pack before."""
    code = "import sys; sys.path.insert(0, sys.argv[1]); import packs; packs.measure_here(*sys.argv[2:])"
    command = [sys.executable, "-c", code, str(Path(__file__).parent), work, str(folder), str(small)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def measure_here(work: str, folder: str, small: str) -> None:
    """Do the work once to import everything, then measure it."""
    WORK[work](Path(small))
    before = time.process_time()
    WORK[work](Path(folder))
    print(time.process_time() - before)


def main() -> None:
    """Measure and print."""
    print(f"policyengine {VERSION}, Python {platform.python_version()}, {platform.machine()}\n")
    few, many = SIZES
    print(f"| work | pack | {few} rules | {many:,} rules | ratio, for {many / few:.0f} times the rules |")
    print("|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for kind in ("broad", "crowded"):
            folders = [Path(place) / f"{kind}-{size}" for size in SIZES]
            for folder, size in zip(folders, SIZES, strict=True):
                write_pack(folder, kind, size)
            for work in WORK:
                small, large = (
                    statistics.median(measured(work, folder, folders[0]) for _ in range(TIMES)) for folder in folders
                )
                print(f"| {work} | {kind} | {small:.3f} s | {large:.3f} s | {large / small:.1f} |", flush=True)


if __name__ == "__main__":
    main()
