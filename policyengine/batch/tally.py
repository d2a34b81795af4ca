"""How far a batch is: what is kept, good and bad, and the first problems."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from policyengine.errors import Problem

MOST_TOLD: Final = 10
"""Of so many bad files the first problem is told at the end; all stand in errors.json."""


@dataclass(slots=True)
class Tally:
    """How far a batch is; `tabled` counts the files whose rows are in the tables."""

    total: int = 0
    kept: int = 0
    good: int = 0
    bad: int = 0
    tabled: int = 0
    problems: list[tuple[str, Problem, int]] = field(default_factory=list)
    """The first bad files, each with its first problem and the number of its other ones."""

    @property
    def done(self) -> int:
        """How many files are done, whether well or not."""
        return self.kept + self.good + self.bad

    def count(self, source: str, problems: Sequence[Problem]) -> None:
        """Take in what became of one file, or of a part of it."""
        if not problems:
            self.good += 1
            return
        self.bad += 1
        if len(self.problems) < MOST_TOLD:
            self.problems.append((source, problems[0], len(problems) - 1))
