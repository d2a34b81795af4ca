"""How processes begin, and that none of them, nor anything of theirs, is there when the command has ended."""

from __future__ import annotations

import importlib
import os
import signal
import subprocess
import sys
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Timer
from time import sleep

import pyarrow as pa
import pytest
from batch.conftest import Process, children, gone
from pyarrow.csv import write_csv

from policyengine.batch import processes
from policyengine.batch.processes import FOR_FILES, FOR_TABLES

STARTED = """
import sys
from policyengine.cli.main import cli
try:
    cli.main(sys.argv[1:], prog_name="policyengine")
except SystemExit as stop:
    print(stop.code, "multiprocessing.forkserver" in sys.modules)
"""


@pytest.fixture
def rooms(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made; its name is short enough for a socket."""
    folder = tmp_path_factory.mktemp("rooms")
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


@pytest.mark.parametrize("name", [*FOR_FILES, *FOR_TABLES])
def test_what_is_imported_beforehand_is_there(name: str) -> None:
    """The server passes over what it cannot import."""
    assert importlib.import_module(name).__name__ == name


@pytest.mark.parametrize(("path", "code"), [("in", 0), ("nothing-here", 1)])
def test_nothing_is_left_when_a_batch_has_ended(rooms: Path, process: Process, path: str, code: int) -> None:
    running = process(path, start_new_session=True)
    running.communicate(timeout=60)
    assert running.returncode == code
    assert gone(running.pid, within=5)
    assert not list(rooms.iterdir())


def test_where_no_server_can_listen_processes_begin_afresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, process: Process
) -> None:
    """The address of a socket has at most 108 bytes."""
    folder = tmp_path / ("long-" * 20)
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    running = process("in", start_new_session=True)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 0, said
    assert gone(running.pid, within=5)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("after", [0, 0.1, 0.2, 0.4, 0.8])
def test_a_ctrl_c_while_processes_begin_is_told_in_one_line(rooms: Path, process: Process, after: float) -> None:
    running = process(start_new_session=True)
    while not children(running.pid):
        pass
    sleep(after)
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert b"Traceback" not in said
    assert gone(running.pid, within=20)
    assert not list(rooms.iterdir())


def test_who_forks_has_no_other_threads_and_what_it_imports_is_there(fires: Path, process: Process) -> None:
    """A thread that holds a lock at a fork never lets go of it in the new process."""
    write_csv(pa.table({"threats.tanker.severity": [0.5] * 2_000_000}), "table.csv")
    running = process("table.csv", "--base", str(fires / "one" / "a.yaml"))
    servers: list[int] = []
    while running.poll() is None and not servers:
        servers = [child for child in children(running.pid) if children(child)]
    (server,) = servers
    threads = len(list(Path(f"/proc/{server}/task").iterdir()))
    mapped = Path(f"/proc/{server}/maps").read_text("utf-8")
    running.kill()
    running.communicate()
    assert (threads, "libarrow" in mapped, "numpy" in mapped) == (1, True, True)


@pytest.mark.parametrize(
    "arguments",
    [["in", "--out", "out", "--wide"], ["in", "--out", "out", "--format", "pdf"], ["in"], ["s3://in", "--out", "out"]],
)
def test_a_batch_that_is_called_wrongly_starts_no_process(fires: Path, arguments: list[str]) -> None:
    assert fires.is_dir()
    ran = subprocess.run([sys.executable, "-c", STARTED, "batch", *arguments], capture_output=True, check=True)
    assert ran.stdout.split() == [b"2", b"False"]


def test_a_process_begins_although_who_forks_is_just_dying(rooms: Path) -> None:
    """It still has its socket then, and takes what is sent, but answers no more."""
    assert rooms.is_dir()
    processes._server_runs()
    server: int = forkserver._forkserver._forkserver_pid  # type: ignore[attr-defined]
    os.kill(server, signal.SIGSTOP)
    Timer(0.3, os.kill, (server, signal.SIGKILL)).start()
    try:
        process, pipe = processes.started(_answers)
        assert pipe.recv() == "here"
        process.join()
    finally:
        processes._end()


def _answers(pipe: Connection) -> None:
    pipe.send("here")
