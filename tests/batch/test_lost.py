"""Nothing is lost: a batch is killed, interrupted, starved of disk or room, or run twice at once."""

from __future__ import annotations

import fcntl
import os
import resource
import shutil
import signal
import subprocess
from pathlib import Path
from random import Random
from time import monotonic

import pytest
from batch.conftest import Batch, Process, a_fire, children, gone, manifest, tree

from policyengine.source import is_left_over

OUT = Path("out")
FILES = 30


@pytest.fixture
def many(fires: Path) -> Path:
    """Enough files to be killed in the midst of."""
    for number in range(FILES):
        (fires / f"n{number}.yaml").write_text(a_fire(f"fire-n{number}", 0.02 * number), "utf-8")
    return fires


def ended(process: subprocess.Popen[bytes]) -> tuple[int, str]:
    out, error = process.communicate(timeout=60)
    return process.returncode, (out + error).decode()


UNDISTURBED: dict[tuple[str, ...], tuple[dict[str, bytes], float]] = {}


def undisturbed(process: Process, *options: str) -> tuple[dict[str, bytes], float]:
    """What a batch of `many` gives that nobody disturbs, and how long it takes: found out once, for all folders."""
    if options not in UNDISTURBED:
        started = monotonic()
        code, said = ended(process("in", *options, out="whole"))
        assert (code, "Traceback" in said) == (0, False)
        UNDISTURBED[options] = tree(Path("whole")), monotonic() - started
    return UNDISTURBED[options]


def assert_whole(expected: dict[str, bytes]) -> int:
    """Whatever stands under its name is whole; gives how many results there are."""
    found = {name: data for name, data in tree(OUT).items() if name.startswith("results/")} if OUT.exists() else {}
    whole = {name: data for name, data in found.items() if not is_left_over(Path(name))}
    assert {name for name, data in whole.items() if expected[name] != data} == set()
    return len(whole)


def kill_at(running: subprocess.Popen[bytes], seconds: float) -> None:
    """Kill a process after so many seconds, be it only starting or at its end."""
    try:
        running.wait(seconds)
    except subprocess.TimeoutExpired:
        running.kill()


def kill_with(running: subprocess.Popen[bytes], results: int) -> None:
    """Kill a process once there are so many results, on however slow a machine."""
    while running.poll() is None and len(list(OUT.glob("results/**/*.*"))) < results:
        pass
    running.kill()


def kill_and_resume(process: Process, random: Random, times: int, *options: str) -> list[int]:
    """Kill a batch at random moments, each time a new one; gives how many results there were at each kill."""
    expected, seconds = undisturbed(process, *options)
    found = []
    for number in range(times):
        shutil.rmtree(OUT, ignore_errors=True)
        running = process("in", *options)
        if number % 2:
            kill_at(running, random.uniform(0.1, 1.0) * seconds)
        else:
            kill_with(running, random.randint(0, sum(name.startswith("results/") for name in expected)))
        running.communicate()
        found.append(assert_whole(expected))
        code, said = ended(process("in", "--resume", *options))
        assert (code, "Traceback" in said) == (0, False)
        assert tree(OUT) == expected
    return found


def test_a_killed_batch_resumes_to_the_very_same_bytes(many: Path, process: Process) -> None:
    assert many.is_dir()
    kill_and_resume(process, Random(6), 5, "--engine", "rete")


def test_a_killed_batch_of_files_that_go_together_resumes_to_the_very_same_bytes(many: Path, process: Process) -> None:
    assert many.is_dir()
    kill_and_resume(process, Random(7), 4)


@pytest.mark.long
def test_a_batch_of_files_that_go_together_killed_at_fifty_moments(many: Path, process: Process) -> None:
    assert many.is_dir()
    found = kill_and_resume(process, Random(), 50)
    assert len(set(found)) > 5, "the moments were all alike"


@pytest.mark.long
def test_a_batch_killed_at_fifty_moments_resumes_to_the_very_same_bytes(many: Path, process: Process) -> None:
    assert many.is_dir()
    found = kill_and_resume(process, Random(), 50, "--engine", "rete")
    assert len(set(found)) > 5, "the moments were all alike"


def test_results_before_the_kill_are_kept(many: Path, process: Process) -> None:
    assert many.is_dir()
    running = process()
    while running.poll() is None and len(list(OUT.rglob("results/**/*.html"))) < 5:
        pass
    running.kill()
    running.communicate()
    htmls = list(OUT.rglob("results/**/*.html"))
    whole = [path for html in htmls for path in (html, html.with_suffix(".json")) if html.with_suffix(".json").exists()]
    before = {path: path.stat().st_ino for path in whole}
    assert before
    assert "kept from before" in ended(process("in", "--resume"))[1]
    # A file that is written again is another file.
    assert {path: path.stat().st_ino for path in before} == before


def test_ctrl_c_ends_every_process_and_says_how_to_go_on(many: Path, process: Process) -> None:
    assert many.is_dir()
    expected, _ = undisturbed(process)
    running = process(start_new_session=True)
    while running.poll() is None and not list(OUT.rglob("results/**/*.html")):
        pass
    os.killpg(running.pid, signal.SIGINT)
    code, said = ended(running)
    assert code == 130
    assert "interrupted" in said
    assert "--resume carries on from there" in said
    assert "Traceback" not in said
    assert gone(running.pid, within=20)
    assert_whole(expected)
    assert ended(process("in", "--resume"))[0] == 0
    assert tree(OUT) == expected


@pytest.mark.parametrize("whom", ["a worker", "who starts workers", "both"])
def test_a_process_that_is_killed_costs_nothing(many: Path, process: Process, whom: str) -> None:
    assert many.is_dir()
    expected, _ = undisturbed(process)
    running = process()
    while running.poll() is None and not list(OUT.rglob("results/**/*.html")):
        pass
    (server,) = (child for child in children(running.pid) if children(child))
    worker = children(server)[-1]
    for pid in {"a worker": [worker], "who starts workers": [server], "both": [server, worker]}[whom]:
        os.kill(pid, signal.SIGKILL)
    assert ended(running)[0] == 0
    assert tree(OUT) == expected


def test_a_second_run_into_the_same_folder_refuses(many: Path, process: Process, batch: Batch) -> None:
    assert many.is_dir()
    running = process()
    while running.poll() is None and not list(OUT.rglob("results/**/*.html")):
        pass
    running.send_signal(signal.SIGSTOP)  # else it may be done before the second one looks
    shown = batch()
    running.send_signal(signal.SIGCONT)
    assert shown.exit_code == 1
    assert "another batch is writing to 'out'" in shown.stderr
    assert ended(running)[0] == 0


def test_the_hold_ends_with_the_run(batch: Batch) -> None:
    OUT.mkdir()
    handle = os.open(OUT, os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    assert batch().exit_code == 1
    os.close(handle)
    assert batch().exit_code == 0


def test_a_file_that_may_grow_no_further_stops_the_batch_with_whole_files(many: Path, process: Process) -> None:
    """A limit on the size of files stands for a full disk: a write fails in the midst of it."""
    assert many.is_dir()
    expected, _ = undisturbed(process)
    size = max(len(data) for name, data in expected.items() if name.endswith(".html") and "results" in name) // 2
    running = process(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)))
    code, said = ended(running)
    assert code == 1
    assert "File too large" in said
    assert "--resume carries on from there" in said
    assert len(said.strip().splitlines()) == 1
    assert_whole(expected)
    assert not [path for path in OUT.rglob("*") if is_left_over(path)]
    assert ended(process("in", "--resume"))[0] == 0
    assert tree(OUT) == expected


def test_a_full_disk_stops_the_batch_with_whole_files(many: Path, process: Process, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        # Only root can make a small disk; the limit on the size of files above stands for it elsewhere.
        assert os.geteuid() != 0 or mounted.stderr
        return
    try:
        assert many.is_dir()
        code, said = ended(process(out=disk / "out"))
        assert (code, "Traceback" in said) == (1, False)
        assert "No space left on device" in said
        assert not [path for path in disk.rglob("*") if is_left_over(path)]
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        assert ended(process("in", "--resume", out=disk / "out"))[0] == 0
        assert tree(disk / "out") == undisturbed(process)[0]
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_file_that_takes_too_long_is_set_aside(batch: Batch) -> None:
    shown = batch("in", "--timeout", "0.0001")
    assert shown.exit_code == 1
    assert set(manifest(OUT).values()) == {"bad"}
    assert "E302 this file took longer than 0.0001 seconds, 2 times" in shown.stderr
    assert batch("in", "--resume").exit_code == 0
