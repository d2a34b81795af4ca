"""What is an address, and what of it may be shown."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from policyengine.errors import InputError
from policyengine.source.addresses import Address, is_address, masked, place_of
from policyengine.source.store_errors import StoreError, store_error


@pytest.mark.parametrize("text", ["a.parquet", "C:\\a.parquet", "C://a.parquet", "./s3://a", "a:b", "s3:/b", "s3:"])
def test_what_is_no_address_is_a_path(text: str) -> None:
    assert (place_of(text), is_address(text)) == (Path(text), False)


@pytest.mark.parametrize(
    ("text", "path"),
    [("file:///a/b%20c", "/a/b%20c"), ("FILE:///a", "/a"), ("local:///a", "/a"), ("file://a/b", "a/b")],
)
def test_an_address_of_this_machine_is_a_path(text: str, path: str) -> None:
    assert (place_of(text), is_address(text)) == (Path(path), True)


@pytest.mark.parametrize("text", ["simplecache::s3://a/b?sig=hush", "zip://*.csv::https://a:hush@b/c.zip"])
def test_an_address_inside_another_one_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="E307 an address inside another one") as refused:
        place_of(text)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(
    ("full", "shown"),
    [
        ("s3://bucket/a b/c%20ü.parquet", "s3://bucket/a b/c%20ü.parquet"),
        ("s3://bucket/what?.parquet", "s3://bucket/what?.parquet"),
        ("s3://bucket/a.csv?versionId=hush", "s3://bucket/a.csv?versionId=***"),
        ("s3://bucket/a@b:c.csv", "s3://bucket/a@b:c.csv"),
        ("s3://hush:hush@bucket/a.csv", "s3://***@bucket/a.csv"),
        ("https://host/a.csv?X-Sig=hush&b=hush&hush#hush", "https://host/a.csv?X-Sig=***&b=***&***"),
        ("https://hush@host:80/a.csv", "https://***@host:80/a.csv"),
        ("https://host?hush", "https://host?***"),
        ("https://host/a#hush", "https://host/a#***"),
        ("sftp://me:hu@sh@host/a.csv", "sftp://***@host/a.csv"),
        ("abfs://container@account.dfs.core.windows.net/a", "abfs://container@account.dfs.core.windows.net/a"),
        ("abfs://me:hush@account/a", "abfs://***@account/a"),
    ],
)
def test_of_an_address_no_password_and_no_signature_is_shown(full: str, shown: str) -> None:
    address = Address(full)
    assert str(address) == shown
    assert repr(address) == f"Address({shown!r})"
    assert f"see {masked(f'see {full}')}" == f"see see {shown}" if " " not in full else True
    assert pickle.loads(pickle.dumps(address)) == address


def test_what_is_below_keeps_what_opens_it() -> None:
    assert (Address("s3://a:hush@b/out/") / "x.json").full == "s3://a:hush@b/out/x.json"


@pytest.mark.parametrize("full", ["https://h/a.b/t.parquet?x=a.csv", "s3://b/t.parquet", "https://h/t.parquet#a.csv"])
def test_the_ending_is_that_of_the_path(full: str) -> None:
    assert Address(full).suffix == ".parquet"


def test_an_error_of_a_driver_gives_no_signature_away_and_travels() -> None:
    raised = ValueError("404 for url: '/a?sig=hush' of https://u:hush@h/a?sig=hush\n and more")
    error = store_error(Address("https://u:hush@h/a?sig=hush"), raised)
    copy = pickle.loads(pickle.dumps(error))
    assert isinstance(copy, StoreError)
    for each in (error, copy):
        assert str(each) == (
            "https://***@h/a?sig=***: E307 this cannot be used: "
            "404 for url: '/a?sig=***' of https://***@h/a?sig=*** and more"
        )
