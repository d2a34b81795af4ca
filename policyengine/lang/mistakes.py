"""A mistake in an expression, placed by character; whoever knows the file turns it into a position."""

from __future__ import annotations

from typing import NamedTuple


class Mistake(NamedTuple):
    """What is wrong in an expression, between characters `start` and `end` of its text."""

    start: int
    end: int
    code: str
    message: str
    hint: str = ""
