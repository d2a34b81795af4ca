"""Texts that an editor holds and has not saved: while it asks, they stand in the place of what is on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policyengine.source.document import Document


class OpenTexts:
    """The texts of open files by path, and what was read of any file, so that an unchanged one is read once."""

    def __init__(self) -> None:
        """Start with nothing open."""
        self._octets: dict[Path, bytes] = {}
        self._read: dict[str, Document] = {}

    def put(self, path: Path, text: str) -> None:
        """Hold the text of an open file."""
        # Half of a surrogate pair, which a client can send, is refused by the reader, with its place.
        self._octets[path.resolve()] = text.encode("utf-8", "surrogatepass")

    def drop(self, path: Path) -> None:
        """Forget the text of a file that was closed."""
        self._octets.pop(path.resolve(), None)

    def octets(self, path: Path) -> bytes | None:
        """What an open file holds; None where the disk says it."""
        return self._octets.get(path.resolve())

    def document(self, name: str, sha256: str) -> Document | None:
        """What was read of a file before, if it has not changed since."""
        found = self._read.get(name)
        return found if found is not None and found.sha256 == sha256 else None

    def keep(self, document: Document) -> None:
        """Hold on to what was read."""
        self._read[document.name] = document


_OPEN: ContextVar[OpenTexts | None] = ContextVar("open_texts", default=None)


def open_texts() -> OpenTexts | None:
    """The open texts that reading now prefers to the disk."""
    return _OPEN.get()


@contextmanager
def preferring(texts: OpenTexts) -> Iterator[None]:
    """Let all reading inside see open texts in the place of what is on the disk."""
    token = _OPEN.set(texts)
    try:
        yield
    finally:
        _OPEN.reset(token)
