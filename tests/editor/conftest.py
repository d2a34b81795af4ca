"""An editor that talks to the language server as real ones do: over the pipes of a process of its own."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 60
"""Seconds after which a server that says nothing counts as dead."""


class Editor:
    """A client that writes requests, reads answers, and refuses every byte that is not of the protocol."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "policyengine", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
        )
        self.versions: dict[str, int] = {}
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._asked = 0
        self.log = b""
        self._readers = [threading.Thread(target=each, daemon=True) for each in (self._listen, self._drain)]
        for reader in self._readers:
            reader.start()

    def _listen(self) -> None:
        out = self.process.stdout
        assert out is not None
        while line := out.readline():
            if not line.startswith(b"Content-"):
                self._said.put({"method": "rubbish", "params": line})
                return
            headers = dict([line.decode().strip().split(": ", 1)])
            while (more := out.readline().strip()) != b"":
                headers |= dict([more.decode().split(": ", 1)])
            self._said.put(json.loads(out.read(int(headers["Content-Length"]))))
        self._said.put({"method": "the end"})

    def _drain(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.log += line

    def write(self, octets: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(octets)
        self.process.stdin.flush()

    def send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def tell(self, method: str, params: Any) -> None:
        self.send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self._asked += 1
        self.send({"id": self._asked, "method": method, "params": params})
        answer = self.next(lambda said: said.get("id") == self._asked and "method" not in said)
        assert "error" not in answer, answer
        return answer["result"]

    def next(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            said = self._said.get(timeout=PATIENCE)
            assert said.get("method") not in ("rubbish", "the end"), (said, self.log[-2000:])
            if wanted(said):
                return said

    def begin(self, **capabilities: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self.ask(
            "initialize", {"processId": None, "rootUri": None, "capabilities": capabilities}
        )
        self.tell("initialized", {})
        return answer

    def open(self, uri: str, text: str) -> None:
        self.versions[uri] = 1
        self.tell(
            "textDocument/didOpen",
            {"textDocument": {"uri": uri, "languageId": "yaml", "version": 1, "text": text}},
        )

    def change(self, uri: str, text: str) -> None:
        self.versions[uri] += 1
        self.tell(
            "textDocument/didChange",
            {"textDocument": {"uri": uri, "version": self.versions[uri]}, "contentChanges": [{"text": text}]},
        )

    def found(self, uri: str) -> list[dict[str, Any]]:
        """What the server says next of a file."""
        said = self.next(
            lambda each: each.get("method") == "textDocument/publishDiagnostics" and each["params"]["uri"] == uri
        )
        found: list[dict[str, Any]] = said["params"]["diagnostics"]
        return found

    def about(self, method: str, uri: str, text: str, mark: str, encoding: str = "utf-16-le") -> Any:
        """Ask about the place before which `mark` ends in a text."""
        at = text.index(mark) + len(mark)
        before = text[text.rfind("\n", 0, at) + 1 : at]
        unit = len(before.encode(encoding)) // (2 if encoding == "utf-16-le" else 1)
        position = {"line": text[:at].count("\n"), "character": unit}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": position})

    def close(self) -> None:
        """Leave no process, thread or pipe behind."""
        self.process.wait(PATIENCE)
        for reader in self._readers:
            reader.join(PATIENCE)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None and not stream.closed:
                with suppress(BrokenPipeError):
                    stream.close()

    def end(self) -> int:
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(PATIENCE)


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    """An editor with a server that it started, in an empty folder."""
    made = Editor(tmp_path)
    yield made
    if made.process.poll() is None:
        made.process.kill()
    made.close()
