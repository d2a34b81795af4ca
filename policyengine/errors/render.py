"""Problems as plain text: where and what, the line with carets under it, the hint."""

from collections.abc import Iterable
from typing import Final

from policyengine.errors.printable import printable
from policyengine.errors.problem import CellSpan, Problem, Span
from policyengine.errors.width import width

_MARGIN: Final = "    "
_TAB: Final = "    "
_BEFORE: Final = 40
_WINDOW: Final = 100
_CUT: Final = "..."


def render_problem(problem: Problem) -> str:
    """One problem as text of several lines, without a line break at the end."""
    lines = [str(problem)]
    in_text = problem.span is not None and problem.span.line and not isinstance(problem.span, CellSpan)
    if in_text and problem.span is not None and problem.excerpt is not None:
        lines += [(_MARGIN + line).rstrip() for line in _excerpt(problem.excerpt, problem.span)]
    if problem.hint:
        lines.append(f"  hint: {printable(problem.hint)}")
    return "\n".join(lines)


def render_problems(problems: Iterable[Problem]) -> str:
    """All problems, one below the other."""
    return "\n".join(map(render_problem, problems))


def _excerpt(line: str, span: Span) -> tuple[str, str]:
    """Cut the line to a window around the span, and put carets below it."""
    start = min(max(span.column - 1, 0), len(line))
    end = span.end_column - 1 if span.end_line == span.line else len(line.rstrip())
    left = 0 if len(line) <= _WINDOW or start <= _BEFORE else start - _BEFORE
    right = min(len(line), left + _WINDOW)
    marked = min(max(end, start + 1), max(right, start + 1))
    before = (_CUT if left else "") + _shown(line[left:start])
    under = _shown(line[start:marked])
    after = _shown(line[marked:right]) + (_CUT if right < len(line) else "")
    return before + under + after, " " * width(before) + "^" * max(width(under), 1)


def _shown(text: str) -> str:
    return printable(text.replace("\t", _TAB))
