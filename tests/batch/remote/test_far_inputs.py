"""Tables that are far away: in an object store, and on the web."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pyarrow as pa
import pytest
from batch.conftest import tree
from batch.remote.conftest import BASE, SEVERITY, Bucket, Web, a_table, results, settings
from click.testing import CliRunner, Result

from policyengine.batch.table_inputs import tables_of
from policyengine.batch.table_plan import parts_of
from policyengine.cli.main import cli
from policyengine.errors import InputError
from policyengine.source.addresses import Address, place_of
from policyengine.tables.files import TableFile

OUT = Path("out")
ROWS = 3_000
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a batch over tables in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, out: str = "out", stdin: str | None = None) -> Result:
        given = ["batch", *arguments, "--base", BASE, "--out", out, "--workers", "1"]
        shown = CliRunner().invoke(cli, given, prog_name="policyengine", input=stdin)
        assert "Traceback" not in shown.output
        return shown

    return call


def sources(folder: Path = OUT) -> list[str]:
    head = json.loads((folder / "manifest.json").read_text("utf-8"))
    return [each["source"] for each in head["files"]]


def an_arrow_file(rows: int, batch: int) -> bytes:
    data = BytesIO()
    table = pa.table({SEVERITY: [row / rows for row in range(rows)], "param.co_lead_margin": [5.0] * rows})
    with pa.ipc.new_file(data, table.schema) as writer:
        writer.write_table(table, batch)
    return data.getvalue()


def a_csv_file(rows: int) -> bytes:
    return "\n".join([SEVERITY, *(f"{row / rows:.6f}" for row in range(rows))]).encode()


@pytest.mark.parametrize(
    ("ending", "data"),
    [("parquet", a_table(ROWS, 1_000)), ("arrow", an_arrow_file(ROWS, 1_000)), ("csv", a_csv_file(ROWS))],
)
def test_a_table_in_a_store_gives_what_it_gives_here(run: Run, bucket: Bucket, ending: str, data: bytes) -> None:
    Path(f"in.{ending}").write_bytes(data)
    assert run(f"in.{ending}", out="here").exit_code == 0
    shown = run(bucket.put(f"in.{ending}", data))
    assert (shown.exit_code, shown.stdout) == (0, f"{ROWS:,} rows evaluated. Open out/index.html\n")
    assert results(OUT) == results(Path("here")) != {}
    manifest = json.loads((OUT / "manifest.json").read_text("utf-8"))
    assert list(manifest["inputs"]) == [f"s3://bucket/in.{ending}"]
    assert manifest["inputs"][f"s3://bucket/in.{ending}"].startswith("etag:")


def test_odd_keys_mean_themselves(run: Run, bucket: Bucket) -> None:
    bucket.put("other.parquet", b"no table")
    keys = ("a b/c", "ü/é", "a%20b%2F", "a/../b", "../x", "a?b", "a*", "[a]", "a'b", '"', "C:\\d", "-", "@e")
    addresses = [bucket.put(f"{key}.parquet", a_table(10)) for key in keys]
    shown = run(*addresses)
    assert (shown.exit_code, sources()) == (0, addresses)
    assert json.loads((OUT / "summary.json").read_text("utf-8"))["sources"] == dict.fromkeys(addresses, 10)
    found = far_tables("s3://bucket/a/../b.parquet", "s3://bucket/")
    assert found[0] == "s3://bucket/a/../b.parquet"
    assert found[1:] == sorted({*addresses, "s3://bucket/other.parquet"} - {a for a in addresses if "/.." in a})


def far_tables(*arguments: str, lines: Sequence[str] = (), out: str = "out") -> list[str]:
    """What these arguments mean."""
    return [str(each) for each in tables_of(arguments, lambda _: lines, place_of(out))]


def test_folders_patterns_and_lists_mean_tables_each_once(bucket: Bucket, tmp_path: Path) -> None:
    names = ("in/b.parquet", "in/a.parquet", "in/deep/c.csv", "in/.hidden.parquet", "in/.h/d.parquet", "in/out/e.csv")
    for name in (*names, "in/readme.txt"):
        bucket.put(name, b"whatever")
    near = tmp_path / "near.parquet"
    near.touch()
    a, b, c, e = (f"s3://bucket/in/{name}" for name in ("a.parquet", "b.parquet", "deep/c.csv", "out/e.csv"))
    assert far_tables("s3://bucket/in") == far_tables("s3://bucket/in/") == [a, b, c, e]
    assert far_tables("s3://bucket/in", out="s3://bucket/in/out") == [a, b, c]
    assert far_tables("s3://bucket/in/*.parquet") == far_tables("s3://bucket/in/?.*") == [a, b]
    assert far_tables("s3://bucket/in/**/*.csv") == [c, e]
    assert far_tables("@list", "s3://bucket/in/*", lines=[b, str(near)]) == [str(near), b, a]
    assert far_tables("-", lines=[a]) == [a]
    assert far_tables("s3://bucket/in/.hidden.parquet") == ["s3://bucket/in/.hidden.parquet"]
    assert far_tables(f"file://{tmp_path}") == [str(near)]


def test_a_resumed_run_sees_which_table_in_a_store_changed(run: Run, bucket: Bucket) -> None:
    for name in ("a", "b"):
        bucket.put(f"{name}.parquet", a_table(100))
    arguments = ("s3://bucket/a.parquet", "s3://bucket/b.parquet")
    assert run(*arguments).exit_code == 0
    bucket.put("b.parquet", a_table(100, low=0.5))
    shown = run(*arguments, "--resume")
    assert shown.stdout == "200 rows evaluated, 1 part kept from before. Open out/index.html\n"
    before = tree(OUT)
    assert run(*arguments).exit_code == 0
    assert tree(OUT) == before


def test_a_table_that_changes_after_it_was_looked_at_is_not_read(bucket: Bucket) -> None:
    address = bucket.put("a.parquet", a_table(100, 10))
    part, *_ = parts_of([Address(address)], 50)
    assert sum(batch.num_rows for batch in part.table().reader()) == 50
    bucket.put("a.parquet", a_table(100, 10, low=0.5))
    with pytest.raises(InputError, match="E307 this was changed meanwhile"):
        part.table().reader()


def test_an_object_that_was_cut_is_one_part_with_a_problem(run: Run, bucket: Bucket) -> None:
    whole = a_table(ROWS)
    bucket.put("a.parquet", whole)
    bucket.put("b.parquet", whole[: len(whole) // 2])
    bucket.put("c.arrow", an_arrow_file(100, 10)[:-100])
    shown = run("s3://bucket/")
    assert shown.exit_code == 1
    for place, key in ((1, "b.parquet"), (2, "c.arrow")):
        assert f"s3://bucket/{key}: V120 part-0000{place}: this table cannot be read: " in shown.stderr
    assert list(results(OUT)) == ["results/part-00000.parquet"]


NOTHING = "see whether the address is right"
MISSES = [
    ("s3://bucket/none.parquet", "E307 there is nothing here: ", NOTHING),
    ("s3://bucket/none/*.parquet", "E307 there is nothing here: ", NOTHING),
    ("s3://bucket/none/", "E307 there is nothing here: no file is below this folder", NOTHING),
    ("s3://no-such-bucket/a.parquet", "E307 there is nothing here: ", "The specified bucket does not exist"),
    ("s3://no-such-bucket/", "E307 there is nothing here: ", "The specified bucket does not exist"),
    ("s3://", "E307 ", "see what the message says"),
    ("s3://bucket/a.txt", "V120 the ending .txt stands for no table", ".parquet"),
    ("nosuch://bucket/a.parquet", "E307 addresses of nosuch:// are not known", "s3, gs, abfs"),
    ("gs://bucket/a.parquet", "E304 addresses of gs:// need gcsfs, and it is not installed", "pip install gcsfs"),
    ("abfs://a@b.c/a.parquet", "E304 addresses of abfs:// need adlfs, and it is not installed", "pip install adlfs"),
    ("zip://a.csv::s3://bucket/a.zip", "E307 an address inside another one is not read", "give a plain address"),
]


@pytest.mark.usefixtures("no_other_drivers")
@pytest.mark.parametrize(("address", "message", "hint"), MISSES, ids=[row[0] for row in MISSES])
def test_what_is_not_there_is_told_in_one_line(run: Run, bucket: Bucket, address: str, message: str, hint: str) -> None:
    bucket.put("a.txt", b"words")
    shown = run(address)
    assert shown.exit_code == 1
    assert f"{address}: {message}" in shown.stderr
    assert hint in shown.stderr
    assert shown.stderr.count("E30") + shown.stderr.count("V120") == 1
    assert not OUT.exists()


def test_no_credentials_and_no_answer_are_told(
    run: Run, bucket: Bucket, nobody: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = bucket.put("a.parquet", a_table(10))
    for name, value in settings(nobody).items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    import s3fs

    s3fs.S3FileSystem.clear_instance_cache()
    shown = run(address)
    assert (shown.exit_code, f"{address}: E307 this is not allowed: Unable to locate credentials" in shown.stderr) == (
        1,
        True,
    )


def test_a_table_on_the_web_is_fetched_in_ranges(run: Run, web: Web, tmp_path: Path) -> None:
    data = a_table(400_000, 50_000)
    (tmp_path / "web" / "in.parquet").write_bytes(data)
    table = TableFile(Address(web / "in.parquet"), range(2, 3))
    assert sum(batch.num_rows for batch in table.reader()) == 50_000
    assert 0 < web.given < len(data) / 2
    (tmp_path / "near.parquet").write_bytes(data)
    assert run("near.parquet", out="here").exit_code == 0
    assert run(web / "in.parquet").exit_code == 0
    assert results(OUT) == results(Path("here"))


def test_of_an_arrow_file_one_column_says_how_many_rows_there_are(web: Web, tmp_path: Path) -> None:
    data = an_arrow_file(100_000, 10_000)
    (tmp_path / "web" / "in.arrow").write_bytes(data)
    assert TableFile(Address(web / "in.arrow")).sizes() == [10_000] * 10
    assert web.given < 0.6 * len(data)


def test_a_server_without_ranges_gives_csv_but_no_parquet(run: Run, web: Web, tmp_path: Path) -> None:
    web.ranges = False
    (tmp_path / "web" / "in.parquet").write_bytes(a_table(ROWS))
    (tmp_path / "web" / "in.csv").write_bytes(a_csv_file(ROWS))
    assert run(web / "in.csv").stdout == f"{ROWS:,} rows evaluated. Open out/index.html\n"
    shown = run(web / "in.parquet")
    assert (shown.exit_code, "server doesn't appear to support range requests" in shown.stderr) == (1, True)


def test_what_signs_an_address_stands_nowhere(run: Run, web: Web, tmp_path: Path) -> None:
    (tmp_path / "web" / "in.csv").write_bytes(a_csv_file(100))
    first, second = (f"{web / 'in.csv'}?X-Signature=hush{number}" for number in range(2))
    missing = f"{web / 'none.parquet'}?X-Signature=hush"
    shown = run(first, second, missing)
    assert shown.exit_code == 1
    assert f"{web / 'none.parquet'}?X-Signature=***: E307 part-00002: there is nothing here: 404" in shown.stderr
    told = f"{web / 'in.csv'}?X-Signature=***"
    assert sources()[:2] == [told, f"{told} (2)"]
    assert "hush" not in shown.output
    assert not any(b"hush" in data for data in tree(OUT).values())
    # Whoever signs it anew goes on.
    again = run(*(f"{web / 'in.csv'}?X-Signature=other{number}" for number in range(2)), "--resume")
    assert "2 parts kept from before" in again.stdout


def test_an_answer_that_ends_too_early_is_told(run: Run, web: Web, tmp_path: Path) -> None:
    (tmp_path / "web" / "in.csv").write_bytes(a_csv_file(ROWS))
    web.cut = 1_000
    shown = run(web / "in.csv")
    assert (shown.exit_code, f"{web / 'in.csv'}: E308 there is no answer: " in shown.stderr) == (1, True)
    assert not OUT.exists()


@pytest.mark.parametrize("address", ["folder/", "*.parquet"])
def test_the_web_has_no_folders(run: Run, web: Web, address: str) -> None:
    shown = run(web / address)
    assert (shown.exit_code, "E307 the web has no folders and no patterns" in shown.stderr) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["https://u:hush@host/a.yaml?hush"], "the scenario file 'https://***@host/a.yaml?***'"),
        (["a.parquet", "--base", "s3://bucket/a.yaml"], "the base 's3://bucket/a.yaml'"),
        (["@s3://bucket/list", "--base", BASE], "the list 's3://bucket/list'"),
        (["a.parquet", "--base", BASE, "--pack", "s3://bucket/pack"], "the pack 's3://bucket/pack'"),
    ],
)
def test_all_but_tables_is_of_this_machine(tmp_path: Path, arguments: list[str], what: str) -> None:
    shown = CliRunner().invoke(cli, ["batch", *arguments, "--out", str(tmp_path / "out")])
    assert (shown.exit_code, "hush" in shown.stderr) == (2, False)
    assert f"{what} has to be on this machine; only tables of variations and their results" in shown.stderr


def test_a_scenario_file_names_no_address(run: Run, bucket: Bucket, tmp_path: Path) -> None:
    """What looks like an address in a table of this machine is a value, and a path with `://` in it is a path."""
    (tmp_path / "s3:" / "bucket").mkdir(parents=True)
    (tmp_path / "s3:" / "bucket" / "a.parquet").write_bytes(a_table(10))
    bucket.put("a.parquet", a_table(20))
    assert run("./s3://bucket/a.parquet").stdout.startswith("10 rows")
    assert run("s3://bucket/a.parquet", out="far").stdout.startswith("20 rows")


def test_a_sweep_takes_a_table_from_a_store(bucket: Bucket, tmp_path: Path) -> None:
    def sweep(table: str, out: str) -> Result:
        return CliRunner().invoke(cli, ["sweep", BASE, "--table", table, "--out", out], prog_name="policyengine")

    address = bucket.put("in.parquet", a_table(100))
    (tmp_path / "in.parquet").write_bytes(a_table(100))
    near, far = (str(tmp_path / name) for name in ("near.csv", "far.csv"))
    assert (sweep(str(tmp_path / "in.parquet"), near).exit_code, sweep(address, far).exit_code) == (0, 0)
    assert Path(near).read_bytes() == Path(far).read_bytes()
    shown = sweep("s3://bucket/none.parquet", far)
    assert (shown.exit_code, "s3://bucket/none.parquet: E307 there is nothing here" in shown.stderr) == (1, True)
    shown = sweep(address, "s3://bucket/out.csv")
    assert (shown.exit_code, "this is an address; give a file of this machine" in shown.stderr) == (2, True)
