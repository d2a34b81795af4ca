"""The shell completes commands, shipped names and files."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from cli.conftest import ROOT


def completed(*words: str) -> list[str]:
    """What bash is offered after these words."""
    environment = {
        "_POLICYENGINE_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(["policyengine", *words]),
        "COMP_CWORD": str(len(words)),
    }
    program = "from policyengine.cli.main import main; main()"
    shown = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    assert shown.stderr == ""
    return shown.stdout.split()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("eval",), "plain,evaluate"),
        (("evaluate", "sparse"), "plain,sparse-new-threat"),
        (("evaluate", "./x"), "file,./x"),
        (("evaluate", "--pack", "counter"), "plain,counter-claims"),
        (("evaluate", "--pack", "x"), "dir,x"),
        (("rules", "show", "spillover-i"), "plain,spillover-inside-a-country"),
        (("claims", "--source", "sharing"), "plain,sharing-the-burden"),
        (("claims", "verify", "--source", "sharing"), "plain,sharing-the-burden"),
    ],
    ids=str,
)
def test_names_are_completed(words: tuple[str, ...], offered: str) -> None:
    assert offered in completed(*words)


def test_bash_gets_its_script() -> None:
    program = "from policyengine.cli.main import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "_POLICYENGINE_COMPLETE": "bash_source"}
    shown = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment
    )
    assert "complete " in shown.stdout
