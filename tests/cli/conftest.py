"""The command line, called in this process or as a user would."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from batch.remote.conftest import bucket, store
from click.testing import CliRunner, Result

from policyengine import shipped
from policyengine.cli.main import cli

__all__ = ["bucket", "store"]
ROOT = Path(__file__).parent.parent.parent
SCENARIO = "sparse-new-threat"
"""A shipped scenario that is quickly evaluated."""

PARTS = {"title": "Handguns by drone over the St. Clair River", "actor": "Ontario", "level": "level: state"}

Run = Callable[..., Result]
Write = Callable[..., Path]
Start = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str | Path) -> Result:
        return CliRunner().invoke(cli, [str(argument) for argument in arguments], prog_name="policyengine")

    return call


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Start the command as a process of its own, in an empty folder."""

    def call(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "policyengine", *map(str, arguments)],
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            check=False,
        )

    return call


@pytest.fixture
def scenario_text() -> str:
    """The text of the quick scenario, for tests that change a line of it."""
    return (shipped.folder("scenarios") / f"{SCENARIO}.yaml").read_text("utf-8")


@pytest.fixture
def written(tmp_path: Path, scenario_text: str) -> Write:
    """Write the quick scenario to a file, with parts of its text replaced."""

    def write(name: str = SCENARIO, **changes: str) -> Path:
        text = scenario_text.replace(f"scenario: {SCENARIO}", f"scenario: {name}")
        for part, new in changes.items():
            assert PARTS[part] in text
            text = text.replace(PARTS[part], new)
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, "utf-8")
        return path

    return write
