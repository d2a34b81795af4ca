"""CSV: the values that vary decide what a cell is, however late it stands, and what cannot be read is told by place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from struct import pack

import pyarrow as pa
import pytest
from pyarrow import csv, parquet

from policyengine.domain.scenario import Scenario
from policyengine.errors import InputError, Problem
from policyengine.rulebook.rule import Rulebook
from policyengine.tables.csv_cells import cells_of
from policyengine.tables.evaluate import Evaluation, Ground
from policyengine.tables.files import TableFile

SEVERITY, AGENT, KIND = (f"threats.trafficking.{field}" for field in ("severity", "agent", "kind"))
COMPETENCES = "jurisdictions.CA.competences"
MANY = 400_000
"""So many short lines are more than Arrow looks at before it says what a column holds."""
Read = Callable[[str | bytes], pa.Table]


@pytest.fixture
def read(base: Scenario, rulebook: Rulebook, tmp_path: Path) -> Read:
    """Evaluate a CSV file with this in it, and give what varied."""

    def call(text: str | bytes) -> pa.Table:
        path = tmp_path / "in.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        table = TableFile(path)
        evaluation = Evaluation(base, rulebook, table, {"wide": False, "fired": False}, 2 << 30)
        return pa.Table.from_batches(evaluation.batches()).select(table.reader().schema.names)

    return call


def problems(read: Read, text: str | bytes) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        read(text)
    return list(caught.value.problems)


def place(problem: Problem) -> str:
    """The line and the column of a problem, if it has them."""
    return str(problem.span).rpartition("in.csv")[2]


def test_a_number_with_a_point_may_come_late_in_a_column_of_whole_ones(read: Read) -> None:
    found = read(f"{SEVERITY},year\n" + "0,2020\n" * MANY + ".5,2021.0\n")
    assert found.num_rows == MANY + 1
    assert found.schema.types == [pa.float64(), pa.float64()]
    assert [column[-1].as_py() for column in found.columns] == [0.5, 2021.0]


def test_cells_are_what_the_values_that_vary_are(read: Read) -> None:
    rows = ("1,1,agreed,", "unknown,,agreed,unknown", " .5 , TRUE,agreed,")
    text = "\n".join([f"{SEVERITY},{AGENT},{KIND},{COMPETENCES}", *rows]).replace("agreed", "human_trafficking")
    found = read(text)
    assert found.to_pydict() == {
        SEVERITY: [1.0, None, 0.5],
        AGENT: [True, None, True],
        KIND: ["human_trafficking"] * 3,
        COMPETENCES: [None] * 3,
    }


@pytest.mark.parametrize("late", [0, MANY])
@pytest.mark.parametrize(
    ("name", "good", "bad", "told", "hint"),
    [
        (SEVERITY, "0", "abc", "a number is needed", "with a point"),
        (SEVERITY, "0.5", "0;5", "a number is needed", "with a point"),
        (SEVERITY, "unknown", "2020-01-01", "a number is needed", "nothing for unknown"),
        (SEVERITY, "1", "true", "a number is needed", "nothing for unknown"),
        ("param.co_lead_margin", "5", "five", "a number is needed", "with a point"),
        (AGENT, "true", "yes", "true or false is needed", "write true or false"),
        (AGENT, "0", "2", "true or false is needed", "write true or false"),
        (COMPETENCES, "", "policing", "a set of words", "Parquet"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_with_row_and_value(
    read: Read, late: int, name: str, good: str, bad: str, told: str, hint: str
) -> None:
    (problem,) = problems(read, f"{name},year\n" + f"{good},2020\n" * late + f"{bad},2020\n")
    assert (problem.code, place(problem)) == ("V104", "None")
    assert problem.message.startswith(f'row {late}: "{name}" is "{bad}", but {told}')
    assert hint in problem.hint


def test_every_mistake_of_a_column_is_told_at_once(read: Read) -> None:
    found = problems(read, f"{SEVERITY}\nabc\n0.5\n7\nnan\nx\ny\nz\n")
    assert [(each.code, each.message.partition(":")[0]) for each in found] == [
        ("V104", "row 0"), ("V104", "row 4"), ("V104", "row 5"), ("V104", f'1 more rows of "{SEVERITY}" are like that'),
        ("V105", "row 3"), ("V106", "row 2"),
    ]  # fmt: skip


def test_a_word_that_looks_like_a_number_is_a_word(read: Read) -> None:
    (problem,) = problems(read, f"{KIND}\n12\n")
    assert (problem.code, 'is "12", which is not known' in problem.message) == ("V107", True)


@pytest.mark.parametrize("lines", [1, MANY])
@pytest.mark.parametrize(("line", "told"), [("0,1,2020", "3 fields"), ("0.1", "1 field")])
def test_a_line_with_other_fields_than_the_first_is_told_by_its_number(
    read: Read, lines: int, line: str, told: str
) -> None:
    (problem,) = problems(read, f"\n{SEVERITY},year\r\n" + "0,2020\n" * lines + f"\n\r\n{line}\n0,2020\n")
    assert (problem.code, place(problem)) == ("V120", f":{lines + 5}:1")
    assert problem.message == f"this line has {told}, and the first one has 2"
    assert "columns by commas, write numbers with a point" in problem.hint


@pytest.mark.parametrize(("sign", "word"), [(";", "semicolons"), ("\t", "tabs")])
def test_columns_that_other_signs_separate_are_told_of(read: Read, sign: str, word: str) -> None:
    (problem,) = problems(read, f"{SEVERITY}{sign}year\n0,1{sign}2020\n")
    assert (problem.code, problem.message) == ("V120", f"the columns are separated by {word}")
    assert "columns by commas, write numbers with a point" in problem.hint


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"{SEVERITY},year\n0.1,2020\n".encode("utf-16"), 1),
        (f"{KIND}\nhuman_trafficking\nété\n".encode("latin-1"), 3),
        (f"{KIND}\n".encode() + b"human_trafficking\n" * MANY + "été\n".encode("latin-1"), MANY + 2),
        (f"{KIND}\n{'é' * 4}".encode()[:-1], 2),
    ],
    ids=["utf-16", "early", "late", "cut"],
)
def test_what_is_not_utf_8_is_told_by_its_line(read: Read, text: bytes, line: int) -> None:
    (problem,) = problems(read, text)
    assert (problem.code, problem.message, place(problem)) == ("V120", "this is not UTF-8", f":{line}:1")
    assert "as UTF-8" in problem.hint


@pytest.mark.parametrize("last", ["é", "0,5"])
def test_what_is_before_a_line_that_cannot_be_read_always_comes_first(tmp_path: Path, last: str) -> None:
    """Arrow reads ahead; what is told of a table must not depend on how far."""
    path = tmp_path / "in.csv"
    path.write_bytes(f"{SEVERITY}\n".encode() + b"0.123456789\n" * 900_000 + f"0\n{last}\n0\n".encode("latin-1"))

    def rows_before() -> int:
        rows = [0]
        with pytest.raises(InputError, match=r"in\.csv:900003:1: V120"):
            rows.extend(batch.num_rows for batch in TableFile(path).reader())
        return sum(rows)

    counts = {rows_before() for _ in range(5)}
    assert len(counts) == 1
    assert (900_001 in counts) == (last == "é")


@pytest.mark.parametrize("text", ["", "\n\r\n", "\ufeff"])
def test_a_file_without_a_line_has_no_columns(read: Read, text: str) -> None:
    (problem,) = problems(read, text)
    assert (problem.code, problem.message, "first line" in problem.hint) == ("V110", "the table has no columns", True)


def test_the_sign_that_a_text_is_utf_8_is_no_part_of_a_name(read: Read) -> None:
    assert read(f"\ufeff{SEVERITY}\n0.5\n").to_pydict() == {SEVERITY: [0.5]}


SPELLED = (
    "0", "1", "-0.0", ".5", "5.", "+3", " 7\t", "1e-3", "1E+2", "0.1", "0.30000000000000004", "2.2250738585072014e-308",
    "4.9e-324", "1e-400", "9007199254740993", "123456789012345678901234567890", "0.1000000000000000055511151231257827",
    "179769313486231570000000000000000000000", "007", '"0.25"',
)  # fmt: skip


@pytest.mark.parametrize("beside", ["0.5", "no number"])
@pytest.mark.parametrize("spelled", SPELLED)
def test_numbers_are_those_that_arrow_reads_to_the_last_bit(
    base: Scenario, rulebook: Rulebook, tmp_path: Path, spelled: str, beside: str
) -> None:
    """Whether other cells of the column can be read or not."""
    path = tmp_path / "in.csv"
    path.write_text(f"{SEVERITY},year\n{spelled},1\n", "utf-8")
    arrows = csv.read_csv(path)[SEVERITY].cast(pa.float64(), safe=False)[0].as_py()
    path.write_text(f"{SEVERITY},year\n{spelled},1\n{beside},1\n", "utf-8")
    (batch,) = TableFile(path).reader()
    cells = cells_of(batch, Ground(base, rulebook, batch.schema.names).paths)
    assert pack("<d", cells.batch[SEVERITY][0].as_py()) == pack("<d", arrows)
    assert (SEVERITY in cells.bad) == (beside != "0.5")


def test_a_table_that_has_types_keeps_its_words(base: Scenario, rulebook: Rulebook, tmp_path: Path) -> None:
    parquet.write_table(pa.table({SEVERITY: ["0.5"]}), tmp_path / "in.parquet")
    with pytest.raises(InputError, match=r"V104 .* holds words, but a number is needed"):
        Evaluation(base, rulebook, TableFile(tmp_path / "in.parquet"), {}, 2 << 30)
