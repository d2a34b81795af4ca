"""A real object store and a real web server on this machine."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Self

import pyarrow as pa
import pytest
from batch.cluster.conftest import start
from batch.conftest import tree
from batch.remote.other_stores import SERVERS, SETTINGS
from pyarrow import parquet

from policyengine.batch import processes

__all__ = ["start"]

BASE = "trafficking-quebec-vermont"
SEVERITY = "threats.trafficking.severity"
BUCKET = "bucket"


class Bucket:
    """A bucket of an object store, beside the program that is tested."""

    def __init__(self, system: Any, scheme: str = "s3") -> None:
        self._system = system
        self.address = f"{scheme}://{BUCKET}"

    def put(self, key: str, data: bytes) -> str:
        """Put an object; gives its address."""
        self._system.pipe_file(f"{BUCKET}/{key}", data)
        return f"{self.address}/{key}"

    def get(self, key: str) -> bytes:
        data: bytes = self._system.cat_file(f"{BUCKET}/{key}")
        return data

    def remove(self, key: str) -> None:
        self._system.rm_file(f"{BUCKET}/{key}")

    def keys(self, below: str = "") -> list[str]:
        """The keys below a folder, from there."""
        self._system.invalidate_cache()
        top = f"{BUCKET}/{below}".rstrip("/")
        return sorted(key[len(top) + 1 :] for key in self._system.find(top))

    def times(self, below: str) -> dict[str, Any]:
        """When each of the objects below a folder was put, and its tag."""
        self._system.invalidate_cache()
        found = self._system.find(f"{BUCKET}/{below}", detail=True).items()
        return {key: (each["LastModified"], each["ETag"]) for key, each in found}

    def tree(self, below: str) -> dict[str, bytes]:
        """All that a batch wrote but the time it took, and what is kept beside results in a store only."""
        return {key: self.get(f"{below}/{key}") for key in self.keys(below) if key not in {"timing.json", ".tags.json"}}


@pytest.fixture(scope="session")
def store() -> Iterator[str]:
    """A server that speaks S3; gives its address on the web."""
    pytest.importorskip("s3fs")
    pytest.importorskip("moto.server")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """An empty bucket that this process, and those that it starts, find by their environment."""
    import s3fs

    for name, value in settings(store).items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    processes._end()  # what it starts has the environment that it began with
    system = s3fs.S3FileSystem()
    system.mkdir(BUCKET)
    yield Bucket(system)
    system.invalidate_cache()
    system.rm(BUCKET, recursive=True)
    processes._end()
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture(scope="session")
def other_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], str]]:
    """Servers that speak as other stores do; gives, for the scheme of addresses, where on the web one is."""
    with ExitStack() as stack:
        yield cache(lambda scheme: stack.enter_context(SERVERS[scheme](tmp_path_factory.mktemp(scheme))))


@pytest.fixture
def empty_bucket(
    other_server: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Bucket]]:
    """Makes an empty bucket of another store, which this process and those that it starts find by their environment."""
    with ExitStack() as stack:
        yield lambda scheme: stack.enter_context(_other_bucket(scheme, other_server(scheme), monkeypatch))


@contextmanager
def _other_bucket(scheme: str, server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    from fsspec import get_filesystem_class

    for name, value in SETTINGS[scheme](server).items():
        monkeypatch.setenv(name, value)
    kind = get_filesystem_class(scheme)
    kind.clear_instance_cache()
    processes._end()
    system = kind()
    system.mkdir(BUCKET)
    yield Bucket(system, scheme)
    system.invalidate_cache()
    system.rm(BUCKET, recursive=True)
    processes._end()
    kind.clear_instance_cache()


@pytest.fixture(params=list(SERVERS))
def other_bucket(request: pytest.FixtureRequest, empty_bucket: Callable[[str], Bucket]) -> Bucket:
    """An empty bucket of each other store."""
    return empty_bucket(request.param)


@pytest.fixture
def no_other_drivers(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where drivers of other stores are not installed."""
    from fsspec.registry import _registry

    for name in ("gcsfs", "adlfs"):
        monkeypatch.setitem(sys.modules, name, None)
    for scheme in ("gs", "abfs"):
        monkeypatch.delitem(_registry, scheme, raising=False)


def settings(store: str) -> dict[str, str]:
    """How drivers find a store."""
    return {
        "AWS_ENDPOINT_URL": store,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def a_table(rows: int, group: int = 250_000, low: float = 0, name: str = SEVERITY) -> bytes:
    """A Parquet file of one column, with so many rows in each group."""
    data = BytesIO()
    columns = {name: [low + (1 - low) * row / rows for row in range(rows)]}
    parquet.write_table(pa.table(columns), data, row_group_size=group)
    return data.getvalue()


def results(folder: Path) -> dict[str, bytes]:
    """The results of all parts."""
    return {name: data for name, data in tree(folder).items() if name.startswith("results/")}


class Web:
    """A web server over a folder, which knows how much it gave away."""

    def __init__(self, folder: Path) -> None:
        self.given = 0
        self.ranges = True
        self.cut = 0
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self, directory=str(folder)))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __truediv__(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/{name}"


class _Handler(SimpleHTTPRequestHandler):
    """Python's own, with ranges, which it does not have."""

    def __init__(self, web: Web, *arguments: Any, **more: Any) -> None:
        self._web = web
        super().__init__(*arguments, **more)

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        asked = self.headers.get("Range", "")
        if not (self._web.ranges and asked and path.is_file()):
            super().do_GET()
            return
        data = path.read_bytes()
        first, _, last = asked.removeprefix("bytes=").partition("-")
        part = data[int(first) : int(last) + 1]
        self.send_response(206)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Content-Range", f"bytes {first}-{int(first) + len(part) - 1}/{len(data)}")
        self.end_headers()
        self._web.given += len(part)
        self.wfile.write(part[: len(part) - self._web.cut])

    def copyfile(self, source: BinaryIO, outputfile: BinaryIO) -> None:  # type: ignore[override]
        data = source.read()
        self._web.given += len(data)
        outputfile.write(data[: len(data) - self._web.cut])


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    """A web server over the folder `web`."""
    folder = tmp_path / "web"
    folder.mkdir()
    with Web(folder) as server:
        yield server


@pytest.fixture
def nobody() -> str:
    """An address of the web at which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"
