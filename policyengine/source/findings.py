"""Problems of one file, gathered while it is read."""

from functools import lru_cache
from typing import NoReturn

from policyengine.errors import InputError, Problem, Problems, Span
from policyengine.source.limits import MAX_PROBLEMS
from policyengine.source.lines import Lines


class Findings:
    """Adds to each problem the line it stands on, and ends the reading when there are too many."""

    def __init__(self, file: str, lines: Lines) -> None:
        """Start without problems for the file shown as `file`."""
        self.file = file
        self.lines = lines
        self._problems = Problems()
        # A file without line breaks is one long line: its problems share one copy of it.
        self._line = lru_cache(maxsize=1)(lines.line)

    def add(self, code: str, message: str, hint: str, span: Span) -> None:
        """Note a problem and go on, unless it is one too many."""
        self._problems.add(code, message, hint, span, self._line(span.line))
        if len(self._problems) >= MAX_PROBLEMS:
            more = f"There are more problems than the {MAX_PROBLEMS} shown"
            self._problems.add("S039", more, "Correct these and run again.", span, self._line(span.line))
            raise InputError(self._problems.items)

    def stop(self, code: str, message: str, hint: str, span: Span) -> NoReturn:
        """Note a problem after which nothing can be read, and raise `InputError`."""
        self.add(code, message, hint, span)
        raise InputError(self._problems.items)

    def between(self, start: int, end: int) -> Span:
        """Give the span of the characters from index `start` up to `end`."""
        return self.lines.span(self.file, start, end)

    @property
    def items(self) -> tuple[Problem, ...]:
        """Everything found so far."""
        return self._problems.items
