"""A table of variations in parts, as its user runs it: results, report, mistakes, and nothing lost by a kill."""

from __future__ import annotations

import fcntl
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from batch.conftest import ROOT, manifest, tree
from click.testing import CliRunner, Result
from pyarrow import feather, parquet

from policyengine.cli.main import cli
from policyengine.source import is_left_over

SEVERITY = "threats.trafficking.severity"
BASE = "trafficking-quebec-vermont"
OUT = Path("out")
PARTS = 8
Run = Callable[..., Result]


def a_table(rows: int = 40_000, **more: list[Any]) -> pa.Table:
    return pa.table({SEVERITY: [row / rows for row in range(rows)], **more})


def written(name: str, table: pa.Table, rows: int = 250_000) -> str:
    """A Parquet file in the current folder, with so many rows in each group."""
    parquet.write_table(table, name, row_group_size=rows)
    return name


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a batch over tables in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, out: str = "out") -> Result:
        given = ["batch", *arguments, "--base", BASE, "--out", out]
        return CliRunner().invoke(cli, given, prog_name="policyengine")

    return call


def errors() -> list[tuple[str, str]]:
    """The parts with problems, and the first problem of each."""
    found = json.loads((OUT / "errors.json").read_text("utf-8"))
    return [(each["name"], each["problems"][0]["message"]) for each in found]


@pytest.mark.usefixtures("run")
@pytest.mark.parametrize("kinds", [("table", "files"), ("files", "table")])
def test_a_batch_leaves_nothing_of_one_of_the_other_kind(kinds: tuple[str, str]) -> None:
    written("a.parquet", a_table(100))
    scenario = str(ROOT / "scenarios" / f"{BASE}.yaml")
    given = {"table": ["a.parquet", "--base", BASE], "files": [scenario, "--format", "html,json,csv"]}
    for kind, out in ((kinds[0], "out"), (kinds[1], "out"), (kinds[1], "wanted")):
        assert CliRunner().invoke(cli, ["batch", *given[kind], "--out", out], prog_name="policyengine").exit_code == 0
    assert tree(OUT) == tree(Path("wanted"))


def test_every_part_stands_in_the_manifest_and_the_report_counts_all_rows(run: Run) -> None:
    written("a.parquet", a_table(300_000), 200_000)
    written("b.parquet", a_table(1_000))
    result = run("a.parquet", "b.parquet", "--workers", "2")
    assert (result.exit_code, result.stdout) == (0, "301,000 rows evaluated. Open out/index.html\n")
    assert manifest(OUT) == {"part-00000": "good", "part-00001": "good", "part-00002": "good"}
    head = json.loads((OUT / "manifest.json").read_text("utf-8"))
    assert [(each["source"], each["first"], each["rows"]) for each in head["files"]] == [
        ("a.parquet", 0, 200_000), ("a.parquet", 200_000, 100_000), ("b.parquet", 0, 1_000),
    ]  # fmt: skip
    assert head["columns"] == [SEVERITY]
    summary = json.loads((OUT / "summary.json").read_text("utf-8"))
    assert summary["rows"] == 301_000
    assert {sum(counts.values()) for counts in summary["leads"].values()} == {301_000}
    layers = ["diplomacy", "intelligence", "frontier", "local_enforcement", "civil_protection"]
    assert list(summary["leads"]) == [f"trafficking.{layer}" for layer in layers]
    for name in ("index.html", "report.md"):
        text = (OUT / name).read_text("utf-8")
        assert "301,000 variations of Human trafficking" in text
        assert f"policyengine batch a.parquet b.parquet --base {BASE} --out DIR" in text


def test_the_number_of_workers_changes_no_byte(run: Run) -> None:
    written("a.parquet", a_table(400_000), 100_000)
    assert run("a.parquet", "--workers", "1", out="one").exit_code == 0
    assert run("a.parquet", "--workers", "2", out="two").exit_code == 0
    assert tree(Path("one")) == tree(Path("two"))


def test_wide_and_bare_and_fired_say_what_stands_in_the_results(run: Run) -> None:
    written("a.parquet", a_table(10))
    assert run("a.parquet", "--bare", "--wide", "--fired").exit_code == 0
    names = parquet.read_schema(OUT / "results" / "part-00000.parquet").names
    assert SEVERITY not in names
    assert {"fired", "trafficking.diplomacy.CA.share"} <= set(names)


def test_a_resumed_run_makes_only_what_is_missing_or_changed(run: Run) -> None:
    for name in ("a", "b", "c"):
        written(f"{name}.parquet", a_table(100))
    assert run("a.parquet", "b.parquet", "c.parquet").exit_code == 0
    results = [OUT / "results" / f"part-{number:05}.parquet" for number in range(3)]
    before = [path.stat().st_ino for path in results]
    written("b.parquet", a_table(200))
    results[2].unlink()
    result = run("a.parquet", "b.parquet", "c.parquet", "--resume")
    assert result.stdout == "400 rows evaluated, 1 part kept from before. Open out/index.html\n"
    assert [path.stat().st_ino == old for path, old in zip(results, before, strict=True)] == [True, False, False]
    assert run("a.parquet", "b.parquet", "c.parquet", "--resume", "--wide").exit_code == 0
    assert "trafficking.diplomacy.CA.share" in parquet.read_schema(results[0]).names


def test_parts_that_are_no_longer_there_are_taken_away(run: Run) -> None:
    for name in ("a", "b"):
        written(f"{name}.parquet", a_table(100))
    assert run("a.parquet", "b.parquet").exit_code == 0
    assert run("b.parquet").exit_code == 0
    assert [path.name for path in (OUT / "results").iterdir()] == ["part-00000.parquet"]


MISTAKES: list[tuple[dict[str, list[Any]], str, str]] = [
    ({"threats.trafficking.severty": [0.5]}, "leads nowhere", "did you mean 'severity'?"),
    ({"threats.nobody.severity": [0.5]}, 'there is no "nobody" among the threats', "trafficking"),
    ({SEVERITY: ["high"]}, "holds words, but a number is needed", "give it as numbers"),
    ({SEVERITY: [0.5, float("nan")]}, f'part-00000: row 1: "{SEVERITY}" is nan', "ordinary number"),
    ({SEVERITY: [0.5, float("-inf")]}, f'part-00000: row 1: "{SEVERITY}" is -inf', "ordinary number"),
    ({SEVERITY: [0.5, 0.5, 1.4]}, f'part-00000: row 2: "{SEVERITY}" is 1.4, which is out of range', "from 0 to 1"),
    ({SEVERITY: []}, "the table has no rows", "one row for each variation"),
    ({}, "the table has no columns", "one column"),
]


@pytest.mark.parametrize(("columns", "message", "hint"), MISTAKES, ids=[row[1] for row in MISTAKES])
def test_a_mistake_is_told_once_and_nothing_is_written_for_that_part(
    run: Run, columns: dict[str, list[Any]], message: str, hint: str
) -> None:
    written("a.parquet", pa.table(columns))
    result = run("a.parquet")
    assert result.exit_code == 1
    assert result.output.count(message) == 1
    assert result.output.startswith("a.parquet: V1")
    assert "Traceback" not in result.output
    assert not list(OUT.glob("results/*"))
    assert hint in result.output or hint in (OUT / "errors.json").read_text("utf-8")


def test_a_column_given_twice_is_told(run: Run) -> None:
    table = pa.Table.from_arrays([pa.array([0.1]), pa.array([0.2])], names=[SEVERITY, SEVERITY])
    feather.write_feather(pa.table({"x": [0.5]}), "a.arrow")
    with pa.OSFile("a.arrow", "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)
    result = run("a.arrow")
    assert result.exit_code == 1
    assert f'the column "{SEVERITY}" is given twice' in result.output


def test_a_stream_of_arrow_is_one_part_with_the_same_results(run: Run) -> None:
    table = a_table(300_000)
    with pa.OSFile("a.arrow", "wb") as file, pa.ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table)
    assert run("a.arrow").stdout == "300,000 rows evaluated. Open out/index.html\n"
    assert manifest(OUT) == {"part-00000": "good"}
    assert run(written("a.parquet", table, 100_000), out="groups").exit_code == 0
    assert parquet.read_table(OUT / "results").equals(parquet.read_table("groups/results"))


def test_a_part_whose_rows_may_take_too_much_memory_is_told_before_it_is_read(run: Run) -> None:
    written("a.parquet", a_table(10))
    zeros = pa.table({SEVERITY: pa.array(np.zeros(8_000_000))})
    parquet.write_table(zeros, "b.parquet", use_dictionary=False, compression="zstd", row_group_size=len(zeros))
    result = run("a.parquet", "b.parquet", "--max-memory", "60", "--workers", "1")
    assert (result.exit_code, manifest(OUT)) == (1, {"part-00000": "good", "part-00001": "bad"})
    ((_, message),) = errors()
    assert re.fullmatch(r"part-00001: reading a group of its rows may take 61 MiB, and \d+ MiB are allowed.*", message)


def test_a_bad_part_is_told_and_the_others_go_on(run: Run) -> None:
    severities = [0.5] * 30
    severities[15] = 2.0
    written("a.parquet", pa.table({SEVERITY: severities}))
    feather.write_feather(a_table(1_000), "b.arrow", compression="uncompressed")
    whole = Path("b.arrow").read_bytes()
    Path("b.arrow").write_bytes(whole[: len(whole) // 2])
    written("c.parquet", a_table(10))
    result = run("a.parquet", "b.arrow", "c.parquet")
    assert result.exit_code == 1
    assert manifest(OUT) == {"part-00000": "bad", "part-00001": "bad", "part-00002": "good"}
    assert [path.name for path in (OUT / "results").iterdir()] == ["part-00002.parquet"]
    assert result.stdout.startswith("10 rows evaluated, 2 parts with problems: see out/errors.json")
    (row, cut) = errors()
    assert row == ("part-00000", f'part-00000: row 15: "{SEVERITY}" is 2, which is out of range')
    assert cut[0] == "part-00001"
    assert cut[1].startswith("part-00001: this table cannot be read: ")
    assert "b.arrow: V120 part-00001: this table cannot be read" in result.output
    assert "part-00001: this table cannot be read" in (OUT / "index.html").read_text("utf-8")


def test_parquet_that_is_broken_inside_is_told_by_its_part(run: Run) -> None:
    written("0.parquet", a_table(10))
    written("a.parquet", a_table(4_000), 1_000)
    data = bytearray(Path("a.parquet").read_bytes())
    data[200:600] = b"\xff" * 400
    Path("a.parquet").write_bytes(data)
    result = run("0.parquet", "a.parquet")
    assert result.exit_code == 1
    ((name, message),) = errors()
    assert name == "part-00001"
    assert message.startswith("part-00001: this table cannot be read: ")


def test_more_memory_than_allowed_is_refused_before_it_is_taken(run: Run) -> None:
    written("a.parquet", a_table(10))
    result = run("a.parquet", "--max-memory", "1")
    assert result.exit_code == 1
    assert "MiB are allowed" in result.output
    assert not OUT.exists()


@pytest.mark.parametrize("option", [["--format", "html"], ["--engine", "rete"]])
def test_options_for_files_are_refused_with_a_base(run: Run, option: list[str]) -> None:
    result = run("a.parquet", *option)
    assert result.exit_code == 2
    assert f"{option[0]} is for scenario files, without --base" in result.output


def test_options_for_tables_are_refused_without_a_base(run: Run) -> None:
    assert run("missing.parquet").exit_code == 1
    result = CliRunner().invoke(cli, ["batch", "scenarios", "--out", "out", "--wide"], prog_name="policyengine")
    assert result.exit_code == 2
    assert "--wide is for tables, with --base" in result.output


@pytest.mark.parametrize("what", ["empty.parquet", "folder.parquet", "missing.parquet", "text.arrow", "nul.csv"])
def test_what_is_no_table_is_told_without_a_traceback(run: Run, what: str) -> None:
    Path("empty.parquet").touch()
    Path("folder.parquet").mkdir()
    Path("text.arrow").write_text("high, low\n" * 100)
    Path("nul.csv").write_bytes(b"\0" * 1_000)
    result = run(what)
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert not list(OUT.glob("results/*"))


@pytest.mark.parametrize(
    ("last", "place", "message"),
    [
        (b"abc", (None, None), f'row 700000: "{SEVERITY}" is "abc", but a number is needed'),
        (b"0,5", (700_002, 1), "this line has 2 fields, and the first one has 1"),
    ],
)
def test_what_is_wrong_late_in_a_csv_file_is_told_by_its_place(
    run: Run, last: bytes, place: tuple[int | None, int | None], message: str
) -> None:
    Path("in.csv").write_bytes(f"{SEVERITY}\n".encode() + b"0\n" * 700_000 + last + b"\n")
    result = run("in.csv")
    (problem,) = json.loads((OUT / "errors.json").read_text("utf-8"))[0]["problems"]
    assert (result.exit_code, (problem["line"], problem["column"])) == (1, place)
    assert problem["message"] == f"part-00000: {message}"
    assert (f"in.csv:{place[0]}:1: " in result.stderr) == (place[0] is not None)


def test_numbers_with_a_point_may_come_late_in_a_csv_file(run: Run) -> None:
    Path("in.csv").write_bytes(f"{SEVERITY}\n".encode() + b"0\n" * 600_000 + b"0.5\n")
    result = run("in.csv")
    assert (result.exit_code, result.stdout) == (0, "600,001 rows evaluated. Open out/index.html\n")
    assert parquet.read_table(OUT / "results/part-00000.parquet")[SEVERITY][-1].as_py() == 0.5


def test_the_row_labels_of_pandas_are_left_out(run: Run) -> None:
    labels = {"__index_level_0__": pa.array([5, 6])}
    written("labelled.parquet", pa.table({SEVERITY: [0.1, 0.2], **labels}))
    written("plain.parquet", pa.table({SEVERITY: [0.3]}))
    result = run("labelled.parquet", "plain.parquet")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "__index_level_0__" not in parquet.read_table(OUT / "results/part-00000.parquet").column_names


def test_two_runs_into_one_folder_are_refused(run: Run) -> None:
    written("a.parquet", a_table(10))
    OUT.mkdir()
    handle = os.open(OUT, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        result = run("a.parquet")
    finally:
        os.close(handle)
    assert result.exit_code == 1
    assert "another batch is writing" in result.output


Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Start a batch over a table of several parts as a process of its own."""
    monkeypatch.chdir(tmp_path)
    written("a.parquet", a_table(PARTS * 150_000), 150_000)

    def call(*arguments: str, out: str = "out", **more: Any) -> subprocess.Popen[bytes]:
        given = ["batch", "a.parquet", "--base", BASE, "--out", out, "--workers", "2", *arguments]
        return subprocess.Popen(
            [sys.executable, "-m", "policyengine", *given], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, **more,
        )  # fmt: skip

    return call


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    out, error = process.communicate(timeout=120)
    return process.returncode, (out + error).decode()


def when_there_are(running: subprocess.Popen[bytes], results: int) -> None:
    """Wait until there are so many results, on however slow a machine."""
    while running.poll() is None and len(list(OUT.glob("results/part-*.parquet"))) < results:
        pass


def assert_whole(expected: dict[str, bytes]) -> None:
    """Whatever stands under its name is whole."""
    found = tree(OUT) if OUT.exists() else {}
    assert all(
        expected[name] == data for name, data in found.items()
        if name.startswith("results/") and not is_left_over(Path(name))
    )  # fmt: skip


def kill_and_resume(start: Start, random: Random, times: int) -> None:
    assert ended(start(out="whole"))[0] == 0
    expected = tree(Path("whole"))
    for number in range(times):
        shutil.rmtree(OUT, ignore_errors=True)
        running = start(start_new_session=True)
        when_there_are(running, random.randint(0, PARTS))
        # The whole group at one moment, workers in the midst of their parts; or the one that started them alone.
        os.killpg(running.pid, signal.SIGKILL) if number % 2 else running.kill()
        running.communicate()
        assert_whole(expected)
        code, said = ended(start("--resume"))
        assert (code, "Traceback" in said) == (0, False)
        assert tree(OUT) == expected


def test_a_killed_run_resumes_to_the_very_same_bytes(start: Start) -> None:
    kill_and_resume(start, Random(5), 3)


@pytest.mark.long
def test_a_run_killed_at_fifty_moments_resumes_to_the_very_same_bytes(start: Start) -> None:
    kill_and_resume(start, Random(), 50)


@pytest.mark.parametrize(("sent", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("send", [os.kill, os.killpg])
def test_who_is_told_to_stop_says_how_to_go_on(
    start: Start, send: Callable[[int, int], None], sent: signal.Signals, status: int
) -> None:
    running = start(start_new_session=True)
    when_there_are(running, 1)
    send(running.pid, sent)
    code, said = ended(running)
    assert code == status
    assert not [path for path in OUT.rglob("*") if is_left_over(path)]
    assert "--resume carries on from there" in said
    assert "Traceback" not in said
    assert ended(start("--resume"))[0] == 0


def test_a_full_disk_is_said_and_leaves_no_half_part(start: Start) -> None:
    def little_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    code, said = ended(start(preexec_fn=little_room))
    assert code == 1
    assert "File too large" in said
    assert "--resume carries on from there" in said
    assert "Traceback" not in said
    assert not list(OUT.glob("results/*"))
    assert ended(start("--resume"))[0] == 0
