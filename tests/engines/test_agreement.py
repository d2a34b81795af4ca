"""Every engine gives exactly the firings of the reference engine, on random packs and scenarios."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_packs import Plain, a_pack, a_scenario, write_pack

from policyengine.domain.scenario import Scenario
from policyengine.engines import functions, rete, rete_compile
from policyengine.engines.functions import Function
from policyengine.engines.interface import ENGINES
from policyengine.engines.reference import Reference
from policyengine.engines.rete_core import ordered
from policyengine.firing import Firing, FiringTable
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.loading import load_rulebook

KEPT = Path(__file__).parent.parent / "data" / "counterexamples"
SCENARIOS_PER_PACK = 4
PAIRS_IN_THE_ORDINARY_RUN = 2_000
PAIRS_IN_THE_LONG_RUN = 200_000
OTHERS = [name for name in ENGINES if name != "reference"]


def disagreements(case: Plain, folder: Path) -> list[str]:
    """Which engine differs from the reference on which scenario of a case."""
    rulebook = load_rulebook([write_pack(case["pack"], folder)])
    reference = Reference(rulebook)
    found = []
    for name in OTHERS:
        engine = ENGINES[name](rulebook)
        for place, data in enumerate(case["scenarios"]):
            facts = facts_of(Scenario.model_validate(data), rulebook.vocabulary)
            if engine.run(facts) != reference.run(facts):
                found.append(f"{name} on scenario {place}")
        engine.close()
    return found


def a_case(random: Random) -> Plain:
    pack = a_pack(random)
    return {
        "pack": pack,
        "scenarios": [a_scenario(random, pack["pack"]["vocabulary"]) for _ in range(SCENARIOS_PER_PACK)],
    }


def assert_agreement(random: Random, folder: Path) -> None:
    case = a_case(random)
    found = disagreements(case, folder)
    if found:
        # Hypothesis ends with the smallest case that fails; rename the file to keep it for good.
        KEPT.mkdir(exist_ok=True)
        (KEPT / "latest.json").write_text(json.dumps(case, indent=1) + "\n", "utf-8")
    assert found == []


@given(st.randoms(use_true_random=False))
@settings(max_examples=PAIRS_IN_THE_ORDINARY_RUN // SCENARIOS_PER_PACK)
def test_engines_agree_on_random_packs(tmp_path_factory: pytest.TempPathFactory, random: Random) -> None:
    assert_agreement(random, tmp_path_factory.getbasetemp() / "random-pack")


@pytest.mark.long
@given(st.randoms(use_true_random=False))
@settings(max_examples=PAIRS_IN_THE_LONG_RUN // SCENARIOS_PER_PACK)
def test_engines_agree_on_very_many_random_packs(tmp_path_factory: pytest.TempPathFactory, random: Random) -> None:
    assert_agreement(random, tmp_path_factory.getbasetemp() / "random-pack")


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.json")), ids=lambda path: path.stem)
def test_kept_counterexamples_stay_mended(path: Path, tmp_path: Path) -> None:
    assert disagreements(json.loads(path.read_text("utf-8")), tmp_path) == []


def test_random_packs_exercise_what_they_should(tmp_path: Path) -> None:
    """The random cases must fire, stay silent, be undecided, chain through marks and use every operator."""
    random = Random(11)
    tables: list[FiringTable] = []
    operators: set[str] = set()
    strata = 0
    for _ in range(150):
        case = a_case(random)
        rulebook = load_rulebook([write_pack(case["pack"], tmp_path)])
        strata = max(strata, len(rulebook.strata))
        for rule in rulebook.rules:
            trees = [rule.when, *(effect.points for effect in rule.effects if effect.points is not None)]
            operators |= {node.op for tree in trees for node in tree.walk()}
        engine = Reference(rulebook)
        tables += [
            engine.run(facts_of(Scenario.model_validate(data), rulebook.vocabulary)) for data in case["scenarios"]
        ]
    from policyengine.lang.operators import OPERATORS

    assert set(OPERATORS) - operators == set()
    assert strata >= 2
    assert sum(bool(table.fired) for table in tables) > len(tables) / 3
    assert sum(bool(table.undecided) for table in tables) > len(tables) / 3


PLANTED: list[tuple[str, Callable[[pytest.MonkeyPatch], None]]] = [
    ("'<' and '<=' have one complement", lambda patch: patch.setitem(rete_compile._COMPLEMENT, "<", ">")),
    ("'not >' is '<'", lambda patch: patch.setitem(rete_compile._COMPLEMENT, ">", "<")),
    ("'3 < a' is not turned", lambda patch: patch.setitem(rete_compile._TURNED, "<", "<")),
    (
        "an unknown part of 'and' is ignored",
        lambda patch: patch.setitem(functions._COMBINE, "and", _ignores_unknown),
    ),
    (
        "a mean of nothing is zero",
        lambda patch: patch.setitem(functions._GATHER, "mean of", _mean),
    ),
    (
        "a filter that is unknown drops the element",
        lambda patch: patch.setitem(functions._GATHER, "count of", _drops_unknown),
    ),
    ("an undecided mark is false", lambda patch: patch.setattr(rete, "_set_marks", _only_sure_marks)),
    (
        "points are rounded down",
        lambda patch: patch.setattr(rete, "fixed_point", lambda p, w: math.floor(p * w * 1_000_000)),
    ),
    ("an unknown set of words holds nothing", lambda patch: patch.setitem(functions._COMBINE, "contains", _holds)),
    ("weights are forgotten", lambda patch: patch.setattr(rete, "fixed_point", lambda p, _: round(p * 1_000_000))),
    (
        "negative numbers lose their order",
        lambda patch: patch.setattr(rete_compile, "ordered", lambda value: ordered(abs(value))),
    ),
]


def _ignores_unknown(args: list[Function]) -> Function:
    return lambda bindings: all(arg(bindings) is not False for arg in args)


def _holds(args: list[Function]) -> Function:
    names, word = args
    return lambda bindings: word(bindings) in (names(bindings) or ())


def _mean(pairs: list[tuple[Any, Any]]) -> float | None:
    return functions._numbers(lambda values: sum(values) / len(values) if values else 0.0)(pairs)


def _drops_unknown(pairs: list[tuple[Any, Any]]) -> float:
    return float(sum(kept is True and value is True for kept, value in pairs))


def _only_sure_marks(rules: Any, facts: Any, fired: Any, _: Any) -> None:
    for row in fired:
        rete._set_mark(rules[row.rule].effects[row.effect], row.subject, facts, True)


@pytest.mark.parametrize(("plant"), [plant for _, plant in PLANTED], ids=[name for name, _ in PLANTED])
def test_the_random_run_finds_planted_faults(
    plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    plant(monkeypatch)
    most = PAIRS_IN_THE_ORDINARY_RUN // SCENARIOS_PER_PACK
    assert any(disagreements(a_case(Random(seed)), tmp_path) for seed in range(most))


def test_the_comparison_sees_a_difference_of_one_millionth(tmp_path: Path) -> None:
    case = a_case(Random(5))
    rulebook = load_rulebook([write_pack(case["pack"], tmp_path)])
    table = next(
        found
        for data in case["scenarios"]
        if (found := Reference(rulebook).run(facts_of(Scenario.model_validate(data), rulebook.vocabulary))).fired
    )
    first: Firing = table.fired[0]
    changed = FiringTable((first._replace(strength=first.strength + 1), *table.fired[1:]), table.undecided)
    assert changed != table
