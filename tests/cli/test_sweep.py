"""`policyengine sweep`."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from cli.conftest import SCENARIO, Run

from policyengine.api import evaluate, load_packs, load_scenario
from policyengine.shipped import folder
from policyengine.version import VERSION

SEVERITY = "threats.guns-by-drone.severity"
AGENT = "threats.guns-by-drone.agent"


def test_every_combination_is_evaluated_as_alone(run: Run, tmp_path: Path) -> None:
    shown = run(
        "sweep", SCENARIO, "--vary", f"{SEVERITY}=0.2,unknown", "--vary", f"{AGENT}=true,false", "--out", "s.parquet"
    )
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.startswith("4 variations of Handguns by drone")
    table = pl.read_parquet(tmp_path / "s.parquet")
    assert table[SEVERITY].to_list() == [0.2, 0.2, None, None]
    assert table[AGENT].to_list() == [True, False, True, False]
    rulebook = load_packs()
    file = load_scenario(folder("scenarios") / f"{SCENARIO}.yaml", rulebook)
    for row in table.iter_rows(named=True):
        threats = [
            threat.model_copy(update={"severity": row[SEVERITY], "agent": row[AGENT]})
            if threat.id == "guns-by-drone"
            else threat
            for threat in file.scenario.threats
        ]
        result = evaluate(file.scenario.model_copy(update={"threats": threats}), rulebook)
        for cell in result.views[0].cells:
            assert row[f"{cell.threat}.{cell.layer}.leads"].split() == list(cell.leads)


def test_a_table_of_somebody_else_is_taken_and_written_as_csv(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"{SEVERITY},{AGENT}\n0.2,true\nunknown,\n", "utf-8")
    shown = run("sweep", SCENARIO, "--table", "in.csv", "--out", "out.csv", "--wide")
    assert (shown.exit_code, shown.stderr) == (0, "")
    found = pl.read_csv(tmp_path / "out.csv")
    assert found[SEVERITY].to_list() == [0.2, None]
    assert any(name.endswith(".CA-ON.share") for name in found.columns)


def test_numbers_of_a_table_stand_in_the_results_as_numbers_whatever_the_first_ones_are(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "in.csv").write_text(f"{SEVERITY},year\n" + "0,2020\n" * 300_000 + "0.5,2021.0\n", "utf-8")
    shown = run("sweep", SCENARIO, "--table", "in.csv", "--out", "out.parquet")
    assert (shown.exit_code, shown.stderr) == (0, "")
    last = pl.read_parquet(tmp_path / "out.parquet").row(-1, named=True)
    assert (last[SEVERITY], last["year"]) == (0.5, 2021.0)


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (b"abc", f'in.csv: V104 row 600000: "{SEVERITY}" is "abc", but a number is needed'),
        (b"0,5", "in.csv:600002:1: V120 this line has 2 fields, and the first one has 1"),
        (b"0.\xe9", "in.csv:600002:1: V120 this is not UTF-8"),
    ],
)
def test_what_is_wrong_late_in_a_table_is_told_by_its_place(run: Run, tmp_path: Path, last: bytes, told: str) -> None:
    (tmp_path / "in.csv").write_bytes(f"{SEVERITY}\n".encode() + b"0\n" * 600_000 + last + b"\n")
    shown = run("sweep", SCENARIO, "--table", "in.csv", "--out", "out.csv")
    assert (shown.exit_code, shown.stderr.splitlines()[0]) == (1, told)
    assert not list(tmp_path.glob("out.csv*"))


def test_what_is_wrong_with_a_table_comes_with_its_name(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(f"{SEVERITY},threats.guns-by-drone.severty\n0.5,1\n7,1\n")
    shown = run("sweep", SCENARIO, "--table", "mine.csv", "--out", "s.csv")
    assert shown.exit_code == 1
    assert shown.stderr.startswith('mine.csv: V101 "threats.guns-by-drone.severty" leads nowhere')
    (tmp_path / "mine.csv").write_text(f"{SEVERITY}\n0.5\n7\n")
    assert 'mine.csv: V106 row 1: "threats' in run("sweep", SCENARIO, "--table", "mine.csv", "--out", "s.csv").stderr


def test_a_sample_comes_again_with_its_seed(run: Run, tmp_path: Path) -> None:
    asked = ["sweep", SCENARIO, "--vary", f"{SEVERITY}=0.1:0.9", "--design", "lhs", "--n", "20", "--seed", "3", "--out"]
    shown = [run(*asked, name) for name in ("a.csv", "b.csv")]
    assert [each.exit_code for each in shown] == [0, 0]
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert "Latin hypercube with seed 3" in shown[0].stdout
    first, second = (tmp_path / f"{name}.csv.manifest.json" for name in "ab")
    assert first.read_bytes() == second.read_bytes()


def test_what_the_rows_hang_on_stands_in_a_manifest(run: Run, tmp_path: Path) -> None:
    asked = [
        "sweep",
        SCENARIO,
        "--vary",
        f"{SEVERITY}=0.1:0.9",
        "--design",
        "sobol",
        "--n",
        "20",
        "--seed",
        "3",
        "--wide",
    ]
    shown = run(*asked, "--out", "s.parquet")
    assert (shown.exit_code, shown.stderr) == (0, "")
    said = json.loads((tmp_path / "s.parquet.manifest.json").read_text("utf-8"))
    file = load_scenario(folder("scenarios") / f"{SCENARIO}.yaml", load_packs())
    assert said["base"] == {"source": SCENARIO, "name": SCENARIO, "sha256": file.sha256}
    assert said["variations"] == {"design": "sobol", "vary": [f"{SEVERITY}=0.1:0.9"], "rows": 20, "seed": 3}
    assert said["sha256"] == hashlib.sha256((tmp_path / "s.parquet").read_bytes()).hexdigest()
    assert (said["rows"], said["wide"], said["versions"]["policyengine"]) == (20, True, VERSION)
    assert "16 or 32 rows would fill the space more evenly" in " ".join(shown.stdout.split())
    assert all(pack["sha256"][:12] in shown.stdout for pack in said["packs"])
    assert file.sha256[:12] in shown.stdout


def test_a_table_is_recorded_with_its_hash(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(f"{SEVERITY}\n0.2\n", "utf-8")
    assert run("sweep", SCENARIO, "--table", "in.csv", "--out", "out.csv").exit_code == 0
    said = json.loads((tmp_path / "out.csv.manifest.json").read_text("utf-8"))
    assert said["variations"] == {
        "table": "in.csv", "sha256": hashlib.sha256((tmp_path / "in.csv").read_bytes()).hexdigest()
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "give either --vary"),
        (["--vary", SEVERITY], 2, "should be PATH=a,b,c"),
        (["--vary", f"{SEVERITY}=0:1:0"], 2, "a step above 0"),
        (["--vary", f"{SEVERITY}=a:b:c"], 2, "these are no numbers"),
        (["--vary", f"{SEVERITY}=0:1"], 2, "all combinations need single values"),
        (["--vary", f"{SEVERITY}=0:1", "--design", "lhs"], 2, "--n is needed"),
        (["--vary", f"{SEVERITY}=0.1", "--vary", f"{SEVERITY}=0.2"], 2, "twice"),
        (["--vary", f"{SEVERITY}=0:1:0.0001", "--vary", "param.co_lead_margin=0:30:0.002"], 2, "at most 100,000,000"),
        (["--vary", f"{SEVERITY}=0.1,unknown,0.10"], 2, "gives 0.1 twice"),
        (["--vary", "threats.guns-by-drone.severty=0.1"], 1, "did you mean"),
        (["--vary", f"{SEVERITY}=0.1,7"], 1, "out of range"),
        (["--vary", f"{SEVERITY}=high"], 1, SEVERITY),
        (["--table", "nowhere.csv"], 1, "V120"),
        (["--table", "broken.parquet"], 1, "V120"),
        (["--table", "x.xls"], 1, "V120"),
    ],
)
def test_what_cannot_be_swept_is_told_and_nothing_is_written(
    run: Run, tmp_path: Path, arguments: list[str], code: int, words: str
) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and nothing more")
    shown = run("sweep", SCENARIO, *arguments, "--out", "out.csv")
    assert (shown.exit_code, shown.stdout) == (code, "")
    assert words in shown.stderr
    assert not list(tmp_path.glob("out.csv*"))


def test_an_output_of_another_kind_or_place_is_refused(run: Run) -> None:
    assert "V120" in run("sweep", SCENARIO, "--vary", f"{SEVERITY}=0.1", "--out", "out.xlsx").stderr
    shown = run("sweep", SCENARIO, "--vary", f"{SEVERITY}=0.1", "--out", "nowhere/out.csv")
    assert shown.exit_code == 1
    assert "cannot write 'nowhere/out.csv'" in shown.stderr


@pytest.mark.parametrize("library", ["pyarrow", "scipy.stats"])
def test_without_its_libraries_it_says_what_to_install(tmp_path: Path, library: str) -> None:
    without = f"import sys; sys.modules['{library}'] = None; from policyengine.cli.main import main; main()"
    asked = ["sweep", SCENARIO, "--vary", f"{SEVERITY}=0:1", "--design", "lhs", "--n", "4", "--out", "out.csv"]
    done = subprocess.run([sys.executable, "-c", without, *asked], capture_output=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (1, b"")
    assert b"pip install 'layered-policyengine[batch]'" in done.stderr
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--table", "in.csv", "--n", "5"], "--n is for rows that are made, with --vary"),
        (["--table", "in.csv", "--seed", "0"], "--seed is for rows that are made, with --vary"),
        (["--table", "in.csv", "--design", "full"], "--design is for rows that are made, with --vary"),
        (["--vary", f"{SEVERITY}=0.1,0.2", "--n", "5"], "--n is for samples, with --design lhs or sobol"),
        (["--vary", f"{SEVERITY}=0.1,0.2", "--seed", "1"], "--seed is for samples, with --design lhs or sobol"),
    ],
)
def test_an_option_that_would_change_nothing_is_refused(
    run: Run, tmp_path: Path, arguments: list[str], told: str
) -> None:
    (tmp_path / "in.csv").write_text(f"{SEVERITY}\n0.2\n", "utf-8")
    shown = run("sweep", SCENARIO, *arguments, "--out", "out.csv")
    assert (shown.exit_code, told in shown.stderr) == (2, True)
    assert not list(tmp_path.glob("out.csv*"))


def test_lists_of_words_are_not_written_as_csv(run: Run, tmp_path: Path) -> None:
    table = pl.DataFrame({"jurisdictions.CA.competences": [["customs"], None]})
    table.write_parquet(tmp_path / "in.parquet")
    shown = run("sweep", SCENARIO, "--table", "in.parquet", "--out", "out.csv")
    assert shown.exit_code == 1
    assert 'V120 CSV has no lists of words, as in the column "jurisdictions.CA.competences"' in shown.stderr
    assert not list(tmp_path.glob("*out*"))
    assert run("sweep", SCENARIO, "--table", "in.parquet", "--out", "out.parquet").exit_code == 0
    assert pl.read_parquet(tmp_path / "out.parquet").select(table.columns).equals(table)


@pytest.mark.parametrize("out", ["in.csv", "./in.csv", "link.csv"])
def test_a_table_is_not_written_over(run: Run, tmp_path: Path, out: str) -> None:
    (tmp_path / "in.csv").write_text(f"{SEVERITY}\n0.2\n", "utf-8")
    (tmp_path / "link.csv").symlink_to("in.csv")
    shown = run("sweep", SCENARIO, "--table", "in.csv", "--out", out)
    assert (shown.exit_code, "which would be lost" in shown.stderr) == (2, True)
    assert (tmp_path / "in.csv").read_text("utf-8") == f"{SEVERITY}\n0.2\n"
