"""Stores of Azure and Google, by servers that speak as they do: what holds for S3 holds there as well."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from batch.conftest import tree
from batch.remote.conftest import BASE, Bucket, a_table, results
from click.testing import CliRunner, Result

from policyengine.batch.table_inputs import tables_of
from policyengine.cli.main import cli
from policyengine.source.addresses import Address, place_of
from policyengine.source.stores import create, read, read_all, version_of

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a batch over tables in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str, out: str = "out") -> Result:
        given = ["batch", *arguments, "--base", BASE, "--out", out, "--workers", "1"]
        shown = CliRunner().invoke(cli, given, prog_name="policyengine")
        assert "Traceback" not in shown.output
        return shown

    return call


def test_tables_give_what_they_give_here_and_results_are_the_same_bytes(run: Run, other_bucket: Bucket) -> None:
    for name in "ab":
        data = a_table(3_000, 1_000, 0.1 * "ab".index(name))
        Path(f"{name}.parquet").write_bytes(data)
        other_bucket.put(f"in/{name}.parquet", data)
    assert run("a.parquet", "b.parquet", out="here").exit_code == 0
    assert run(f"{other_bucket.address}/in/", out="from-there").exit_code == 0
    assert results(Path("from-there")) == results(Path("here")) != {}
    shown = run("a.parquet", "b.parquet", out=f"{other_bucket.address}/out")
    assert (shown.exit_code, shown.stdout) == (
        0,
        f"6,000 rows evaluated. Open {other_bucket.address}/out/index.html\n",
    )
    assert other_bucket.tree("out") == tree(Path("here"))
    assert set(other_bucket.keys("out")) == {*tree(Path("here")), "timing.json", ".tags.json"}


def test_a_resumed_run_makes_what_is_missing_or_changed(run: Run, other_bucket: Bucket) -> None:
    tables = [other_bucket.put(f"{name}.parquet", a_table(30, 10)) for name in "abcd"]
    out = f"{other_bucket.address}/out"
    assert run(*tables, out=out).exit_code == 0
    expected = {name: data for name, data in other_bucket.tree("out").items() if name.startswith("results/")}
    other_bucket.remove("out/results/part-00000.parquet")
    other_bucket.put("out/results/part-00001.parquet", b"x" * len(expected["results/part-00001.parquet"]))
    other_bucket.put("c.parquet", a_table(30, 10, low=0.5))
    shown = run(*tables, "--resume", out=out)
    assert shown.stdout == f"120 rows evaluated, 1 part kept from before. Open {out}/index.html\n"
    other_bucket.put("c.parquet", a_table(30, 10))
    assert run(*tables, "--resume", out=out).exit_code == 0
    found = other_bucket.tree("out")
    assert {name: found[name] for name in expected} == expected  # what tells of tags may differ


def test_folders_patterns_and_odd_names_mean_what_they_mean_in_s3(other_bucket: Bucket) -> None:
    names = ("in/a b.parquet", "in/deep/c.csv", "in/ü%20.parquet", "in/x'*.parquet", "in/[y]?.parquet")
    addresses = sorted(other_bucket.put(name, name.encode()) for name in names)
    top = other_bucket.address

    def meant(*arguments: str) -> list[str]:
        return sorted(str(each) for each in tables_of(arguments, lambda _: (), place_of("out")))

    assert meant(f"{top}/in") == meant(f"{top}/in/") == meant(f"{top}/") == meant(top) == addresses
    assert meant(f"{top}/in/*/*.csv") == [f"{top}/in/deep/c.csv"]
    for address in addresses:
        assert meant(address) == [address]
        assert read(Address(address)) == address.removeprefix(f"{top}/").encode()
        assert version_of(Address(address)).startswith("etag:")
    there = [Address(each) for each in addresses]
    assert list(read_all([there[0], Address(f"{top}/none"), *there[1:]])) == [read(each) for each in there]


def test_an_address_of_azure_may_name_the_account(run: Run, empty_bucket: Callable[[str], Bucket]) -> None:
    bucket = empty_bucket("abfs")
    for name in "ab":
        bucket.put(f"in/{name}.parquet", a_table(30, 10))
    top = "abfs://bucket@devstoreaccount1.dfs.core.windows.net"
    shown = run(f"{top}/in/", f"{top}/in/b.*", out=f"{top}/out")
    assert (shown.exit_code, shown.stdout) == (0, f"60 rows evaluated. Open {top}/out/index.html\n")
    assert list(json.loads(bucket.get("out/manifest.json"))["inputs"]) == [f"{top}/in/{name}.parquet" for name in "ab"]


def test_an_object_is_created_once_in_another_store(other_bucket: Bucket) -> None:
    address = Address(f"{other_bucket.address}/one")
    assert [create(address, data) for data in (b"a", b"b")] == [True, False]
    assert read(address) == b"a"


@pytest.mark.parametrize("key", ["none.parquet", "none/*.parquet", "none/"])
def test_what_is_not_there_in_another_store_is_told_in_one_line(run: Run, other_bucket: Bucket, key: str) -> None:
    scheme = other_bucket.address.partition("://")[0]
    for top in (other_bucket.address, f"{scheme}://no-such-bucket"):
        shown = run(f"{top}/{key}")
        assert (shown.exit_code, f"{top}/{key}: E307 there is nothing here: " in shown.stderr) == (1, True)
        assert "see whether the address is right" in shown.stderr
        assert shown.stderr.count("E307") == 1


def test_results_cannot_go_to_a_bucket_that_is_not_there(run: Run, other_bucket: Bucket) -> None:
    Path("a.parquet").write_bytes(a_table(10))
    scheme = other_bucket.address.partition("://")[0]
    shown = run("a.parquet", out=f"{scheme}://no-such-bucket/out")
    assert (shown.exit_code, "E307 there is nothing here: " in shown.stderr) == (1, True), shown.stderr
    assert len(shown.stderr.splitlines()) == 2
