"""Variations of one scenario: what goes in, what comes out, and that it is what each row alone gives."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import parquet

from policyengine.analysis.agreement import different, expected
from policyengine.api import contributions, evaluate_table
from policyengine.domain.scenario import Scenario
from policyengine.rulebook.rule import Rulebook
from policyengine.tables.rows import rulebook_of, scenario_of

SEVERITY = "threats.trafficking.severity"
MARGIN = "param.co_lead_margin"


def a_table(**columns: Sequence[object]) -> pa.Table:
    names = {"severity": SEVERITY, "margin": MARGIN}
    return pa.table({names.get(name, name): values for name, values in columns.items()})


def test_a_row_gives_what_the_scenario_with_its_values_gives(base: Scenario, rulebook: Rulebook) -> None:
    severities = [0.0, 0.3, 0.8, 1.0, None]
    rows = evaluate_table(base, a_table(severity=severities), rulebook, wide=True, fired=True).read_all().to_pylist()
    from policyengine.errors import Problems
    from policyengine.tables.paths import resolve

    paths = resolve([SEVERITY], base, rulebook, Problems())
    for place, (row, value) in enumerate(zip(rows, severities, strict=True)):
        values = {SEVERITY: value}
        wanted = expected(scenario_of(base, paths, values), rulebook_of(rulebook, paths, values))
        assert different(row, wanted, f"row {place}") == []


def test_the_narrow_result_has_leads_modes_open_effects_and_ranks_of_stable_types(
    base: Scenario, rulebook: Rulebook
) -> None:
    schema = evaluate_table(base, a_table(severity=[0.5]), rulebook).schema
    names = pa.dictionary(pa.int32(), pa.string())
    assert schema.field("trafficking.frontier.leads").type == names
    assert schema.field("trafficking.frontier.mode").type == names
    assert schema.field("trafficking.frontier.undecided").type == pa.int32()
    assert schema.field("model.status_quo.rank").type == pa.int32()
    assert not [name for name in schema.names if name.endswith(("score", "share"))]


KINDS = {
    SEVERITY: pa.array([0.1, None, 0.4, 0.9, None, 1.0, 0.0, 0.3, None, 0.8, 0.7]),
    "threats.trafficking.reach": pa.array([0, 1, 1, 0, 0, 1, None, 1, 0, 0, 1], pa.int8()),
    "threats.trafficking.agent": pa.array([True, None, False, True, True, None, None, False, True, False, None]),
    "threats.trafficking.vector": pa.array(["people", "goods", None] * 3 + ["nature", None]),
    "threats.trafficking.origin": pa.array(["both", None, "internal"] * 3 + ["external", None]).dictionary_encode(),
    "threats.trafficking.likelihood": pa.array([None] * 11),
    MARGIN: pa.array([5.0, 10.0, 15.0, 20.0] * 2 + [1.0, 2.0, 3.0]).dictionary_encode(),
}


@pytest.mark.parametrize(("first", "rows"), [(0, 5), (1, 9), (3, 8), (8, 3), (10, 1)])
def test_rows_cut_out_of_a_table_give_what_they_give_in_it(
    base: Scenario, rulebook: Rulebook, first: int, rows: int
) -> None:
    """Values and what is known of them lie somewhere in the memory of the whole table, bits in the midst of a byte."""
    table = pa.table(KINDS)
    whole = evaluate_table(base, table, rulebook, wide=True, fired=True).read_all()
    cut = evaluate_table(base, table.slice(first, rows), rulebook, wide=True, fired=True).read_all()
    assert cut.to_pylist() == whole.slice(first, rows).to_pylist()


def test_rows_that_pandas_did_not_make_are_evaluated_without_importing_it(base: Scenario, tmp_path: Path) -> None:
    """Arrow would import it in each process, if it is there, which takes longer than preparing the rules."""
    (tmp_path / "base.json").write_text(base.model_dump_json(exclude_none=True), "utf-8")
    parquet.write_table(pa.table({SEVERITY: [0.2, 0.9]}), tmp_path / "table.parquet")
    ran = subprocess.run([sys.executable, "-c", FROM_FILES], cwd=tmp_path, capture_output=True, check=True)
    assert ran.stdout.split() == [b"2", b"False"]


FROM_FILES = """
import sys
from pathlib import Path
from policyengine.api import evaluate_table, load_packs, load_scenario
from policyengine.tables.arrow import count_names
from policyengine.tables.files import TableFile, write_table

rulebook = load_packs()
base = load_scenario("base.json", rulebook).scenario
table = TableFile(Path("table.parquet"))
(results,) = evaluate_table(base, table.reader(), rulebook, wide=True, fired=True)
leads = {}
count_names(results, ".leads", leads)
print(write_table(Path("results.parquet"), [results]), "pandas" in sys.modules)
"""


@pytest.mark.parametrize(
    "make",
    [
        pa.table,
        pa.RecordBatch.from_pydict,
        lambda columns: pa.table(columns).to_reader(max_chunksize=1),
        pd.DataFrame,
        pl.DataFrame,
    ],
    ids=["table", "record batch", "reader", "pandas", "polars"],
)
def test_whatever_speaks_arrow_is_taken(make: object, base: Scenario, rulebook: Rulebook) -> None:
    columns = {SEVERITY: [0.2, 0.9], "threats.trafficking.agent": [True, False]}
    assert callable(make)
    found = evaluate_table(base, make(columns), rulebook).read_all().to_pylist()
    assert found == evaluate_table(base, pa.table(columns), rulebook).read_all().to_pylist()


def test_rows_chosen_from_a_frame_keep_their_order(base: Scenario, rulebook: Rulebook) -> None:
    frame = pd.DataFrame({SEVERITY: [0.2, 0.5, 0.9]})
    chosen = evaluate_table(base, frame[frame[SEVERITY] > 0.3], rulebook).read_all()
    assert chosen.to_pylist() == evaluate_table(base, a_table(severity=[0.5, 0.9]), rulebook).read_all().to_pylist()


def test_the_result_speaks_arrow_too(base: Scenario, rulebook: Rulebook) -> None:
    frame = pl.DataFrame(evaluate_table(base, a_table(severity=[0.1, 0.9]), rulebook))
    assert frame.height == 2


def test_a_stream_is_read_no_further_than_its_results_are(base: Scenario, rulebook: Rulebook) -> None:
    read = []

    def batches() -> Iterator[pa.RecordBatch]:
        for number in range(100):
            read.append(number)
            yield pa.RecordBatch.from_pydict({SEVERITY: [number / 100]})

    schema = pa.schema([(SEVERITY, pa.float64())])
    reader = evaluate_table(base, pa.RecordBatchReader.from_batches(schema, batches()), rulebook)
    assert reader.read_next_batch().num_rows == 1
    assert reader.read_next_batch().num_rows == 1
    assert len(read) < 5


def test_rows_over_several_chunks_and_batches_stay_in_order(base: Scenario, rulebook: Rulebook) -> None:
    severities = [(number % 11) / 10 for number in range(70_000)]
    found = evaluate_table(base, a_table(severity=severities), rulebook, wide=True).read_all()
    few = evaluate_table(base, a_table(severity=[number / 10 for number in range(11)]), rulebook, wide=True).read_all()
    for name in found.schema.names:
        column, wanted = found.column(name).to_pylist(), few.column(name).to_pylist()
        assert column == [wanted[number % 11] for number in range(70_000)], name


def test_the_bits_tell_which_rules_fired(base: Scenario, rulebook: Rulebook) -> None:
    reader = evaluate_table(base, a_table(severity=[0.3]), rulebook, fired=True)
    names = json.loads(reader.schema.metadata[b"rules"])
    (bits,) = reader.read_all().column("fired").to_pylist()
    fired = {name for place, name in enumerate(names) if bits[place // 8] >> (place % 8) & 1}
    table = a_table(severity=[0.3])
    assert {each.rule for each in contributions(base, table, 0, rulebook)} <= fired
    assert fired < set(names)


@pytest.mark.parametrize("row", [0, 1, 2])
def test_contributions_add_up_to_the_scores_of_a_row(row: int, base: Scenario, rulebook: Rulebook) -> None:
    table = a_table(severity=[0.2, 0.8, None], margin=[10.0, 20.0, 5.0])
    found = evaluate_table(base, table, rulebook, wide=True).read_all().to_pylist()[row]
    sums: dict[str, int] = {}
    for each in contributions(base, table, row, rulebook):
        if each.kind == "score":
            name = f"{each.threat}.{each.layer}.{each.jurisdiction}.score"
            sums[name] = sums.get(name, 0) + each.strength
        elif each.kind == "favour":
            sums[f"model.{each.model}.score"] = sums.get(f"model.{each.model}.score", 0) + each.strength
    assert sums
    assert {name: value for name, value in found.items() if name.endswith("score") and value} == {
        name: value for name, value in sums.items() if value
    }


def test_a_row_that_is_not_there_has_no_contributions(base: Scenario, rulebook: Rulebook) -> None:
    with pytest.raises(IndexError, match="the table has 1 rows, so there is no row 1"):
        contributions(base, a_table(severity=[0.5]), 1, rulebook)
