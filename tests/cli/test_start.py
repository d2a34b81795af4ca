"""The command starts fast: it imports what it needs and no more."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from cli.conftest import ROOT

HEAVY = ("pydantic", "numpy", "yaml", "rich", "durable_rules_engine")


def imported(*arguments: str) -> set[str]:
    """The outermost modules that a command imports."""
    program = (
        "import sys\nfrom policyengine.cli.main import cli\n"
        f"try:\n    cli.main({list(arguments)!r}, prog_name='policyengine')\n"
        "except SystemExit:\n    pass\nsys.stderr.write(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return set(shown.stderr.split())


@pytest.mark.parametrize("arguments", [("--help",), ("evaluate", "--help"), ("rules", "show", "-h")], ids=" ".join)
def test_help_imports_none_of_the_machinery(arguments: tuple[str, ...]) -> None:
    assert imported(*arguments) & set(HEAVY) == set()


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_no_report_in_a_pipe_needs_rich(form: str) -> None:
    assert "rich" not in imported("evaluate", "sparse-new-threat", "--format", form)
