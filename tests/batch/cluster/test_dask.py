"""Batches on Dask: whatever is killed, no row is lost, doubled or changed."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
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
    listens,
    stop_inside_a_task,
    until,
    written,
)
from batch.cluster.troubles import work
from batch.conftest import ROOT, Batch, gone, manifest

from policyengine.batch.cluster.ground import common_ground
from policyengine.batch.cluster.interface import ClusterLostError, Task
from policyengine.version import VERSION

pytest.importorskip("distributed")
Scheduler = Callable[[str], Process]


def test_a_cluster_of_this_machine_gives_the_bytes_of_one_process_and_twice_the_same(many: Path, run: Start) -> None:
    assert many.is_dir()
    code, said = ended(run("--cluster", "local", "--workers", "2"))
    assert (code, said) == (0, f"{FILES} scenarios evaluated. Open out/index.html\n")
    assert found(OUT) == expected(run)
    about = cluster_of(OUT)
    assert str(about["kind"]).startswith("dask 20")
    assert about["workers"] == 2
    assert about["versions"]["policyengine"] == VERSION  # type: ignore[index]
    assert ended(run("--cluster", "local", "--workers", "2"))[0] == 0
    assert found(OUT) == expected(run)


def test_an_engine_for_one_at_a_time_gives_the_same_on_a_cluster(many: Path, run: Start) -> None:
    assert many.is_dir()
    assert ended(run("--cluster", "local", "--workers", "2", "--engine", "rete"))[0] == 0
    assert found(OUT) == expected(run, "--engine", "rete")


def test_tables_over_all_files_are_those_of_one_process(many: Path, run: Start) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("xlsxwriter")
    assert many.is_dir()
    forms = ("--format", "json,csv,parquet,xlsx")
    assert ended(run("--cluster", "local", "--workers", "2", *forms))[0] == 0
    here = found(OUT)
    assert {"tables/allocation.csv", "tables/errors.parquet", "tables/tables.xlsx"} <= here.keys()
    assert here == expected(run, *forms)


def test_a_worker_killed_inside_a_task_costs_nothing(
    many: Path, run: Start, scheduler: Scheduler, worker: Start, address: str
) -> None:
    assert many.is_dir()
    scheduler(address)
    first = worker(address)
    running = run("--cluster", address)
    stop_inside_a_task(running, lambda: first.pid)
    before = written()
    worker(address)
    os.kill(first.pid, signal.SIGKILL)
    code, said = ended(running)
    assert (code, said) == (0, f"{FILES} scenarios evaluated. Open out/index.html\n")
    assert 0 < before < written()
    assert found(OUT) == expected(run)


def test_a_lost_scheduler_ends_the_run_and_another_one_carries_on(
    many: Path, run: Start, scheduler: Scheduler, worker: Start, address: str
) -> None:
    assert many.is_dir()
    lost = scheduler(address)
    first = worker(address)
    running = run("--cluster", address)
    stop_inside_a_task(running, lambda: first.pid)
    os.kill(lost.pid, signal.SIGKILL)
    code, said = ended(running)
    assert code == 1
    assert f"E306 the cluster at {address} is lost: the connection to its scheduler was lost; " in said
    assert f"of {FILES} files are done and whole" in said
    assert "then start the same command again with --resume" in said
    assert "Traceback" not in said
    # The worker still holds its task, and wakes up while another run has the folder.
    scheduler(address)
    worker(address)
    again = run("--cluster", address, "--resume")
    os.kill(first.pid, signal.SIGCONT)
    assert ended(again)[0] == 0
    assert found(OUT) == expected(run)


def test_a_second_submission_is_refused_while_the_first_runs(
    many: Path, run: Start, scheduler: Scheduler, worker: Start, address: str
) -> None:
    assert many.is_dir()
    scheduler(address)
    first = worker(address)
    running = run("--cluster", address)
    stop_inside_a_task(running, lambda: first.pid)
    code, said = ended(run("--cluster", address))
    assert (code, said) == (
        1,
        "policyengine: another batch is writing to 'out'; wait for it, or choose another folder\n",
    )
    os.kill(first.pid, signal.SIGCONT)
    assert ended(running)[0] == 0
    assert found(OUT) == expected(run)


def test_ctrl_c_takes_back_what_is_under_way_and_leaves_no_process(many: Path, run: Start) -> None:
    assert many.is_dir()
    running = run("--cluster", "local", "--workers", "2")
    until(lambda: written() > 0, running)
    os.killpg(running.pid, signal.SIGINT)
    code, said = ended(running)
    assert code == 130
    assert "interrupted" in said
    assert "--resume carries on from there" in said
    assert "Traceback" not in said
    assert gone(running.pid, within=PATIENCE)
    assert ended(run("--cluster", "local", "--workers", "2", "--resume"))[0] == 0
    assert found(OUT) == expected(run)


def test_a_file_that_takes_too_long_is_set_aside(fires: Path, run: Start) -> None:
    for each in ("one", "two"):
        shutil.rmtree(fires / each)
    (fires / "e.yaml").unlink()
    code, said = ended(run("--cluster", "local", "--workers", "2", "--timeout", "0.0001"))
    assert code == 1
    assert set(manifest(OUT).values()) == {"bad"}
    assert "E301 this file ended each process of the cluster that evaluated it or took longer than 0.0001 s" in said
    assert ended(run("--cluster", "local", "--workers", "2", "--resume"))[0] == 0


class TestWhatCannotWork:
    """Clusters that are not there, or whose machines differ: told before any work is done."""

    def test_nobody_listens(self, fires: Path, run: Start, address: str) -> None:
        assert fires.is_dir()
        code, said = ended(run("--cluster", address))
        assert (code, f"E305 no scheduler of Dask answers at {address}" in said) == (1, True)
        assert not OUT.exists()

    def test_somebody_else_listens(self, fires: Path, run: Start, start: Start, address: str) -> None:
        assert fires.is_dir()
        host, port = address.split(":")
        other = start("http.server", port, "--bind", host)
        until(lambda: listens(address), other)
        code, said = ended(run("--cluster", address))
        assert (code, f"E305 no scheduler of Dask answers at {address}" in said) == (1, True)
        assert not OUT.exists()

    def test_there_are_no_certificates(self, fires: Path, run: Start, address: str) -> None:
        assert fires.is_dir()
        code, said = ended(run("--cluster", f"tls://{address}"))
        assert (code, f"E305 Dask has no certificates for tls://{address}" in said) == (1, True)
        assert not OUT.exists()

    def test_no_worker_is_there(self, fires: Path, run: Start, scheduler: Scheduler, address: str) -> None:
        assert fires.is_dir()
        scheduler(address)
        code, said = ended(run("--cluster", address))
        assert (code, f"E305 there is no worker at {address}" in said) == (1, True)
        assert f"dask worker {address} --nthreads 1" in said

    def test_a_worker_has_another_version(
        self, fires: Path, run: Start, scheduler: Scheduler, worker: Start, address: str, tmp_path: Path
    ) -> None:
        assert fires.is_dir()
        shutil.copytree(ROOT / "policyengine", tmp_path / "old" / "policyengine")
        file = tmp_path / "old" / "policyengine" / "version.py"
        file.write_text(file.read_text("utf-8").replace(VERSION, "0.0.9"), "utf-8")
        scheduler(address)
        worker(address, path=tmp_path / "old")
        code, said = ended(run("--cluster", address))
        assert (code, "E305 the worker tcp://127.0.0.1:" in said) == (1, True)
        assert f"has policyengine 0.0.9, and the batch {VERSION}" in said
        assert written() == 0

    def test_a_worker_has_no_policyengine(
        self, fires: Path, run: Start, scheduler: Scheduler, worker: Start, address: str, tmp_path: Path
    ) -> None:
        """Packages are seen, and what their .pth files lead to is not: the package itself in this checkout."""
        assert fires.is_dir()
        import distributed

        packages = Path(distributed.__file__).parent.parent
        bare = tmp_path / "bare"
        bare.mkdir()
        for entry in packages.iterdir():
            if "policyengine" not in entry.name:
                (bare / entry.name).symlink_to(entry)
        scheduler(address)
        worker(address, python=("-S",), path=bare)
        code, said = ended(run("--cluster", address))
        assert (code, "E305 the worker tcp://127.0.0.1:" in said, "has no policyengine" in said) == (1, True, True)

    def test_a_worker_does_not_see_the_folder(
        self, fires: Path, run: Start, scheduler: Scheduler, start: Start, address: str, tmp_path: Path
    ) -> None:
        """A worker with a file system of its own, in which the folder is empty."""
        script = f"""
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x00020000) or libc.mount(b"none", b"/", None, (1 << 18) | 16384, None):
    sys.exit(77)
if libc.mount(b"tmpfs", {os.fsencode(tmp_path / "out")!r}, b"tmpfs", 0, None):
    sys.exit(77)
from distributed.cli.dask_worker import main
main(["tcp://{address}", "--no-nanny", "--nthreads", "1", "--no-dashboard"])
"""
        assert fires.is_dir()
        OUT.mkdir()
        (tmp_path / "apart.py").write_text(script, "utf-8")
        scheduler(address)
        apart = start("apart", path=tmp_path)
        code, said = ended(run("--cluster", address))
        if apart.poll() == 77:
            pytest.skip("only root can give a process a file system of its own")
        assert (code, "E305 the worker tcp://127.0.0.1:" in said) == (1, True)
        assert f"does not see what the batch writes to '{tmp_path / 'out'}'" in said
        assert written() == 0

    @pytest.mark.parametrize(("cluster", "library"), [("local", "distributed"), ("ray", "ray")])
    def test_the_library_is_not_installed(
        self, fires: Path, start: Start, tmp_path: Path, cluster: str, library: str
    ) -> None:
        assert fires.is_dir()
        script = f"import sys\nsys.modules[{library!r}] = None\nfrom policyengine.__main__ import main\nmain()\n"
        (tmp_path / "without.py").write_text(script, "utf-8")
        code, said = ended(start("without", "batch", "in", "--out", "out", "--cluster", cluster, path=tmp_path))
        assert (code, f"E304 this cluster needs {'dask' if cluster == 'local' else 'ray'}, and {library} " in said) == (
            1,
            True,
        )
        assert f"pip install 'layered-policyengine[{'cluster' if cluster == 'local' else 'ray'}]'" in said
        assert not OUT.exists()

    @pytest.mark.parametrize(
        "name",
        [
            "nonsense",
            "host",
            "host:port",
            "http://host:1",
            "host:123456",
            "host:65536",
            "host:0",
            ":1",
            "a b:1",
            f"{254 * 'x'}:1",
        ],
    )
    def test_what_names_no_cluster_is_wrong_use(self, batch: Batch, name: str) -> None:
        shown = batch("in", "--cluster", name)
        assert (shown.exit_code, f"'{name}' is no cluster" in shown.stderr) == (2, True)

    def test_a_cluster_that_runs_has_its_own_workers(self, batch: Batch) -> None:
        shown = batch("in", "--cluster", "localhost:1")
        assert (shown.exit_code, "leave --workers out" in shown.stderr) == (2, True)


@pytest.mark.parametrize("out", ["s3://bucket/out", "nosuch://out"])
def test_an_address_of_a_store_does_not_become_a_folder(batch: Batch, tmp_path: Path, out: str) -> None:
    shown = batch("in", "--out", out)
    assert (shown.exit_code, f"the folder '{out}' has to be on this machine" in shown.stderr) == (2, True)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_cluster_that_none_of_its_workers_survives_is_lost(
    scheduler: Scheduler, worker: Start, address: str, tmp_path: Path
) -> None:
    from policyengine.batch.cluster.on_dask import connected

    scheduler(address)
    only = worker(address, path=f"{ROOT}:{ROOT / 'tests'}")
    with connected(address) as cluster, common_ground(tmp_path, [], 0) as ground:
        cluster.check(ground)
        cluster._seconds_to_look = 0.1
        with pytest.raises(ClusterLostError, match=f"the cluster at {address} is lost: none of its workers is left"):
            list(cluster.carry_out([Task("kills", partial(work, "kills", tmp_path))], ground))
    assert only.wait() == -signal.SIGKILL
