"""Schedulers, workers and batches as processes of their own, on this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import monotonic

import pytest
from batch.conftest import HARBOUR, ROOT, a_fire, tree

from policyengine.source import is_left_over

Process = subprocess.Popen[bytes]
Start = Callable[..., Process]
FILES = 40
OUT = Path("out")
PATIENCE = 60


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a Python of its own; what still runs at the end is killed."""
    started: list[Process] = []

    def call(*arguments: str | Path, python: Sequence[str] = (), path: str | Path = ROOT, **more: str) -> Process:
        process = subprocess.Popen(
            [sys.executable, *python, "-m", *map(str, arguments)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path, start_new_session=True,
            env={**os.environ, "PYTHONPATH": str(path), **more},
        )  # fmt: skip
        started.append(process)
        return process

    yield call
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.fixture
def scheduler(start: Start) -> Callable[[str], Process]:
    """Start a scheduler at HOST:PORT, and wait until it listens."""

    def call(address: str) -> Process:
        host, port = address.split(":")
        # A scheduler reads what it hands out, work of these tests among it.
        path = f"{ROOT}:{ROOT / 'tests'}"
        process = start("dask", "scheduler", "--host", host, "--port", port, "--no-dashboard", path=path)
        until(lambda: listens(address), process)
        return process

    return call


@pytest.fixture
def worker(start: Start) -> Start:
    """Start a worker without a process that starts it again."""

    def call(address: str, *, python: Sequence[str] = (), path: str | Path = ROOT) -> Process:
        arguments = ("--no-nanny", "--nthreads", "1", "--no-dashboard")
        return start("dask", "worker", f"tcp://{address}", *arguments, python=python, path=path)

    return call


@pytest.fixture
def run(start: Start) -> Start:
    """Start a batch over the folder `in`."""

    def call(*arguments: str | Path, out: str | Path = OUT, **more: str) -> Process:
        return start("policyengine", "batch", "in", "--out", out, "--pack", HARBOUR, *arguments, **more)

    return call


@pytest.fixture
def many(fires: Path) -> Path:
    """Enough files for several parts."""
    for number in range(FILES - 6):
        (fires / f"n{number:02}.yaml").write_text(a_fire(f"fire-n{number}", 0.01 * number), "utf-8")
    return fires


def ended(process: Process) -> tuple[int, str]:
    """How a process ended and what it said, but how far it was, which a slow machine makes it say."""
    out, error = process.communicate(timeout=PATIENCE)
    told = re.sub(rb"^[\d,]+ of [\d,]+ .*\n", b"", error, flags=re.MULTILINE)
    return process.returncode, (out + told).decode()


WHOLE: dict[tuple[str, ...], dict[str, bytes]] = {}


def expected(run: Start, *arguments: str) -> dict[str, bytes]:
    """What a batch of `many` in one process gives: found out once."""
    if arguments not in WHOLE:
        code, said = ended(run("--workers", "1", *arguments, out="whole"))
        assert (code, "Traceback" in said) == (0, False)
        WHOLE[arguments] = found(Path("whole"))
    return WHOLE[arguments]


def found(folder: Path) -> dict[str, bytes]:
    """All that a batch wrote; of the manifest all but the cluster, which is another by intention."""
    files = tree(folder)
    if "manifest.json" in files:
        files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), "cluster": None}).encode()
    return files


def cluster_of(folder: Path) -> dict[str, object]:
    """What the manifest says of the cluster."""
    about: dict[str, object] = json.loads((folder / "manifest.json").read_text("utf-8"))["cluster"]
    return about


def written(folder: Path = OUT) -> int:
    """How many results are on the disk."""
    return len([path for path in folder.glob("results/**/*.*") if not is_left_over(path)])


def stop_inside_a_task(running: Process, with_task: Callable[[], int]) -> int:
    """Halt the only worker in the midst of a task: it has written some results of a part, and not all."""
    whole = 2 * (FILES // 4)
    while True:
        before = written()
        until(lambda: written() > before, running)  # noqa: B023 - called in this very round
        worker = with_task()
        if worker:
            os.kill(worker, signal.SIGSTOP)
            if written() % whole:
                return worker
            os.kill(worker, signal.SIGCONT)


def until(true: Callable[[], bool], process: Process) -> None:
    """Wait for something while a process runs."""
    started = monotonic()
    while not true():
        if process.poll() is not None:
            raise AssertionError(f"the process ended with {process.returncode}: {process.communicate()}")
        assert monotonic() - started < PATIENCE, "it takes too long"


def listens(address: str) -> bool:
    host, port = address.split(":")
    with socket.socket() as one:
        return one.connect_ex((host, int(port))) == 0


@pytest.fixture
def address() -> str:
    """An address of this machine at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{one.getsockname()[1]}"


def writers(out: Path) -> Iterator[int]:
    """The processes that have a file open that is being written below a folder."""
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            path = str(descriptor.readlink())
        except OSError:
            continue
        if path.startswith(f"{out.resolve()}/results/.") and path.endswith(".partial"):
            yield int(descriptor.parts[2])


def kill_a_writer(out: Path, killed: list[int], how: signal.Signals = signal.SIGKILL) -> None:
    """Kill the first process that writes the result of a part, in the midst of it: halted, it has the file open."""
    kill_one_of(lambda: writers(out), killed, how)


def kill_one_of(now: Callable[[], Iterator[int]], killed: list[int], how: signal.Signals = signal.SIGKILL) -> None:
    """Kill the first process that is at something: halted, it is at it still."""
    started = monotonic()
    while monotonic() - started < PATIENCE:
        for process in now():
            os.kill(process, signal.SIGSTOP)
            if process in set(now()):
                os.kill(process, how)
                killed.append(process)
                return
            os.kill(process, signal.SIGCONT)
