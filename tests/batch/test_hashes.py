"""Hashes of files, begun before they are wanted or not: they are those of the standard tools."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from policyengine.batch.hashes import BegunHashes, hash_of


@pytest.mark.parametrize("size", [0, 1, 1 << 18, (1 << 18) + 1, (1 << 24) + 3])
def test_a_hash_is_that_of_all_bytes(tmp_path: Path, size: int) -> None:
    data = bytes(range(251)) * (size // 251 + 1)
    file, other = tmp_path / "file", tmp_path / "other"
    file.write_bytes(data[:size])
    other.write_bytes(data[:size] + b"!")
    begun = BegunHashes([str(file)])
    assert begun(file) == begun(file) == hash_of(file) == hashlib.sha256(data[:size]).hexdigest()
    assert begun(other) == hash_of(other) != begun(file)


def test_what_is_no_file_has_no_hash(tmp_path: Path) -> None:
    begun = BegunHashes([str(tmp_path), "-", "*.parquet", str(tmp_path / "missing")])
    assert (begun(tmp_path), begun(tmp_path / "missing"), hash_of(tmp_path / "missing")) == ("", "", "")
