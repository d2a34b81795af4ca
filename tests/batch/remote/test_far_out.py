"""Batches of tables whose results go to an object store: what a local folder gets, whatever is killed or in the way."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from batch.cluster.conftest import Process, Start, ended, found, kill_one_of, until
from batch.conftest import tree
from batch.remote.conftest import BASE, Bucket, a_table
from click.testing import CliRunner, Result

from policyengine.batch.cluster import marks
from policyengine.batch.cluster.ground import LackingError, RunIsOverError, common_ground, give_up, lacking, on_worker
from policyengine.cli.main import cli
from policyengine.source.addresses import Address

PARTS = 4
ROWS = 130_000
SAID = f"{ROWS * PARTS:,} rows evaluated. Open s3://bucket/out/index.html\n"
LEFT = "part-00000.json"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bucket: Bucket) -> Run:
    """Run a batch over small tables `a`, `b` and `c` in this process; its results go to the bucket."""
    monkeypatch.chdir(tmp_path)
    assert bucket.keys() == []
    for name in "abc":
        Path(f"{name}.parquet").write_bytes(a_table(30, 10))

    def call(*arguments: str, out: str = "s3://bucket/out", base: tuple[str, ...] = ("--base", BASE)) -> Result:
        given = ["batch", *arguments, *base, "--out", out, "--workers", "1"]
        shown = CliRunner().invoke(cli, given, prog_name="policyengine")
        assert "Traceback" not in shown.output
        return shown

    return call


def test_what_stands_at_an_address_is_what_stands_in_a_folder(run: Run, bucket: Bucket) -> None:
    assert run("a.parquet", "b.parquet", out="here").exit_code == 0
    shown = run("a.parquet", "b.parquet")
    assert (shown.exit_code, shown.stdout) == (0, "60 rows evaluated. Open s3://bucket/out/index.html\n")
    assert bucket.tree("out") == tree(Path("here"))
    assert set(bucket.keys("out")) == {*tree(Path("here")), "timing.json", ".tags.json"}


def test_a_bad_part_is_told_where_its_errors_are(run: Run, bucket: Bucket) -> None:
    Path("bad.parquet").write_bytes(a_table(30, 10)[:-40])
    assert run("a.parquet", "bad.parquet", out="here").exit_code == 1
    shown = run("a.parquet", "bad.parquet")
    assert shown.exit_code == 1
    assert "1 part with problems: see s3://bucket/out/errors.json" in shown.stdout
    assert bucket.tree("out") == tree(Path("here"))


def test_a_resumed_run_makes_what_is_missing_or_changed_and_reads_no_result(run: Run, bucket: Bucket) -> None:
    tables = ("a.parquet", "b.parquet", "c.parquet")
    assert run(*tables).exit_code == 0
    expected = bucket.tree("out")
    times = bucket.times("out/results")
    bucket.remove("out/results/part-00000.parquet")
    bucket.put("out/results/part-00001.parquet", b"x" * len(expected["results/part-00001.parquet"]))
    shown = run(*tables, "--resume")
    assert shown.stdout == "90 rows evaluated, 1 part kept from before. Open s3://bucket/out/index.html\n"
    assert bucket.tree("out") == expected
    again = bucket.times("out/results")
    assert [again[name] == times[name] for name in sorted(times)] == [False, False, True]


def test_tags_that_are_missing_or_wrong_cost_only_reading(run: Run, bucket: Bucket) -> None:
    assert run("a.parquet").exit_code == 0
    expected = bucket.tree("out")
    for tags in (
        None,
        b"nonsense",
        b"[]",
        b'{"results/part-00000.parquet": "x"}',
        b'{"results/part-00000.parquet": 1}',
    ):
        bucket.remove("out/.tags.json") if tags is None else bucket.put("out/.tags.json", tags)
        assert "1 part kept from before" in run("a.parquet", "--resume").stdout
        assert bucket.tree("out") == expected


def test_a_result_that_only_looks_right_by_its_tag_is_not_kept(run: Run, bucket: Bucket) -> None:
    """A tag of another time counts for nothing: what is there has another one."""
    assert run("a.parquet").exit_code == 0
    expected = bucket.tree("out")
    bucket.put("out/results/part-00000.parquet", b"other")
    assert "kept" not in run("a.parquet", "--resume").stdout
    assert bucket.tree("out") == expected


def test_what_earlier_runs_left_is_swept_and_nothing_else(run: Run, bucket: Bucket) -> None:
    assert run("a.parquet", "b.parquet", "c.parquet").exit_code == 0
    left = [f"out/{name}.0123456789abcdef.partial" for name in ("", "results/")]
    for key in (*left, "out/results/part-00077.parquet"):
        bucket.put(key, b"left by a kill")
    bucket.put(f"out/.journal/{LEFT}", b"{nonsense")
    bucket.put("out/.journal/part-00001.json", json.dumps({"name": "x", "files": {"notes.txt": "", 1: 2}}).encode())
    kept = ["out/notes.txt", "out/results/notes.txt", "out/results/part-7.parquet", "notes.txt", "out2/x"]
    for key in kept:
        bucket.put(key, b"of somebody else")
    lines = bucket.get("out/results.jsonl").splitlines()
    hostile = {
        **json.loads(lines[0]),
        "files": dict.fromkeys(["../notes.txt", "results/../notes.txt", "/x", "", "notes.txt"], ""),
    }
    bucket.put("out/results.jsonl", b"\n".join([*lines, json.dumps(hostile).encode(), b"{", b"[]"]))
    shown = run("a.parquet", "--resume")
    assert shown.exit_code == 0
    assert run("a.parquet", out="here").exit_code == 0
    for key in kept:
        assert bucket.get(key) == b"of somebody else"
        bucket.remove(key)
    assert bucket.tree("out") == tree(Path("here"))


@pytest.mark.parametrize("name", ["run*", "run[1]?", "a b/ü%20"])
def test_a_folder_whose_name_looks_like_a_pattern_is_meant_alone(run: Run, bucket: Bucket, name: str) -> None:
    keys = ("results/part-00001.parquet", "results.jsonl", ".lock/00001.json")
    others = [f"{folder}/{key}" for folder in ("run1", "runs") for key in keys]
    for key in others:
        bucket.put(key, b"of somebody else")
    out = f"s3://bucket/{name}"
    assert run("a.parquet", "b.parquet", out=out).exit_code == 0
    bucket.remove(f"{name}/results/part-00000.parquet")
    assert "1 part kept from before" in run("a.parquet", "b.parquet", "--resume", out=out).stdout
    assert run("a.parquet", out=out).exit_code == 0
    assert run("a.parquet", out="here").exit_code == 0
    assert bucket.tree(name) == tree(Path("here"))
    assert [bucket.get(key) for key in others] == [b"of somebody else"] * len(others)


def test_a_folder_of_other_things_is_left_alone(run: Run, bucket: Bucket) -> None:
    bucket.put("out/thesis.txt", b"years")
    shown = run("a.parquet")
    assert shown.exit_code == 1
    assert "'s3://bucket/out' holds files that no batch made; choose a new or empty folder" in shown.stderr
    assert bucket.keys() == ["out/thesis.txt"]


REFUSED = [
    ("https://host/out", 2, "the web can be read and not written to"),
    ("memory://out", 2, "what is in memory ends with its process"),
    ("s3://bucket/a/../b", 2, "results go to a plain folder"),
    ("s3://bucket/out?versionId=1", 2, "results go to a plain folder"),
    ("gs://bucket/out", 1, "gs://bucket/out: E304 addresses of gs:// need gcsfs, and it is not installed"),
    ("nosuch://bucket/out", 1, "nosuch://bucket/out: E307 addresses of nosuch:// are not known"),
    ("s3://no-such-bucket/out", 1, "E307 there is nothing here: "),
    ("s3://", 2, "this names no folder"),
    ("S3:///", 2, "this names no folder"),
]


@pytest.mark.usefixtures("no_other_drivers")
@pytest.mark.parametrize(("out", "code", "said"), REFUSED, ids=[row[0] for row in REFUSED])
def test_an_address_that_cannot_be_written_is_told(run: Run, out: str, code: int, said: str) -> None:
    shown = run("a.parquet", out=out)
    assert (shown.exit_code, said in shown.stderr) == (code, True), shown.stderr
    assert sorted(path.name for path in Path().iterdir()) == ["a.parquet", "b.parquet", "c.parquet"]


def test_scenario_files_are_written_to_this_machine(run: Run) -> None:
    shown = run("a.yaml", base=())
    assert (shown.exit_code, "the folder 's3://bucket/out' has to be on this machine" in shown.stderr) == (2, True)


def test_results_of_tables_may_go_to_a_path_written_as_an_address(run: Run) -> None:
    assert run("a.parquet", out=f"file://{Path.cwd()}/here").exit_code == 0
    assert run("a.parquet", out="there").exit_code == 0
    assert tree(Path("here")) == tree(Path("there"))


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder for what is temporary: sockets in it need a short path."""
    with TemporaryDirectory(prefix="far-", dir="/tmp") as folder:
        yield Path(folder)


@pytest.fixture
def process(start: Start, tmp_path: Path, short: Path, monkeypatch: pytest.MonkeyPatch, bucket: Bucket) -> Start:
    """Start a batch over a table of several parts as a process of its own; its results go to the bucket."""
    monkeypatch.chdir(tmp_path)
    assert bucket.keys() == []
    Path("in.parquet").write_bytes(a_table(PARTS * ROWS, ROWS))

    def call(*arguments: str, out: str = "s3://bucket/out", **more: str) -> Process:
        given = ("batch", "in.parquet", "--base", BASE, "--out", out, *arguments)
        return start("policyengine", *given, TMPDIR=str(short), RAY_TMPDIR=str(short), **more)

    return call


def whole(process: Start) -> dict[str, bytes]:
    """What one run gives in a folder of this machine."""
    assert ended(process("--workers", "2", out="whole"))[0] == 0
    return found(Path("whole"))


def at(bucket: Bucket) -> dict[str, bytes]:
    """What is at the address; of the manifest all but the cluster, which is another by intention."""
    files = bucket.tree("out")
    files["manifest.json"] = json.dumps({**json.loads(files["manifest.json"]), "cluster": None}).encode()
    return files


def kill_and_resume(process: Start, bucket: Bucket, random: Random, times: int) -> None:
    expected = whole(process)
    for number in range(times):
        for key in bucket.keys("out"):
            bucket.remove(f"out/{key}")
        running = process("--workers", "2")
        moment = random.randint(0, PARTS - 1)
        while running.poll() is None and not (bucket.keys("out/.lock") and len(bucket.keys("out/results")) >= moment):
            pass
        # The whole group at one moment, workers in the midst of their parts; or the one that started them alone.
        os.killpg(running.pid, signal.SIGKILL) if number % 2 else running.kill()
        running.communicate()
        there = {name: data for name, data in bucket.tree("out").items() if name.startswith("results/")}
        assert all(expected[name] == data for name, data in there.items())
        code, said = ended(process("--workers", "2", "--resume"))
        assert (code, "Traceback" in said) == (0, False)
        assert at(bucket) == expected
        assert len([name for name in expected if name.startswith("results/")]) == PARTS


def test_a_killed_run_goes_on_from_the_address_to_the_very_same_bytes(process: Start, bucket: Bucket) -> None:
    kill_and_resume(process, bucket, Random(3), 2)


@pytest.mark.long
def test_a_run_killed_at_thirty_moments_goes_on_to_the_very_same_bytes(process: Start, bucket: Bucket) -> None:
    kill_and_resume(process, bucket, Random(), 30)


def workers_of(running: Process) -> list[int]:
    """The processes that a batch has started, with the one that starts them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            group = stat.read_text().rpartition(")")[2].split()[2]
            command = (stat.parent / "cmdline").read_text()
        except OSError:
            continue
        if int(group) == running.pid and "forkserver" in command:
            found.append(int(stat.parts[2]))
    return found


def test_a_second_run_is_refused_and_disturbs_nothing(process: Start, bucket: Bucket) -> None:
    expected = whole(process)
    first = process("--workers", "1")
    until(lambda: bool(bucket.keys("out/.lock")), first)
    until(lambda: len(workers_of(first)) > 1, first)
    for worker in workers_of(first):
        os.kill(worker, signal.SIGSTOP)
    code, said = ended(process("--workers", "1", "--wide"))
    os.killpg(first.pid, signal.SIGCONT)
    assert code == 1
    assert re.search(r"another batch is writing to 's3://bucket/out': \S+@\S+, process \d+, since \S+, says ", said)
    assert "says s3://bucket/out/.lock/00001.json; wait for it" in said
    assert ended(first) == (0, SAID)
    assert at(bucket) == expected


def test_ctrl_c_gives_the_address_back_and_says_how_to_go_on(process: Start, bucket: Bucket) -> None:
    running = process("--workers", "2")
    until(lambda: bool(bucket.keys("out/results")), running)
    os.killpg(running.pid, signal.SIGINT)
    code, said = ended(running)
    assert code == 130
    assert "--resume carries on from there" in said
    assert "Traceback" not in said
    assert bucket.keys("out/.lock") == []
    assert ended(process("--resume"))[0] == 0


def writing_in(folder: Path, but: int) -> Iterator[int]:
    """The processes that have a file without a name open in a folder, and have written to it."""
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            path, size = str(descriptor.readlink()), descriptor.stat().st_size
        except OSError:
            continue
        if path.startswith(f"{folder}/") and path.endswith(" (deleted)") and size:
            process = int(descriptor.parts[2])
            if process != but:
                yield process


@pytest.mark.parametrize("cluster", ["local", pytest.param("ray", marks=pytest.mark.long)])
def test_on_a_cluster_workers_write_and_one_killed_inside_a_part_costs_nothing(
    process: Start, bucket: Bucket, short: Path, cluster: str
) -> None:
    pytest.importorskip({"local": "distributed"}.get(cluster, cluster))
    expected = whole(process)
    running = process("--cluster", cluster, "--workers", "2")
    killed: list[int] = []
    kill_one_of(lambda: writing_in(short, running.pid), killed)
    assert len(killed) == 1
    assert ended(running) == (0, SAID)
    assert at(bucket) == expected
    about: dict[str, Any] = json.loads(bucket.get("out/manifest.json"))["cluster"]
    assert str(about["kind"]).startswith({"local": "dask"}.get(cluster, cluster))
    assert set(bucket.keys("out")) == {*expected, "timing.json", ".tags.json"}


def test_a_worker_sees_at_an_address_that_its_run_is_over(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "_SECONDS", 0)
    done: list[int] = []

    def work(alive: Callable[[], None]) -> None:
        alive()
        done.append(1)
        give_up(ground)
        alive()
        done.append(2)

    with common_ground(Address("s3://bucket/out"), [], 0) as ground:
        assert (lacking(ground), len(bucket.keys("out"))) == ("", 1)
        with pytest.raises(RunIsOverError):
            on_worker(ground, work)
    assert done == [1]
    assert lacking(ground) == "does not see what the batch writes to 's3://bucket/out'"
    with pytest.raises(LackingError, match="does not see"):
        on_worker(ground, work)


@pytest.mark.usefixtures("bucket", "no_other_drivers")
def test_a_worker_without_a_driver_lacks_it() -> None:
    needed: list[str | Address] = [Address("s3://bucket/in"), Address("gs://bucket/in"), "no-such-path"]
    with common_ground(Address("s3://bucket/out"), needed, 0) as ground:
        assert lacking(ground) == (
            "cannot use gs://bucket/in: E304 addresses of gs:// need gcsfs, and it is not installed"
        )
