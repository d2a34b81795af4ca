"""What is wrong in an input file, as data: where, what, and what to do."""

from collections.abc import Iterable
from typing import NamedTuple, Self

from policyengine.errors.codes import CODES, Severity
from policyengine.errors.printable import printable


class Span(NamedTuple):
    """A stretch of a file. Lines and columns count characters from 1; the end column is the one after the last.

    Line 0 stands for the file as a whole, for a file that is missing, say.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    @classmethod
    def whole(cls, file: str) -> Self:
        """Stand for the file itself rather than a place in it."""
        return cls(file, 0, 0, 0, 0)

    def __str__(self) -> str:
        """`file:line:column`, or `file` alone for the file as a whole."""
        name = printable(self.file)
        return f"{name}:{self.line}:{self.column}" if self.line else name


class CellSpan(Span):
    """A cell of a workbook: its lines are rows. `cell` is what its reader knows it by, such as `Sheet1!C7`."""

    cell: str

    def __new__(cls, file: str, line: int, column: int, end_line: int, end_column: int, cell: str = "") -> Self:
        """Hold the name of the cell besides its row and column."""
        made = super().__new__(cls, file, line, column, end_line, end_column)
        made.cell = cell
        return made

    def __str__(self) -> str:
        """`file:Sheet1!C7`."""
        return f"{printable(self.file)}:{printable(self.cell)}"


class Problem(NamedTuple):
    """One thing that is wrong. `code` is in the table of codes; `excerpt` is the line the span starts on."""

    code: str
    message: str
    hint: str = ""
    span: Span | None = None
    excerpt: str | None = None

    @property
    def severity(self) -> Severity:
        """How much it weighs, as the table of codes says; what is not there counts as an error."""
        return CODES[self.code].severity if self.code in CODES else "error"

    def __str__(self) -> str:
        """Give the problem on one line, without excerpt and hint; only an error goes without saying."""
        where = f"{self.span}: " if self.span else ""
        weight = "" if self.severity == "error" else f" {self.severity}:"
        return f"{where}{self.code}{weight} {printable(self.message)}"


class InputError(Exception):
    """The input cannot be used. `problems` holds everything found, in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems sorted by file, line, column and code."""
        self.problems = tuple(sorted(problems, key=_order))
        super().__init__(self.problems)

    def __str__(self) -> str:
        """One line for each problem."""
        return "\n".join(map(str, self.problems))


class Problems:
    """Gathers problems, so that one run reports all of them."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: list[Problem] = []

    def __len__(self) -> int:
        """How many problems were added."""
        return len(self._found)

    @property
    def items(self) -> tuple[Problem, ...]:
        """The problems sorted by file, line, column and code."""
        return tuple(sorted(self._found, key=_order))

    def add(
        self, code: str, message: str, hint: str = "", span: Span | None = None, excerpt: str | None = None
    ) -> None:
        """Note one problem. Text of the input may stand in `message` as it is: showing it makes it safe."""
        self._found.append(Problem(code, message, hint, span, excerpt))

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over problems found elsewhere, those of an `InputError` for example."""
        self._found.extend(problems)

    def raise_if_any(self) -> None:
        """Raise `InputError` with all problems, if there are any."""
        if self._found:
            raise InputError(self._found)


def _order(problem: Problem) -> tuple[str, int, int, str]:
    if problem.span is None:
        return ("", 0, 0, problem.code)
    return (problem.span.file, problem.span.line, problem.span.column, problem.code)
