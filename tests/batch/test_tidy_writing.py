"""Tables are written whole or not at all, are the same bytes whatever happened before, and hold few rows in memory."""

from __future__ import annotations

import gc
import resource
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
from batch.conftest import Batch, Process, a_fire, manifest, tree
from batch.test_lost import ended, kill_at, kill_with
from batch.tidy_reading import raw_cells, with_polars

from policyengine.batch.records import Record
from policyengine.batch.tidy import workbook
from policyengine.batch.tidy.columns import Column, Table
from policyengine.batch.tidy.every import TABLES
from policyengine.batch.tidy.forms import FORMS as EACH
from policyengine.source import is_left_over

OUT = Path("out")
FORMS = ("--format", "csv,parquet,xlsx")
ROOM = 12_000
NAMES = {table.name for table in TABLES}


def tables(folder: Path = OUT) -> dict[str, bytes]:
    return {name: data for name, data in tree(folder).items() if name.startswith("tables/")}


def test_each_format_has_its_files(batch: Batch) -> None:
    assert batch("in", "--format", "csv").exit_code == 0
    beside = {"tables/dictionary.json", "tables/README.md"}
    assert set(tables()) == {f"tables/{name}.csv" for name in NAMES} | beside
    assert batch("in", "--format", "parquet,xlsx", "--resume").exit_code == 0
    assert set(tables()) == {f"tables/{name}.parquet" for name in NAMES} | {"tables/tables.xlsx"} | beside


def test_fewer_formats_leave_nothing_of_the_others(batch: Batch) -> None:
    batch("in", *FORMS)
    assert batch("in", "--format", "json", "--resume").exit_code == 0
    assert not (OUT / "tables").exists()
    assert not list(OUT.rglob("*.rows.gz"))


def test_the_same_batch_gives_the_same_bytes(batch: Batch) -> None:
    batch("in", *FORMS)
    first = tree(OUT)
    shutil.rmtree(OUT)
    batch("in", *FORMS, "--workers", "1")
    assert tree(OUT) == first


def test_a_batch_that_goes_on_gives_the_bytes_of_an_undisturbed_one(batch: Batch, fires: Path) -> None:
    (fires / "d.yaml").write_text("nonsense: [", "utf-8")
    assert batch("in", *FORMS).exit_code == 1
    (fires / "d.yaml").write_text(a_fire("mended"), "utf-8")
    (fires / "e.yaml").unlink()
    (fires / "one" / "a.yaml").write_text("=nonsense: [", "utf-8")
    assert batch("in", *FORMS, "--resume").exit_code == 1
    resumed = tree(OUT)
    shutil.rmtree(OUT)
    batch("in", *FORMS)
    assert tree(OUT) == resumed
    rows = with_polars(OUT / "tables", "scenarios", "csv").to_dicts()
    assert [row["name"] for row in rows] == ["d", "one/b", "two/a", "two/deep/c"]
    errors = with_polars(OUT / "tables", "errors", "csv").to_dicts()
    assert {row["source"] for row in errors} == {"in/one/a.yaml"}


def test_only_what_changed_is_evaluated_again(batch: Batch, fires: Path) -> None:
    batch("in", *FORMS)
    before = tree(OUT)
    (fires / "d.yaml").write_text(a_fire("fire-4", 0.99), "utf-8")
    shown = batch("in", *FORMS, "--resume")
    assert "6 scenarios evaluated, 5 of them kept from before" in shown.stdout
    changed = {name for name, data in tree(OUT).items() if before[name] != data}
    assert "results/d.rows.gz" in changed
    assert "tables/allocation.csv" in changed
    assert not any(name.endswith(".rows.gz") for name in changed - {"results/d.rows.gz"})


def test_a_piece_that_somebody_changed_is_made_again(batch: Batch) -> None:
    batch("in", *FORMS)
    before = tree(OUT)
    (OUT / "results" / "d.rows.gz").write_bytes(b"not ours")
    shown = batch("in", *FORMS, "--resume")
    assert "5 of them kept from before" in shown.stdout
    assert tree(OUT) == before


def test_a_batch_that_is_killed_resumes_to_the_very_same_tables(fires: Path, process: Process) -> None:
    for number in range(12):
        (fires / f"n{number}.yaml").write_text(a_fire(f"fire-n{number}", 0.05 * number), "utf-8")
    assert ended(process("in", *FORMS, out="whole"))[0] == 0
    expected = tree(Path("whole"))
    random = Random(6)
    for number in range(6):
        shutil.rmtree(OUT, ignore_errors=True)
        running = process("in", *FORMS)
        if number % 2:
            kill_at(running, random.uniform(0.5, 3.0))
        else:
            kill_with(running, random.randint(10, 18))
        running.communicate()
        whole = {name: data for name, data in tables().items() if not _unfinished(name)} if OUT.exists() else {}
        assert {name for name, data in whole.items() if expected[name] != data} == set()
        assert ended(process("in", *FORMS, "--resume"))[0] == 0
        assert tree(OUT) == expected


def _unfinished(name: str) -> bool:
    return is_left_over(Path(name)) or "/.workbook/" in name


def test_a_disk_that_is_full_leaves_no_half_table(fires: Path, process: Process) -> None:
    """A limit on the size of files stands for a full disk; the results are smaller than it, the tables are not."""
    for number in range(30):
        (fires / f"n{number}.yaml").write_text(a_fire(f"fire-n{number}", 0.02 * number), "utf-8")
    for forms in ("csv", "parquet", "xlsx"):
        shutil.rmtree(OUT, ignore_errors=True)
        running = process(
            "in", "--format", forms, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))
        )
        code, said = ended(running)
        assert (code, "Traceback" in said, "Exception" in said) == (1, False, False), said
        assert "File too large" in said
        assert tables() == {}
        assert ended(process("in", "--format", forms, "--resume"))[0] == 0
        assert tables()


def test_a_table_too_long_for_a_sheet_goes_on_in_a_next_one(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 10)
    batch("in", *FORMS)
    rows = with_polars(OUT / "tables", "allocation", "parquet").rows()
    found: list[tuple[Any, ...]] = []
    for number in range(-(-len(rows) // 10)):
        head, *part = raw_cells(OUT / "tables", f"allocation {number + 1}" if number else "allocation")
        assert head[:2] == ("name", "scenario")
        found += part
    assert found == rows


def test_a_missing_library_is_told_before_anything_is_done(batch: Batch, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "policyengine.batch.tidy.workbook")
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    shown = batch("in", "--format", "xlsx")
    assert shown.exit_code == 1
    assert "E304 workbooks need XlsxWriter: pip install 'layered-policyengine[xlsx]'" in shown.stderr
    assert not OUT.exists()


def _records() -> list[Record]:
    import json

    return [json.loads(line) for line in (OUT / "results.jsonl").read_text("utf-8").splitlines()]


def given_up(form: str, folder: Path) -> None:
    table = Table("numbers", "A number.", ("number",), (Column("number", "integer", "It."),), None)
    with EACH[form]()(folder, [table]) as files:
        files.add(table, [(1,)])
        raise ZeroDivisionError


@pytest.mark.parametrize("form", EACH)
def test_tables_that_are_given_up_leave_nothing_behind_and_complain_of_nothing(tmp_path: Path, form: str) -> None:
    with pytest.raises(ZeroDivisionError):
        given_up(form, tmp_path)
    gc.collect()  # what is only said when it is forgotten fails the test here
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_says_good_of_what_is_in_the_tables(batch: Batch) -> None:
    batch("in", *FORMS)
    good = {name for name, status in manifest(OUT).items() if status == "good"}
    assert set(with_polars(OUT / "tables", "scenarios", "csv")["name"]) == good
