"""What `batch` refuses on its command line, and what every command refuses: an argument that is empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli.conftest import SCENARIO, Run, Write

from policyengine.cli.batch import FORMATS


def test_a_timeout_is_a_number_of_seconds_that_a_clock_can_count(run: Run) -> None:
    for given in ("nan", "inf", "-1", "1e300", "1000001"):
        refused = run("batch", SCENARIO, "--out", "o", "--timeout", given)
        assert (refused.exit_code, "--timeout" in refused.stderr) == (2, True), given
    assert not Path("o").exists()


def test_the_longest_timeout_can_be_waited_for(run: Run, written: Write) -> None:
    assert run("batch", written(), "--out", "o", "--timeout", "1000000", "--workers", "1").exit_code == 0


@pytest.mark.parametrize("given", ["", ",", "html,,json", "html,", " "])
def test_a_format_without_a_name_is_refused_with_those_that_there_are(run: Run, given: str) -> None:
    refused = run("batch", SCENARIO, "--out", "o", "--format", given)
    assert refused.exit_code == 2
    assert all(name in refused.stderr for name in ("--format", *FORMATS))


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("batch", "", "--out", "o"), "an argument"),
        (("batch", SCENARIO, "--resume", "", "--out", "o"), "an argument"),
        (("batch", ".", "--out", ""), "--out"),
        (("batch", ".", "--out="), "--out"),
        (("batch", ".", "--out", "o", "--base", ""), "--base"),
        (("evaluate", ""), "an argument"),
        (("evaluate", SCENARIO, "--output", ""), "--output"),
        (("evaluate", SCENARIO, "--pack", ""), "--pack"),
        (("sweep", "", "--vary", "param.co_lead_margin=1,2", "--out", "x.csv"), "an argument"),
        (("sweep", SCENARIO, "--table", "", "--out", "x.csv"), "--table"),
        (("rules", "fmt", ""), "an argument"),
        (("init", ""), "an argument"),
    ],
)
def test_an_empty_argument_does_not_mean_the_current_folder(run: Run, arguments: tuple[str, ...], what: str) -> None:
    refused = run(*arguments)
    assert refused.exit_code == 2
    assert refused.stderr.endswith(
        f"policyengine: {what} is empty; give a value, and see whether a shell variable is set\n"
    )
    assert list(Path.cwd().iterdir()) == []
