"""The comparison of all engines on somebody's own rules: random scenarios and tables from the words of their packs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from policyengine.analysis.agreement import engine_differences, engines_there, many_differences, table_differences
from policyengine.analysis.random_scenarios import NEEDED, a_scenario, a_table
from policyengine.domain.scenario import Scenario
from policyengine.errors import InputError, Problem
from policyengine.rulebook.rule import Rulebook

ROWS = 5
SCENARIOS = 2

Case = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Selftest:
    """What was compared, by which engines, and the first case that differs, with how it differs.

    `left_out` says of each engine that could not be made why.
    """

    engines: tuple[str, ...]
    left_out: Mapping[str, str]
    cases: int
    rows: int
    differences: tuple[str, ...] = ()
    case: Case | None = None

    @property
    def scenarios(self) -> int:
        """How many random scenarios were compared."""
        return SCENARIOS * self.cases


def a_case(seed: int, rulebook: Rulebook) -> Case:
    """The scenarios and the table of one case; the same seed and packs give the same case."""
    random = Random(seed)  # noqa: S311 - cases have to come back, not to be secret
    scenarios = [a_scenario(random, rulebook.vocabulary) for _ in range(SCENARIOS)]
    table = a_table(random, Scenario.model_validate(scenarios[0]), rulebook, ROWS)
    return {"seed": seed, "scenarios": scenarios, "table": table}


def differences(case: Case, rulebook: Rulebook) -> list[str]:
    """In what the engines differ on a case."""
    found = engine_differences(rulebook, case["scenarios"]) + many_differences(rulebook, case["scenarios"])
    if case["table"]:
        found += table_differences(Scenario.model_validate(case["scenarios"][0]), rulebook, case["table"])
    return found


def selftest(rulebook: Rulebook, seeds: Iterable[int]) -> Selftest:
    """Compare on a random case for each seed, one or more; ends at the first that differs.

    Raises InputError if the packs have too few words for a scenario.
    """
    lacking = [section for section in NEEDED if not rulebook.vocabulary.words(section)]
    if lacking:
        message = f"the packs declare no {' and no '.join(lacking)}, so there is no scenario to try"
        raise InputError([Problem("V112", message, "name a pack that declares them, or extend one")])
    engines, left_out = engines_there(rulebook)
    names = tuple(engine.name for engine in engines)
    for engine in engines:
        engine.close()
    rows = cases = 0
    for seed in seeds:
        case = a_case(seed, rulebook)
        found = differences(case, rulebook)
        cases += 1
        rows += ROWS if case["table"] else 0
        if found:
            return Selftest(names, left_out, cases, rows, tuple(found), case)
    return Selftest(names, left_out, cases, rows)


def case_text(case: Case) -> str:
    """A case as a file."""
    return json.dumps(case, indent=1, ensure_ascii=False) + "\n"
