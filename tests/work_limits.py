"""How much work a test may take, on any machine: counted in calls, not read from a clock."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest


@contextmanager
def at_most(calls: int) -> Iterator[None]:
    """Fail as soon as more functions than this are called, of Python or of C."""
    count = 0

    def watch(_: Any, event: str, __: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}
        if count > calls:
            sys.setprofile(None)
            pytest.fail(f"more than {calls:,} calls")

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)
