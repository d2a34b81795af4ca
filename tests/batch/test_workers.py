"""Workers that die, hang or fail: the file is named and set aside, the others go on."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from policyengine.batch.plan import Job
from policyengine.batch.work import Done
from policyengine.batch.workers import MOST_TRIES, CannotStartError, Workers

JOBS = [Job(f"{name}.yaml", name) for name in ("a", "b", "c", "d", "e")]


class Trouble:
    """A desk at which some files end the process, take for ever or fail; each try is noted in a folder."""

    def __init__(self, notes: Path, **what: str) -> None:
        self._notes = notes
        self._what = what

    def carry_out(self, job: Job) -> Done:
        tries = len(list(self._notes.glob(f"{job.name}-*")))
        (self._notes / f"{job.name}-{tries}").touch()
        match self._what.get(job.name):
            case "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case "killed once" if not tries:
                os.kill(os.getpid(), signal.SIGKILL)
            case "exits":
                os._exit(7)
            case "hangs":
                while True:
                    signal.pause()
            case "fails":
                raise ZeroDivisionError("no\nsuch luck")
        return Done(job, sha256=str(tries))

    def carry_out_many(self, jobs: Sequence[Job]) -> Iterator[Done]:
        """All are looked at before the first is done, as columns are."""
        return iter([self.carry_out(job) for job in jobs])


def refuses() -> Trouble:
    raise SystemExit(5)


def outcome(tmp_path: Path, timeout: float = 0, count: int = 2, together: int = 1, **what: str) -> dict[str, str]:
    """What was said of each file, or nothing; no process is left."""
    done = list(Workers(partial(Trouble, tmp_path, **what), count, timeout, together).carry_out(JOBS))
    assert sorted(each.job.name for each in done) == ["a", "b", "c", "d", "e"]
    return {each.job.name: str(each.problems[0]) if each.problems else "" for each in done}


def tries(tmp_path: Path, name: str) -> int:
    return len(list(tmp_path.glob(f"{name}-*")))


def test_all_files_are_done(tmp_path: Path) -> None:
    assert set(outcome(tmp_path).values()) == {""}
    assert all(tries(tmp_path, job.name) == 1 for job in JOBS)


class HeldByAnotherError(Exception):
    pass


@pytest.mark.parametrize("timeout", [0, 60])
def test_a_run_that_lost_its_folder_does_not_wait_for_ever_for_a_worker(tmp_path: Path, timeout: float) -> None:
    def lost() -> None:
        if tries(tmp_path, "c"):
            raise HeldByAnotherError

    workers = Workers(partial(Trouble, tmp_path, c="hangs"), 1, timeout, check=lost)
    with pytest.raises(HeldByAnotherError):
        list(workers.carry_out(JOBS))
    assert not workers._workers


@pytest.mark.parametrize("count", [1, 2])
def test_a_file_that_kills_its_worker_is_named_after_two_tries(tmp_path: Path, count: int) -> None:
    found = outcome(tmp_path, b="killed", d="exits", count=count)
    assert found["b"] == "b.yaml: E301 this file ended the process that evaluated it (SIGKILL), 2 times"
    assert found["d"] == "d.yaml: E301 this file ended the process that evaluated it (exit status 7), 2 times"
    assert [found[name] for name in "ace"] == ["", "", ""]
    assert tries(tmp_path, "b") == tries(tmp_path, "d") == MOST_TRIES


def test_a_file_gets_a_second_try(tmp_path: Path) -> None:
    assert outcome(tmp_path, b="killed once")["b"] == ""
    assert tries(tmp_path, "b") == 2


def test_a_file_that_hangs_is_named_after_two_tries(tmp_path: Path) -> None:
    found = outcome(tmp_path, timeout=0.3, c="hangs")
    assert found["c"] == "c.yaml: E302 this file took longer than 0.3 seconds, 2 times"
    assert [found[name] for name in "abde"] == [""] * 4


def test_a_fault_of_ours_costs_no_other_file_anything(tmp_path: Path) -> None:
    found = outcome(tmp_path, a="fails")
    assert found["a"] == "a.yaml: E303 a fault of policyengine: ZeroDivisionError: no such luck"
    assert tries(tmp_path, "a") == 1


def test_workers_that_cannot_start_are_said_so() -> None:
    with pytest.raises(CannotStartError, match="workers end with 5 before they take a file"):
        list(Workers(refuses, 2).carry_out(JOBS))


def test_no_process_is_left_when_nobody_waits_for_the_rest(tmp_path: Path) -> None:
    workers = Workers(partial(Trouble, tmp_path), 2)
    done = workers.carry_out(JOBS)
    next(done)
    started = [worker.process for worker in workers._workers]
    done.close()
    assert started
    assert not any(process.is_alive() for process in started)


@pytest.mark.parametrize("count", [1, 2])
@pytest.mark.parametrize("together", [2, 3, 5])
def test_of_files_carried_out_together_only_the_one_that_kills_its_worker_is_set_aside(
    tmp_path: Path, count: int, together: int
) -> None:
    found = outcome(tmp_path, b="killed", count=count, together=together)
    assert found["b"] == "b.yaml: E301 this file ended the process that evaluated it (SIGKILL), 2 times"
    assert [found[name] for name in "acde"] == [""] * 4
    # Once with others, when nobody knew that it was this one, and two tries of its own.
    assert tries(tmp_path, "b") == MOST_TRIES + 1


def test_of_files_carried_out_together_only_the_one_that_hangs_is_set_aside(tmp_path: Path) -> None:
    found = outcome(tmp_path, timeout=0.3, together=5, c="hangs")
    assert found["c"] == "c.yaml: E302 this file took longer than 0.3 seconds, 2 times"
    assert [found[name] for name in "abde"] == [""] * 4


def test_a_fault_of_ours_among_files_carried_out_together_costs_no_other_file_anything(tmp_path: Path) -> None:
    found = outcome(tmp_path, together=5, d="fails", b="killed once")
    assert found["d"] == "d.yaml: E303 a fault of policyengine: ZeroDivisionError: no such luck"
    assert [found[name] for name in "abce"] == [""] * 4
