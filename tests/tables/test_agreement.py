"""Tables and many scenarios give exactly what each row gives alone, on random packs, scenarios and tables."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_packs import Plain, a_pack, write_pack

from policyengine.analysis.agreement import many_differences, table_differences
from policyengine.analysis.random_scenarios import a_scenario, a_table
from policyengine.assess.allocation import pooled_shares
from policyengine.domain.scenario import Scenario
from policyengine.engines import columnar_kernels, columnar_program, columnar_variations
from policyengine.engines.columnar_kernels import Column
from policyengine.rulebook.loading import load_rulebook
from policyengine.tables import leads

KEPT = Path(__file__).parent.parent / "data" / "counterexamples" / "tables"
TABLES_PER_PACK = 4
ROWS_PER_TABLE = 2
TABLES_IN_THE_ORDINARY_RUN = 2_000
PACKS_IN_THE_LONG_RUN = int(os.environ.get("POLICYENGINE_RANDOM_PACKS", "200"))
ROWS_IN_THE_LONG_RUN = int(os.environ.get("POLICYENGINE_RANDOM_ROWS", "10000"))
FIRST_SEED = int(os.environ.get("POLICYENGINE_RANDOM_SEED", "0"))


def a_case(random: Random, folder: Path, rows: int) -> Plain:
    """A pack, some scenarios over its words and a table of variations for each."""
    pack = a_pack(random)
    rulebook = load_rulebook([write_pack(pack, folder)])
    scenarios = [a_scenario(random, rulebook.vocabulary) for _ in range(TABLES_PER_PACK)]
    tables = [a_table(random, Scenario.model_validate(data), rulebook, rows) for data in scenarios]
    return {"pack": pack, "scenarios": scenarios, "tables": tables}


def disagreements(case: Plain, folder: Path) -> list[str]:
    rulebook = load_rulebook([write_pack(case["pack"], folder)])
    found = many_differences(rulebook, case["scenarios"])
    for data, columns in zip(case["scenarios"], case["tables"], strict=True):
        found += table_differences(Scenario.model_validate(data), rulebook, columns) if columns else []
    return found


def keep(case: Plain, name: str) -> None:
    """Hypothesis ends with the smallest case that fails; rename the file to keep it for good."""
    KEPT.mkdir(parents=True, exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(case, indent=1) + "\n", "utf-8")


@given(st.randoms(use_true_random=False))
@settings(max_examples=TABLES_IN_THE_ORDINARY_RUN // TABLES_PER_PACK)
def test_every_row_of_a_random_table_gives_what_it_gives_alone(
    tmp_path_factory: pytest.TempPathFactory, random: Random
) -> None:
    folder = tmp_path_factory.getbasetemp() / "random-table"
    case = a_case(random, folder, ROWS_PER_TABLE)
    found = disagreements(case, folder)
    if found:
        keep(case, "latest")
    assert found == []


@pytest.mark.long
def test_very_many_rows_of_random_tables_agree(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sized by POLICYENGINE_RANDOM_PACKS and POLICYENGINE_RANDOM_ROWS; POLICYENGINE_RANDOM_SEED goes on from a seed."""
    rows = max(1, ROWS_IN_THE_LONG_RUN // (PACKS_IN_THE_LONG_RUN * TABLES_PER_PACK))
    done = 0
    for seed in range(FIRST_SEED, FIRST_SEED + PACKS_IN_THE_LONG_RUN):
        case = a_case(Random(seed), tmp_path, rows)
        found = disagreements(case, tmp_path)
        if found:
            keep(case, f"seed-{seed}")
        assert found == [], f"seed {seed}"
        done += sum(len(next(iter(table.values()))) for table in case["tables"] if table)
        if seed % 100 == 99:
            with capsys.disabled():
                sys.stdout.write(f"up to seed {seed}: {done} rows agree\n")
    with capsys.disabled():
        sys.stdout.write(f"{PACKS_IN_THE_LONG_RUN} packs, {done} rows, 0 disagreements; next seed {seed + 1}\n")


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.json")), ids=lambda path: path.stem)
def test_kept_counterexamples_stay_mended(path: Path, tmp_path: Path) -> None:
    assert disagreements(json.loads(path.read_text("utf-8")), tmp_path) == []


def _one_bit(values: Any) -> Any:
    """The last bit of the first share that is not zero, turned round."""
    changed = np.array(values)
    flat = changed.ravel()
    for place in np.flatnonzero(flat)[:1]:
        flat[place : place + 1].view(np.int64)[0] ^= 1
    return flat.reshape(changed.shape)


PLANTED: dict[str, Any] = {
    "one bit of one share is turned": lambda patch: patch.setattr(
        leads, "pooled_shares", lambda counted, real=pooled_shares: _one_bit(real(counted))
    ),
    "a quotient by zero is infinite": lambda patch: patch.setattr(columnar_kernels, "_finite", Column),
    "an unknown filter drops the element": lambda patch: patch.setattr(
        columnar_kernels, "_kept_known", lambda kept, _: ~kept.values | kept.values
    ),
    "points are rounded down": lambda patch: patch.setattr(
        columnar_program, "strengths", lambda points, weight: np.floor(points * weight * 1_000_000)
    ),
    "an unknown mark is false": lambda patch: patch.setattr(columnar_variations, "disjunction", _sure),
}


def _sure(residue: Any, values: Any) -> Any:
    from policyengine.engines.columnar_fold import disjunction

    return disjunction(residue, [False if value is None else value for value in values])


@pytest.mark.parametrize("name", list(PLANTED))
def test_the_random_run_finds_planted_faults(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    PLANTED[name](monkeypatch)
    packs = TABLES_IN_THE_ORDINARY_RUN // TABLES_PER_PACK
    assert any(disagreements(a_case(Random(seed), tmp_path, ROWS_PER_TABLE), tmp_path) for seed in range(packs))


def test_random_tables_exercise_what_they_should(tmp_path: Path) -> None:
    """Tables must vary every kind of thing, hold unknowns, and change who leads."""
    random = Random(3)
    sections: set[str] = set()
    groups: set[str] = set()
    unknown = 0
    for _ in range(100):
        case = a_case(random, tmp_path, ROWS_PER_TABLE)
        names = [name for table in case["tables"] for name in table]
        sections |= {name.partition(".")[0] for name in names}
        groups |= {name.split(".")[2] for name in names if name.startswith(("threats", "jurisdictions", "ties"))}
        unknown += sum(None in column for table in case["tables"] for column in table.values())
    assert sections == {"threats", "jurisdictions", "ties", "conditions", "year", "param", "weight"}
    assert {"diffuseness", "costs", "benefits", "power", "places", "level", "kind", "layers", "competences"} <= groups
    assert unknown > 100
