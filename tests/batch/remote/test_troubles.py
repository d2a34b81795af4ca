"""What a store or a network may do in the midst of a batch: one line with a code, never a traceback, and a way on."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from batch.cluster.conftest import Process, Start, ended
from batch.conftest import tree
from batch.remote.conftest import BASE, Bucket, a_table, settings
from batch.remote.other_stores import azure_settings, google_settings

IMPATIENT = json.dumps({"config_kwargs": {"read_timeout": 1, "connect_timeout": 1, "retries": {"max_attempts": 0}}})


class Line:
    """A line to a server of this machine, which is cut, or falls silent, as soon as certain words go by.

    A test that looked every now and then how far the batch is could come when it was done.
    """

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self._server = (parts.hostname or "", parts.port or 0)
        self._ends: list[socket.socket] = []
        self._until = b""
        self._then_cut = False
        self._silent = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(self._server)
                self._ends += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            before = b""
            while data := one.recv(1 << 16):
                seen = before + data
                before = seen[-len(self._until) :]
                if self._until and self._until in seen:
                    self._silent = True
                    if self._then_cut:
                        self.cut()
                if not self._silent:
                    other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def fails_at(self, words: bytes, *, cut: bool) -> None:
        """Carry nothing from these words on; if it is to be cut, connections end as well."""
        self._until, self._then_cut = words, cut

    def cut(self) -> None:
        """Nobody listens any more, and whoever is connected is not."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@pytest.fixture
def line(store: str) -> Iterator[Line]:
    """A line to the store."""
    line = Line(store)
    yield line
    with suppress(OSError):
        line.cut()


@pytest.fixture
def batch(start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bucket: Bucket) -> Start:
    """Start a batch whose driver is soon out of patience."""
    monkeypatch.chdir(tmp_path)
    bucket.put("in.parquet", a_table(520_000, 130_000))

    def call(endpoint: str, *arguments: str, out: str = "s3://bucket/out") -> Process:
        given = ("batch", "s3://bucket/in.parquet", "--base", BASE, "--out", out, "--workers", "1", *arguments)
        return start("policyengine", *given, AWS_ENDPOINT_URL=endpoint, FSSPEC_S3=IMPATIENT)

    return call


@pytest.mark.parametrize("how", ["cut", pytest.param("silent", marks=pytest.mark.long)])
def test_a_store_that_is_gone_in_the_midst_ends_the_run_and_resume_goes_on(
    batch: Start, bucket: Bucket, line: Line, store: str, how: str
) -> None:
    line.fails_at(b"PUT /bucket/out/results/part-00003", cut=how == "cut")
    code, said = ended(batch(line.address))
    assert (code, "Traceback" in said) == (1, False)
    assert "E308 there is no answer: " in said or ".lock/00001.json could not be renewed: there is no answer" in said
    assert "of 4 parts are done and whole, and --resume carries on from there" in said
    code, said = ended(batch(store, "--resume"))
    assert (code, "kept from before. Open s3://bucket/out/index.html" in said) == (0, True)
    assert ended(batch(store, out="whole"))[0] == 0
    assert bucket.tree("out") == tree(Path("whole"))


class _Refusing(BaseHTTPRequestHandler):
    """A store that allows nothing; it answers in the words of S3."""

    def _refuse(self) -> None:
        body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _refuse  # noqa: N815 - as the class wants it

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def refusing() -> Iterator[str]:
    """The address of a store that allows nothing."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


REFUSED: dict[str, Callable[[str], dict[str, str]]] = {
    "s3": lambda server: {**settings(server), "AWS_SECRET_ACCESS_KEY": "hush"},
    "abfs": lambda server: azure_settings(server, "aHVzaA=="),
    "gs": google_settings,
}
DRIVERS = {"s3": "s3fs", "abfs": "adlfs", "gs": "gcsfs"}


@pytest.mark.parametrize("scheme", list(REFUSED))
@pytest.mark.parametrize("near", [False, True])
def test_what_is_not_allowed_is_told(start: Start, tmp_path: Path, refusing: str, scheme: str, near: bool) -> None:
    pytest.importorskip(DRIVERS[scheme])
    (tmp_path / "near.parquet").write_bytes(a_table(10))
    table = "near.parquet" if near else f"{scheme}://bucket/in.parquet"
    given = ("policyengine", "batch", table, "--base", BASE, "--out", f"{scheme}://bucket/out")
    code, said = ended(start(*given, **REFUSED[scheme](refusing)))
    assert (code, "Traceback" in said, "hush" in said, "aHVz" in said) == (1, False, False, False)
    assert said.count("E307 this is not allowed: ") == 1
    assert "give this machine credentials that may do it" in said
    assert len(said.splitlines()) == 2


def test_no_credentials_for_azure_are_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("adlfs")
    for name in [name for name in os.environ if name.startswith("AZURE_")]:
        monkeypatch.delenv(name)
    given = ("policyengine", "batch", "abfs://container/in.parquet", "--base", BASE, "--out", "out")
    code, said = ended(start(*given))
    assert (code, "E307 this is not allowed: Must provide" in said, len(said.splitlines())) == (1, True, 2)


@pytest.mark.long
@pytest.mark.parametrize("scheme", ["abfs", "gs"])
def test_that_nobody_answers_is_told_when_drivers_of_other_stores_have_tried(
    start: Start, nobody: str, scheme: str
) -> None:
    pytest.importorskip(DRIVERS[scheme])
    given = ("policyengine", "batch", f"{scheme}://bucket/in.parquet", "--base", BASE, "--out", "out")
    running = start(*given, **REFUSED[scheme](nobody))
    out, error = running.communicate(timeout=300)
    said = (out + error).decode()
    assert (running.returncode, said.count("E308 there is no answer: "), len(said.splitlines())) == (1, 1, 2), said
