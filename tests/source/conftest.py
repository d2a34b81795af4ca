"""Texts become files and are read: what comes out, or what is found wrong."""

from collections.abc import Callable

import pytest

from policyengine.errors import InputError, Problem
from policyengine.source import Document, read_document

Read = Callable[..., Document]
Refused = Callable[..., tuple[Problem, ...]]


@pytest.fixture(scope="session")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Read a text, or bytes, as the content of a file."""
    folder = tmp_path_factory.mktemp("read")

    def read_content(content: str | bytes, name: str = "file.yaml") -> Document:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_document(path)

    return read_content


@pytest.fixture(scope="session")
def refused(read: Read) -> Refused:
    """Read a text that cannot be read, and give its problems."""

    def problems(content: str | bytes, name: str = "file.yaml") -> tuple[Problem, ...]:
        with pytest.raises(InputError) as caught:
            read(content, name)
        return caught.value.problems

    return problems
