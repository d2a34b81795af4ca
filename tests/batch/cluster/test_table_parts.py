"""Parts of a table on clusters: the same files as in one process, whoever is killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from batch.cluster.conftest import kill_a_writer
from batch.conftest import ROOT

pa = pytest.importorskip("pyarrow")
parquet = pytest.importorskip("pyarrow.parquet")

from policyengine import shipped  # noqa: E402
from policyengine.api import load_scenario  # noqa: E402
from policyengine.batch.cluster.interface import Cluster, unchecked  # noqa: E402
from policyengine.batch.cluster.opening import opened  # noqa: E402
from policyengine.batch.records import Record  # noqa: E402
from policyengine.batch.table_crews import table_crew  # noqa: E402
from policyengine.batch.table_parts import TableForm, TablePart, TableTask, carry_out_table_part  # noqa: E402
from policyengine.batch.table_plan import parts_of, task_of  # noqa: E402
from policyengine.rulebook.rule import Rulebook  # noqa: E402

ROWS = 60_000


@pytest.fixture(params=["local", "ray"], scope="module")
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Each kind, with two workers of this machine."""
    pytest.importorskip({"local": "distributed", "ray": "ray"}[request.param])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        with opened(request.param, 2) as made:
            assert made is not None
            yield made


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.parquet"
    columns = {
        "threats.trafficking.severity": [row / ROWS if row % 7 else None for row in range(ROWS)],
        "param.co_lead_margin": [20.0 * row / ROWS for row in range(ROWS)],
    }
    parquet.write_table(pa.table(columns), path, row_group_size=ROWS // 6)
    return path


def work(rulebook: Rulebook, table: Path, out: Path) -> tuple[TableTask, list[TablePart]]:
    out.mkdir()
    base = load_scenario(shipped.folder("scenarios") / "trafficking-quebec-vermont.yaml", rulebook)
    parts = parts_of([table], ROWS // 6)
    return task_of(base, rulebook, parts, TableForm(wide=True), out), parts


def written(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (out / "results").iterdir()}


def on(cluster: Cluster, task: TableTask, parts: list[TablePart]) -> list[Record]:
    with table_crew(cluster, 2, 0, parts, Path(str(task.out))) as crew:
        return sorted(crew.carry_out(task, parts, unchecked), key=lambda record: str(record["name"]))


def test_parts_are_the_same_bytes_as_in_one_process_though_a_worker_is_killed_inside_one(
    cluster: Cluster, rulebook: Rulebook, table: Path, tmp_path: Path
) -> None:
    task, parts = work(rulebook, table, tmp_path / "alone")
    records = [carry_out_table_part(task, part) for part in parts]
    there, parts = work(rulebook, table, tmp_path / "there")
    killed: list[int] = []
    killer = Thread(target=kill_a_writer, args=(tmp_path / "there", killed))
    killer.start()
    found = on(cluster, there, parts)
    killer.join()
    assert len(killed) == 1
    assert found == records
    assert {name: data for name, data in written(tmp_path / "there").items() if not name.endswith(".partial")} == (
        written(tmp_path / "alone")
    )


def test_a_bad_row_is_told_with_its_place(cluster: Cluster, rulebook: Rulebook, tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    values = [0.5] * 10
    values[7] = 1.5
    parquet.write_table(pa.table({"threats.trafficking.severity": values}), path, row_group_size=5)
    (tmp_path / "out").mkdir()
    base = load_scenario(shipped.folder("scenarios") / "trafficking-quebec-vermont.yaml", rulebook)
    parts = parts_of([path], 5)
    task = task_of(base, rulebook, parts, TableForm(), tmp_path / "out")
    good, bad = on(cluster, task, parts)
    assert (good["status"], bad["status"]) == ("good", "bad")
    assert "7" in str(bad["problems"]) or "8" in str(bad["problems"])
