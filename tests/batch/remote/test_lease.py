"""One run at a time at an address: who holds it and lives keeps others out, who is gone keeps out nobody."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from batch.remote.conftest import Bucket
from batch.remote.other_stores import SERVERS

from policyengine.batch.folder import FolderInUseError
from policyengine.batch.places import FolderLostError
from policyengine.batch.remote.holder import Holder
from policyengine.batch.remote.lease import Lease
from policyengine.source.addresses import Address
from policyengine.source.stores import below, create, read, write

BEAT = 0.1
PATIENCE = 1.5
Take = Callable[[], Lease]


@pytest.fixture(params=["s3", *SERVERS, "a file system"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """A folder of an object store, and one of a file system that fsspec reaches."""
    if request.param == "a file system":
        return Address(f"file://{tmp_path}/out")
    if request.param in SERVERS:
        bucket: Bucket = request.getfixturevalue("empty_bucket")(request.param)
    else:
        bucket = request.getfixturevalue("bucket")
    return Address(f"{bucket.address}/out")


def lease(folder: Address, said: list[str] | None = None) -> Lease:
    return Lease(folder, ([] if said is None else said).append, BEAT, PATIENCE)


def locks(folder: Address) -> list[str]:
    return sorted(below(folder / ".lock"))


def lock(folder: Address, number: int = 1) -> Address:
    return folder / ".lock" / f"{number:05}.json"


def elsewhere() -> Holder:
    """A holder on another machine."""
    return replace(Holder.this(), who="ann@elsewhere", machine="another", token="t")


def a_process_that_is_gone() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


def test_the_second_one_is_refused_and_the_third_comes_after_the_first(folder: Address) -> None:
    with lease(folder) as first:
        with pytest.raises(FolderInUseError, match=r"process [0-9]+, since 20.*, says .*/out/.lock/00001.json"):
            lease(folder).__enter__()
        first.check()
    assert locks(folder) == []
    with lease(folder) as third:
        third.check()


def test_a_holder_of_this_machine_that_is_gone_is_followed_at_once(folder: Address) -> None:
    write(lock(folder, 7), replace(Holder.this(), process=a_process_that_is_gone()).data())
    said: list[str] = []
    with lease(folder, said) as mine:
        assert locks(folder) == ["00008.json"]
        mine.check()
    assert (said, locks(folder)) == ([], [])


@pytest.mark.parametrize("data", [b"", b"[1]", b'{"who": 1}', b"\xff"])
def test_what_is_no_holder_is_read_as_none(data: bytes) -> None:
    assert Holder.read(data) is None


@pytest.mark.parametrize("data", [elsewhere().data(), b"[1]"])
def test_a_lock_that_nobody_renews_is_taken_over_after_a_while(folder: Address, data: bytes) -> None:
    write(lock(folder), data)
    said: list[str] = []
    with lease(folder, said) as mine:
        mine.check()
        assert locks(folder) == ["00002.json"]
    who = "ann@elsewhere, process" if b"ann" in data else "somebody"
    (told,) = said
    assert f"waiting whether anybody renews {lock(folder)}, held by {who}" in told


@pytest.fixture
def renewed(folder: Address) -> Iterator[None]:
    """Somebody on another machine renews the first lock."""
    over = threading.Event()
    write(lock(folder), elsewhere().data())

    def renew() -> None:
        holder = elsewhere()
        while not over.wait(BEAT):
            holder = holder.later()
            write(lock(folder), holder.data())

    thread = threading.Thread(target=renew)
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.usefixtures("renewed")
def test_a_holder_of_another_machine_that_lives_is_seen_to_live(folder: Address) -> None:
    with pytest.raises(FolderInUseError, match="ann@elsewhere"):
        lease(folder).__enter__()
    assert locks(folder) == ["00001.json"]


def test_who_only_slept_sees_that_another_one_has_taken_over(folder: Address) -> None:
    with ExitStack() as both:
        sleeper = both.enter_context(lease(folder))
        write(lock(folder, 2), elsewhere().data())
        sleeper._renewed -= 10 * BEAT  # it slept
        with pytest.raises(FolderLostError, match=r"another run has taken .*/out/.lock over"):
            sleeper.check()
    assert "00002.json" in locks(folder)


def test_who_cannot_renew_its_lock_has_lost_it(bucket: Bucket, nobody: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import s3fs

    with lease(Address("s3://bucket/out")) as mine:
        monkeypatch.setenv("AWS_ENDPOINT_URL", nobody)
        s3fs.S3FileSystem.clear_instance_cache()
        mine._thread.join(60)
        with pytest.raises(FolderLostError, match="could not be renewed: there is no answer"):
            mine.check()
    assert bucket.keys("out/.lock") == ["00001.json"]


def test_of_several_that_come_at_once_one_gets_it(folder: Address) -> None:
    """Also where they find a holder that is gone."""
    for gone in (False, True):
        if gone:
            write(lock(folder), replace(Holder.this(), process=a_process_that_is_gone()).data())
        got: list[Lease] = []
        refused: list[FolderInUseError] = []
        begin = threading.Barrier(5)

        def come(begin: threading.Barrier, got: list[Lease], refused: list[FolderInUseError]) -> None:
            begin.wait()
            try:
                got.append(lease(folder).__enter__())
            except FolderInUseError as error:
                refused.append(error)

        threads = [threading.Thread(target=come, args=(begin, got, refused)) for _ in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(got), len(refused)) == (1, 4)
        got[0].check()
        got[0].__exit__()
        assert locks(folder) == []


def test_an_object_is_created_once(folder: Address) -> None:
    assert [create(folder / "one", data) for data in (b"a", b"b")] == [True, False]
    assert read(folder / "one") == b"a"
