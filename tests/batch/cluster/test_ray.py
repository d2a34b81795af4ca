"""Batches on Ray: whatever is killed, no row is lost, doubled or changed."""

from __future__ import annotations

import os
import signal
from functools import partial
from pathlib import Path

import pytest
from batch.cluster.conftest import (
    FILES,
    OUT,
    PATIENCE,
    Process,
    Start,
    cluster_of,
    ended,
    expected,
    found,
    stop_inside_a_task,
    until,
    written,
)
from batch.conftest import gone

pytest.importorskip("ray")


def below(process: int) -> dict[int, str]:
    """The processes that another one has started, with their commands."""
    commands = {}
    try:
        for child in map(int, Path(f"/proc/{process}/task/{process}/children").read_text("utf-8").split()):
            commands[child] = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode()
            commands.update(below(child))
    except (FileNotFoundError, ProcessLookupError):
        pass
    return commands


def with_task(running: Process) -> int:
    """The process that has a task; Ray names it so."""
    return next((one for one, command in below(running.pid).items() if command.startswith("ray::files")), 0)


def head(running: Process) -> int:
    """The process that holds the cluster together."""
    return next(one for one, command in below(running.pid).items() if "gcs_server" in command.split(" ")[0])


def test_ray_gives_the_bytes_of_one_process(many: Path, run: Start) -> None:
    assert many.is_dir()
    code, said = ended(run("--cluster", "ray", "--workers", "2"))
    assert (code, said) == (0, f"{FILES} scenarios evaluated. Open out/index.html\n")
    assert found(OUT) == expected(run)
    about = cluster_of(OUT)
    assert str(about["kind"]).startswith("ray ")
    assert about["workers"] == 2


def test_a_worker_killed_inside_a_task_costs_nothing(many: Path, run: Start) -> None:
    assert many.is_dir()
    running = run("--cluster", "ray", "--workers", "1")
    worker = stop_inside_a_task(running, partial(with_task, running))
    before = written()
    os.kill(worker, signal.SIGKILL)
    code, said = ended(running)
    assert (code, said) == (0, f"{FILES} scenarios evaluated. Open out/index.html\n")
    assert 0 < before < written()
    assert found(OUT) == expected(run)


@pytest.mark.long
def test_a_lost_head_ends_the_run_and_another_one_carries_on(many: Path, run: Start) -> None:
    assert many.is_dir()
    running = run("--cluster", "ray", "--workers", "1")
    stop_inside_a_task(running, partial(with_task, running))
    os.kill(head(running), signal.SIGKILL)
    code, said = ended(running)
    assert code == 1
    assert "E306 the cluster at this machine is lost: its head does not answer any more; " in said
    assert f"of {FILES} files are done and whole" in said
    assert "Traceback" not in said
    assert ended(run("--cluster", "ray", "--workers", "1", "--resume"))[0] == 0
    assert found(OUT) == expected(run)


@pytest.mark.long
def test_ctrl_c_takes_back_what_is_under_way_and_leaves_no_process(many: Path, run: Start) -> None:
    assert many.is_dir()
    running = run("--cluster", "ray", "--workers", "2")
    until(lambda: written() > 0, running)
    os.killpg(running.pid, signal.SIGINT)
    code, said = ended(running)
    assert code == 130, said
    assert "--resume carries on from there" in said
    assert "Traceback" not in said
    assert gone(running.pid, within=PATIENCE)
    assert ended(run("--cluster", "local", "--workers", "2", "--resume"))[0] == 0
    assert found(OUT) == expected(run)


def test_no_head_answers_where_the_environment_says(fires: Path, run: Start, address: str) -> None:
    assert fires.is_dir()
    code, said = ended(run("--cluster", "ray", RAY_ADDRESS=address))
    assert (code, f"E305 no head of Ray answers at {address}, which RAY_ADDRESS names" in said) == (1, True)
    assert not OUT.exists()
