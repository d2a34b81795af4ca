"""Batches over a table on clusters, as their user runs them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from batch.cluster.conftest import OUT, Process, Start, cluster_of, ended, found, kill_a_writer

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")
pytest.importorskip("distributed")
Scheduler = Callable[[str], Process]
ROWS = 600_000
PARTS = 3
SAID = f"{ROWS:,} rows evaluated. Open out/index.html\n"


@pytest.fixture
def run(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start a batch over a table of three parts in an empty folder."""
    monkeypatch.chdir(tmp_path)
    columns = {
        "threats.trafficking.severity": [row / ROWS for row in range(ROWS)],
        "param.co_lead_margin": [float(row % 21) for row in range(ROWS)],
    }
    parquet.write_table(pa.table(columns), "in.parquet", row_group_size=ROWS // PARTS)

    def call(*arguments: str, out: Path = OUT) -> Process:
        base = ("--base", "trafficking-quebec-vermont", "--out", out)
        return start("policyengine", "batch", "in.parquet", *base, *arguments)

    return call


def whole(run: Start) -> dict[str, bytes]:
    code, said = ended(run("--workers", "1", out=Path("whole")))
    assert (code, "Traceback" in said) == (0, False)
    return found(Path("whole"))


def test_a_worker_killed_inside_a_part_costs_nothing(
    run: Start, scheduler: Scheduler, worker: Start, address: str, tmp_path: Path
) -> None:
    expected = whole(run)
    scheduler(address)
    first = worker(address)
    running = run("--cluster", address)
    killed: list[int] = []
    kill_a_writer(tmp_path / "out", killed)
    assert killed == [first.pid]
    worker(address)
    assert ended(running) == (0, SAID)
    assert found(OUT) == expected
    assert str(cluster_of(OUT)["kind"]).startswith("dask")


def test_a_lost_scheduler_ends_the_run_and_another_one_carries_on(
    run: Start, scheduler: Scheduler, worker: Start, address: str, tmp_path: Path
) -> None:
    expected = whole(run)
    lost = scheduler(address)
    first = worker(address)
    running = run("--cluster", address)
    kill_a_writer(tmp_path / "out", [], signal.SIGSTOP)
    os.kill(lost.pid, signal.SIGKILL)
    code, said = ended(running)
    assert code == 1
    assert f"E306 the cluster at {address} is lost: the connection to its scheduler was lost; " in said
    assert f"of {PARTS} parts are done and whole" in said
    assert "Traceback" not in said
    # The worker still holds its part, and wakes up while another run has the folder.
    scheduler(address)
    worker(address)
    again = run("--cluster", address, "--resume")
    os.kill(first.pid, signal.SIGCONT)
    assert ended(again)[0] == 0
    assert found(OUT) == expected


@pytest.mark.long
def test_ray_gives_the_bytes_of_one_process_and_twice_the_same(run: Start) -> None:
    pytest.importorskip("ray")
    expected = whole(run)
    assert ended(run("--cluster", "ray", "--workers", "2")) == (0, SAID)
    assert found(OUT) == expected
    assert ended(run("--cluster", "local", "--workers", "2", "--resume")) == (
        0,
        SAID.replace(".", f", {PARTS} of them kept from before.", 1),
    )
    assert found(OUT) == expected


def test_nobody_listens(run: Start, address: str) -> None:
    code, said = ended(run("--cluster", address))
    assert (code, f"E305 no scheduler of Dask answers at {address}" in said) == (1, True)
    assert not OUT.exists()


@pytest.mark.long
def test_a_part_that_takes_too_long_is_set_aside(run: Start) -> None:
    table = parquet.read_table("in.parquet").slice(0, 100)
    parquet.write_table(table, "in.parquet")
    code, said = ended(run("--cluster", "local", "--workers", "1", "--timeout", "0.00001"))
    assert code == 1
    assert "part-00000: this part ended each process of the cluster that evaluated it or took longer" in said
