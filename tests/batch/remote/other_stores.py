"""Servers that speak as the stores of Azure and Google do, on this machine, and how drivers find them.

Azurite is no package of Python: its tests run where `azurite-blob` is found, and are passed over elsewhere. The server
for Google's store is one of Python, but it puts an object whatever the condition; here it heeds `ifGenerationMatch`.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import pytest
from batch.cluster.conftest import listens, until

KEY: Final = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
"""The key of the one account that Azurite has; it is public."""


def azure_settings(server: str, key: str = KEY) -> dict[str, str]:
    """What a driver of Azure needs in the environment to find a server."""
    parts = {
        "DefaultEndpointsProtocol": "http",
        "AccountName": "devstoreaccount1",
        "AccountKey": key,
        "BlobEndpoint": f"{server}/devstoreaccount1",
    }
    return {"AZURE_STORAGE_CONNECTION_STRING": "".join(f"{name}={value};" for name, value in parts.items())}


def google_settings(server: str) -> dict[str, str]:
    """What a driver of Google needs; it is not to look for a machine of Google around this one."""
    return {"STORAGE_EMULATOR_HOST": server, "NO_GCE_CHECK": "true"}


@contextmanager
def azure_server(folder: Path) -> Iterator[str]:
    """Azurite; gives its address on the web."""
    pytest.importorskip("adlfs")
    program = shutil.which("azurite-blob")
    if program is None:
        pytest.skip("azurite-blob is not installed")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    given = ["--blobHost", "127.0.0.1", "--blobPort", str(port), "--location", str(folder), "--silent"]
    quiet = ["--disableTelemetry", "--skipApiVersionCheck"]  # drivers may be newer than it
    with subprocess.Popen([program, *given, *quiet], stdout=subprocess.DEVNULL) as process:
        try:
            until(lambda: listens(f"127.0.0.1:{port}"), process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@contextmanager
def google_server(_: Path) -> Iterator[str]:
    """A server that speaks as Google's store does; gives its address on the web."""
    pytest.importorskip("gcsfs")
    emulator = pytest.importorskip("gcp_storage_emulator.server")
    from gcp_storage_emulator.handlers import objects

    server = emulator.create_server("127.0.0.1", 0, in_memory=True)
    with patch.object(objects, "_multipart_upload", _conditional(objects._multipart_upload)):
        server.start()
        server._api._httpd.handle_error = lambda *_: None  # it would tell stderr of whoever hangs up
        yield f"http://127.0.0.1:{server._api._httpd.server_port}"
        server.stop()


def _conditional(upload: Callable[..., None]) -> Callable[..., None]:
    """Put an object, but not where there is one and none may be there."""

    def call(request: Any, response: Any, storage: Any) -> None:
        name = request.query.get("name", [request.data["meta"].get("name")])[0]
        there = name in storage.objects.get(request.params["bucket_name"], {})
        if there and request.query.get("ifGenerationMatch") == ["0"]:
            response.status = HTTPStatus.PRECONDITION_FAILED
        else:
            upload(request, response, storage)

    return call


SERVERS: Final = {"abfs": azure_server, "gs": google_server}
SETTINGS: Final = {"abfs": azure_settings, "gs": google_settings}
