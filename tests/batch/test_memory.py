"""What a batch holds in memory does not grow with the number of its files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from batch.conftest import ROOT


def growth(what: str, folder: Path, few: int, many: int) -> float:
    """How many bytes more are held for each file more."""
    program = Path(__file__).with_name("memory_held.py")
    found = subprocess.run(
        [sys.executable, program, what, folder, str(few), str(many)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    less, more = map(int, found.stdout.split())
    return (more - less) / (many - few)


def test_a_batch_of_many_files_holds_no_more_than_one_of_few(tmp_path: Path) -> None:
    # Lines of a plan and places of records held in memory took more than 400 bytes for each file.
    assert growth("batch", tmp_path, 100, 2_000) < 300


@pytest.mark.parametrize(("form", "many"), [("csv", 4_000), ("parquet", 4_000), ("xlsx", 800)])
def test_tables_of_many_files_hold_little_more_than_those_of_few(tmp_path: Path, form: str, many: int) -> None:
    # What is remembered up to some number comes to a few hundred thousand bytes. A row takes two thousand.
    assert growth(form, tmp_path, many // 4, many) < 400
