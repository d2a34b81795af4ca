"""Rows in which the same outcomes fire are worked out once, and get what each alone gets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from policyengine.api import evaluate_table
from policyengine.domain.scenario import Scenario
from policyengine.rulebook.rule import Rulebook
from policyengine.tables import kinds
from policyengine.tables.kinds import Kinds
from policyengine.tables.paths import every_path
from policyengine.tables.variations import CHUNK_ROWS, Variations


def chunks(flags: int, rows: int, count: int) -> list[np.ndarray]:
    """Chunks of rows with flags of which early ones are rare, so that kinds come up late as well."""
    random = np.random.default_rng(flags)
    return [random.random((flags, rows)) < np.linspace(0.02, 0.5, flags)[:, np.newaxis] for _ in range(count)]


@pytest.mark.parametrize("flags", [1, 7, 8, 9, 17])
def test_each_row_gets_what_follows_from_its_flags(flags: int) -> None:
    told = Kinds()
    worked: list[bytes] = []
    for chunk in chunks(flags, 300, 5):

        def work_out(rows: Any, chunk: np.ndarray = chunk) -> dict[str, Any]:
            own = chunk[:, rows]
            worked.extend(row.tobytes() for row in own.T)
            return {"number": np.arange(1, flags + 1) @ own, "any": own.any(axis=0)}

        found = told.results(list(chunk), work_out)
        assert (found["number"] == np.arange(1, flags + 1) @ chunk).all()
        assert (found["any"] == chunk.any(axis=0)).all()
    assert len(worked) == len(set(worked)) > flags


def test_too_many_kinds_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_MOST", 30)
    told = Kinds()
    few, many = (
        np.zeros((6, 64), np.bool_),
        np.array([[row >> bit & 1 for row in range(64)] for bit in range(6)], np.bool_),
    )
    told.results(list(few), lambda rows: {"row": rows})
    assert not told.too_many
    told.results(list(many), lambda rows: {"row": rows})
    assert told.too_many


def varied(base: Scenario, rulebook: Rulebook, rows: int) -> pa.Table:
    """Words, truths, numbers and lists of a threat and of jurisdictions; nothing is unknown before the last chunk."""
    random = np.random.default_rng(5)
    paths = [path for path in every_path(base, rulebook) if path.section in ("threats", "jurisdictions")]
    chosen = ("kind", "agent", "severity", "reach", "attributes.spillover", "level", "capacities.policing")
    columns: dict[str, Any] = {}
    for path in paths:
        if path.field in chosen:
            options = sorted(getattr(path.type, "options", None) or ()) or [True, False]
            number = path.field not in ("kind", "agent", "level")
            values = random.random(rows) if number else [options[place] for place in random.integers(0, 2, rows)]
            known = (np.arange(rows) < CHUNK_ROWS) | (random.random(rows) < 0.8)
            needed = path.field in {"level", "kind"}
            columns[path.name] = pa.array(values, mask=None if needed else ~known)
    return pa.table(columns)


@pytest.mark.parametrize("most", [1, 1 << 10])
def test_telling_kinds_apart_changes_no_row(
    most: int, base: Scenario, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = varied(base, rulebook, 2 * CHUNK_ROWS + 100)
    with monkeypatch.context() as patch:
        patch.setattr(Kinds, "too_many", True)
        plain = evaluate_table(base, table, rulebook, wide=True, fired=True).read_all().to_pydict()
    monkeypatch.setattr(kinds, "_MOST", most)
    found = evaluate_table(base, table, rulebook, wide=True, fired=True).read_all().to_pydict()
    assert list(found) == list(plain)
    for name, values in found.items():
        assert repr(values) == repr(plain[name]), name


def test_few_rows_are_worked_out(base: Scenario, rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    worked: list[int] = []
    real = Variations._work_out

    def noted(self: Variations, number: int, judged: Any, rows: int, setting: Any) -> dict[str, Any]:
        worked.append(rows)
        return real(self, number, judged, rows, setting)

    monkeypatch.setattr(Variations, "_work_out", noted)
    severities = np.random.default_rng(1).random(3 * CHUNK_ROWS)
    table = pa.table({"threats.trafficking.severity": severities})
    assert evaluate_table(base, table, rulebook).read_all().num_rows == len(severities)
    assert sum(worked) < 100
