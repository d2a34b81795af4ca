"""The start of the command, with and without a foreign package of the same name."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import layered_policyengine


def start(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command with `folder` first on Python's path."""
    home = Path(layered_policyengine.__file__).parent
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(home)])}
    program = "import layered_policyengine; layered_policyengine.main()"
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=folder,
        check=False,
    )


def test_a_foreign_package_of_the_same_name_is_told_and_not_run(tmp_path: Path) -> None:
    foreign = tmp_path / "policyengine"
    foreign.mkdir()
    (foreign / "__init__.py").write_text("print('foreign code runs')\n", "utf-8")
    found = start(tmp_path, "--version")
    assert found.returncode == 3
    assert found.stdout == ""
    assert "another package named 'policyengine' lies over this one" in found.stderr
    assert "hint:" in found.stderr
    assert "Traceback" not in found.stderr


def test_our_own_package_starts(tmp_path: Path) -> None:
    found = start(tmp_path, "--version")
    assert found.returncode == 0
    assert found.stderr == ""
