"""What every cluster does with work that ends its workers, or fails."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from batch.cluster.troubles import work
from batch.conftest import ROOT

from policyengine.batch.cluster.ground import Ground, common_ground
from policyengine.batch.cluster.interface import Cluster, Task, carried_out
from policyengine.batch.cluster.opening import opened

NAMES = ["a", "b", "c", "d", "e", "f"]


@pytest.fixture(params=["local", "ray"], scope="module")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Each kind, with two workers of this machine that find the work of these tests."""
    pytest.importorskip({"local": "distributed", "ray": "ray"}[request.param])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", f"{ROOT}:{ROOT / 'tests'}")
        with opened(request.param, 2) as made:
            assert made is not None
            yield made


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    with common_ground(tmp_path, [], 0) as made:
        yield made


def outcome(cluster: Cluster, ground: Ground, notes: Path, *names: str) -> dict[str, Any]:
    """What came of the work of these names; those tried alone have another name."""

    def alone(task: Task) -> list[Task]:
        return [Task(f"{task.name}-alone", task.work)]

    cluster.check(ground)
    tasks = [Task(name, partial(work, name, notes)) for name in names]
    found = list(carried_out(cluster, tasks, ground, alone))
    assert len(found) == len(names)
    return {each.task.name: "lost" if each.lost else each.value for each in found}


def test_work_that_kills_its_worker_is_lost_after_some_tries_and_the_rest_is_done(
    cluster: Cluster, ground: Ground, tmp_path: Path
) -> None:
    found = outcome(cluster, ground, tmp_path, "kills", *NAMES)
    assert found.pop("kills-alone") == "lost"
    assert {name.removesuffix("-alone"): value for name, value in found.items()} == {name: name for name in NAMES}
    assert len(list(tmp_path.glob("kills-*"))) == 4


def test_a_worker_that_is_lost_once_costs_a_try(cluster: Cluster, ground: Ground, tmp_path: Path) -> None:
    assert outcome(cluster, ground, tmp_path, "once", "a") == {"once": "once", "a": "a"}
    assert len(list(tmp_path.glob("once-*"))) == 2


def test_what_the_work_raises_is_raised_here(cluster: Cluster, ground: Ground, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No space left on device") as raised:
        outcome(cluster, ground, tmp_path, "full")
    assert raised.value.filename == "somewhere"


def test_more_work_than_workers_is_handed_out_bit_by_bit(cluster: Cluster, ground: Ground, tmp_path: Path) -> None:
    handed = 0

    def tasks() -> Iterator[Task]:
        nonlocal handed
        for number in range(50):
            handed += 1
            yield Task(f"n{number}", partial(work, f"n{number}", tmp_path))

    done = 0
    for _ in cluster.carry_out(tasks(), ground):
        done += 1
        assert handed - done <= 2 * 2
    assert done == 50
