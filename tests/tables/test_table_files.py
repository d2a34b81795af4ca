"""Tables in files: what is read, in how much memory, and which files are told of as broken."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import csv, ipc, parquet

from policyengine.errors import InputError
from policyengine.tables.files import TableFile

Write = Callable[[Path, pa.Table], Path]
COLUMNS, ROWS = 8, 1_000_000
TABLE = pa.table({"a": [0.25, 0.5, None, 1.0], "b": ["x", None, "y", "x"], "c.d": [[], ["x"], None, ["y", "z"]]})


def stream(path: Path, table: pa.Table, rows: int = 2) -> Path:
    """A table as Arrow is sent, so many rows in each batch."""
    with pa.OSFile(str(path), "wb") as file, ipc.new_stream(file, table.schema) as writer:
        writer.write_table(table, max_chunksize=rows)
    return path


def file(path: Path, table: pa.Table, rows: int = 2) -> Path:
    with pa.OSFile(str(path), "wb") as out, ipc.new_file(out, table.schema) as writer:
        writer.write_table(table, max_chunksize=rows)
    return path


def groups(path: Path, table: pa.Table, rows: int = 2) -> Path:
    parquet.write_table(table, path, row_group_size=rows)
    return path


READING = """
import sys
from pathlib import Path
import pyarrow
from policyengine.errors import InputError
from policyengine.tables.files import TableFile

try:
    print(sum(batch.num_rows for batch in TableFile(Path(sys.argv[1])).reader(int(sys.argv[2]))))
except InputError as error:
    print(error)
print(pyarrow.default_memory_pool().max_memory())
"""


def read_alone(path: Path, most: int) -> tuple[str, int]:
    """What a process that reads a table prints, and the most memory that Arrow took in it."""
    command = [sys.executable, "-c", READING, str(path), str(most)]
    said, taken = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
    return said, int(taken)


@pytest.mark.parametrize(
    ("name", "write"), [("a.arrow", stream), ("a.feather", stream), ("a.arrow", file), ("a.parquet", groups)]
)
def test_a_table_is_what_was_written(tmp_path: Path, name: str, write: Write) -> None:
    read = TableFile(write(tmp_path / name, TABLE))
    assert read.reader().read_all().to_pydict() == TABLE.to_pydict()
    first = read.first_row(read.reader())
    assert first.to_pydict() == TABLE.slice(0, 1).to_pydict()
    assert read.sizes() == (None if write is stream else [2, 2])


@pytest.mark.parametrize(("name", "write"), [("a.arrow", stream), ("a.arrow", file), ("a.parquet", groups)])
def test_a_table_without_rows_has_no_first_row(tmp_path: Path, name: str, write: Write) -> None:
    read = TableFile(write(tmp_path / name, TABLE.slice(0, 0)))
    assert read.first_row(read.reader()) is None


def test_the_first_row_is_that_of_the_groups(tmp_path: Path) -> None:
    read = TableFile(groups(tmp_path / "a.parquet", TABLE), range(1, 2))
    assert read.first_row(read.reader()).to_pydict() == TABLE.slice(2, 1).to_pydict()


@pytest.mark.parametrize("end", [-8, -9, -100, -300, 40, 3])
def test_a_stream_that_was_cut_is_told_by_its_name(tmp_path: Path, end: int) -> None:
    """Between two batches as well, where Arrow would take it for whole: its last eight bytes say that it ends."""
    whole = stream(tmp_path / "whole.arrow", TABLE).read_bytes()
    cut = tmp_path / "cut.arrow"
    cut.write_bytes(whole[:end])
    with pytest.raises(InputError, match=f"{re.escape(str(cut))}: V120 this table cannot be read"):
        TableFile(cut).reader().read_all()


def test_what_a_group_may_take_is_refused_before_it_is_taken(tmp_path: Path) -> None:
    """Ten thousand times as much as the file."""
    table = pa.table({"a": pa.array(np.zeros(4_000_000))})
    parquet.write_table(table, tmp_path / "a.parquet", use_dictionary=False, compression="zstd", row_group_size=1 << 30)
    said, taken = read_alone(tmp_path / "a.parquet", 30 << 20)
    assert "V111 reading a group of its rows may take 31 MiB, and 30 MiB are allowed beside the results" in said
    assert taken < 1 << 20
    assert read_alone(tmp_path / "a.parquet", 31 << 20)[0] == "4000000"


def test_reading_takes_a_part_of_a_group_at_a_time(tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    path = tmp_path / "a.parquet"
    table = pa.table({f"c{place}": random.random(ROWS) for place in range(COLUMNS)})
    parquet.write_table(table, path, use_dictionary=False, compression="none", row_group_size=ROWS)
    said, taken = read_alone(path, 1 << 30)
    assert said == str(ROWS)
    assert taken < table.nbytes / 2


def test_of_csv_cells_come_as_text(tmp_path: Path) -> None:
    csv.write_csv(pa.table({"a": [0.5, None], "b": [1, 2]}), tmp_path / "a.csv")
    read = TableFile(tmp_path / "a.csv")
    assert read.first_row(read.reader()).to_pydict() == {"a": ["0.5"], "b": ["1"]}
    assert read.reader().read_all().to_pydict() == {"a": ["0.5", None], "b": ["1", "2"]}


@pytest.mark.parametrize("ending", [".parquet", ".arrow", ".feather", ".csv"])
def test_a_table_that_is_not_there_is_told_of_in_plain_words(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"nowhere{ending}"
    with pytest.raises(InputError) as told:
        TableFile(path).reader()
    (problem,) = told.value.problems
    assert (problem.code, problem.message, str(problem.span)) == ("V120", "there is no such table", str(path))
