"""What comes out of running a test."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from policyengine.errors import Span


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that came out otherwise: what was expected, what was found, and the reasons, line by line."""

    what: str
    expected: str
    found: str
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One example or test that was run: where it stands, on which engines it ran, and what was not as expected."""

    kind: Literal["example", "test"]
    group: str
    name: str
    span: Span
    engines: tuple[str, ...]
    misses: tuple[Miss, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether everything was as expected."""
        return not self.misses

    @property
    def id(self) -> str:
        """The name by which it is chosen: the rule or the file, then its own name."""
        return f"{self.group}::{self.name}"
