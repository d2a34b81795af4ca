"""How commands end: quietly where they should, and never with a traceback that nobody asked for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cli.conftest import ROOT, SCENARIO, Run, Start

from policyengine.cli import evaluation
from policyengine.cli.main import cli
from policyengine.cli.root import Root

LONG = "x" * 5_000


def broken(*_: object) -> None:
    raise RuntimeError("the \x1b[31mroof\nis off")


def test_a_fault_of_ours_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLICYENGINE_DEBUG", raising=False)
    monkeypatch.setattr(evaluation, "evaluate_scenario", broken)
    shown = run("evaluate", SCENARIO)
    assert (shown.exit_code, shown.stdout, shown.stderr.count("\n")) == (3, "", 1)
    assert "a fault of policyengine: RuntimeError: the \\x1b[31mroof is off - please report it" in shown.stderr


def test_an_end_of_a_file_that_nobody_expected_is_a_fault_and_no_interruption(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object) -> None:
        raise EOFError("too early")

    monkeypatch.setattr(evaluation, "evaluate_scenario", ended)
    shown = run("evaluate", SCENARIO)
    assert (shown.exit_code, "EOFError: too early - please report it" in shown.stderr) == (3, True)


def test_the_traceback_of_a_fault_is_shown_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluation, "evaluate_scenario", broken)
    assert "Traceback" in run("--debug", "evaluate", SCENARIO).stderr
    monkeypatch.setenv("POLICYENGINE_DEBUG", "1")
    assert "Traceback" in run("evaluate", SCENARIO).stderr
    monkeypatch.setenv("POLICYENGINE_DEBUG", "0")
    assert "Traceback" not in run("evaluate", SCENARIO).stderr


def test_an_interrupt_ends_with_130_and_without_a_word(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluation, "evaluate_scenario", interrupted)
    shown = run("evaluate", SCENARIO, "--output", "x.txt")
    assert (shown.exit_code, shown.output.strip()) == (130, "")
    assert list(Path.cwd().iterdir()) == []


def test_an_interrupt_that_a_library_turns_into_its_own_error_is_still_one(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(cli, Root)
    monkeypatch.setattr(cli, "stopped", 130)
    monkeypatch.setattr(evaluation, "evaluate_scenario", broken)
    shown = run("evaluate", SCENARIO)
    assert (shown.exit_code, shown.output) == (130, "")


def test_a_process_that_is_interrupted_leaves_no_half_a_file(tmp_path: Path) -> None:
    names = sorted(str(path) for path in (ROOT / "scenarios").glob("*.yaml"))
    process = subprocess.Popen(
        [sys.executable, "-m", "policyengine", "evaluate", *names * 20, "--output", "x.txt"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out, error.strip()) == (130, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_is_ended_leaves_no_half_a_table(tmp_path: Path) -> None:
    vary = ("threats.guns-by-drone.severity=0:1:0.001", "param.co_lead_margin=0:20:0.02")
    asked = [part for each in vary for part in ("--vary", each)]
    process = subprocess.Popen(
        [sys.executable, "-m", "policyengine", "sweep", SCENARIO, *asked, "--out", "x.csv"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while process.poll() is None and not list(tmp_path.iterdir()):
        time.sleep(0.01)
    for _ in range(2):
        process.send_signal(signal.SIGTERM)
    out, error = process.communicate(timeout=60)
    assert (process.returncode, out, error.strip()) == (143, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_closed_pipe_is_no_complaint(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "policyengine", "evaluate", SCENARIO, "--format", "json"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    with process.stderr:
        assert process.stderr.read() == b""
    assert process.wait(60) == 141


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device here")
@pytest.mark.parametrize("arguments", [("evaluate", SCENARIO), ("--help",)], ids=" ".join)
def test_a_full_disk_is_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        shown = subprocess.run(
            [sys.executable, "-m", "policyengine", *arguments],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            cwd=tmp_path,
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (shown.returncode, shown.stderr) == (1, b"policyengine: cannot write the output: No space left on device\n")


def test_a_closed_output_is_no_fault(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "policyengine", "scenarios", "list"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    shown = subprocess.run(
        ["/bin/sh", "-c", 'exec "$@" >&-', "sh", *command],
        env=environment,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        check=False,
    )
    assert (shown.returncode, shown.stderr) == (0, b"")


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}]
)
@pytest.mark.parametrize(
    "arguments", [("evaluate", "trafficking-quebec-vermont"), ("explain", "trafficking-quebec-vermont"), ("claims",)]
)
def test_a_screen_without_accents_gets_plain_letters(
    start: Start, environment: dict[str, str], arguments: tuple[str, ...]
) -> None:
    shown = start(*arguments, **environment)
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert shown.stdout.isascii()
    assert b"Quebec" in shown.stdout


def test_data_is_utf_8_whatever_the_screen(start: Start) -> None:
    arguments = ("evaluate", "trafficking-quebec-vermont", "--format", "json")
    assert start(*arguments, PYTHONIOENCODING="ascii").stdout == start(*arguments).stdout
    assert "Québec".encode() in start(*arguments).stdout


def test_a_pipe_gets_neither_colour_nor_spaces_at_the_ends(start: Start) -> None:
    shown = start("evaluate", SCENARIO, TERM="xterm-256color", FORCE_COLOR="1").stdout.decode()
    assert "\x1b" not in shown
    assert [line for line in shown.splitlines() if line != line.rstrip()] == []


def test_unknown_commands_get_the_near_name(run: Run) -> None:
    shown = run("evaluat")
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert "there is no command 'evaluat'; did you mean 'evaluate'?" in shown.stderr


def test_what_is_not_printable_in_an_argument_is_shown_as_its_escape(run: Run) -> None:
    for arguments in (
        ["evaluate", "\x1b[31mx"],
        ["explain", SCENARIO, "--layer", "\x1b[31m"],
        ["\x1b[31m"],
        ["rules", "show", "\x1b"],
    ):
        shown = run(*arguments)
        assert shown.exit_code in (1, 2)
        assert "\x1b" not in shown.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("init", "loop"),
        ("evaluate", SCENARIO, "--pack", "loop"),
        ("evaluate", SCENARIO, "--output", "loop"),
        ("rules", "check", "loop"),
        ("rules", "test", "loop"),
        ("rules", "fmt", "loop"),
        ("hindcast", "loop"),
        ("hindcast", "."),
        ("compare", ".", "--pack-a", "practice", "--pack-b", "competence"),
    ],
)
def test_a_link_in_a_circle_is_the_callers_to_mend(run: Run, arguments: tuple[str, ...]) -> None:
    for name in ("loop", "loop.yaml"):
        Path(name).symlink_to(name)
    shown = run(*arguments)
    assert shown.exit_code == 1
    assert "loop" in shown.output


@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", LONG),
        ("evaluate", SCENARIO, "--output", LONG),
        ("explain", LONG),
        ("compare", LONG, SCENARIO),
        ("hindcast", LONG),
        ("rules", "check", LONG),
        ("rules", "test", LONG),
        ("rules", "fmt", LONG),
        ("batch", SCENARIO, "--base", LONG, "--out", "o"),
        ("batch", f"{LONG}.csv", "--base", SCENARIO, "--out", "o"),
    ],
)
def test_a_name_that_no_file_can_have_is_no_fault_of_ours(run: Run, arguments: tuple[str, ...]) -> None:
    shown = run(*arguments)
    assert shown.exit_code == 1
    assert "xxx" in shown.stderr
    assert len(shown.stderr) < 1_000


@pytest.mark.skipif(os.getuid() == 0, reason="who may do everything is refused nothing")
def test_a_file_in_a_folder_that_nobody_may_enter_is_no_fault_of_ours(run: Run) -> None:
    Path("closed").mkdir(mode=0)
    shown = run("evaluate", "closed/a.yaml")
    assert (shown.exit_code, "Permission denied" in shown.stderr) == (1, True)
