"""From text to Python's syntax tree, which is only ever looked at, never run.

The text comes from strangers: its length is bounded before the parser sees it, and whatever the
parser can raise becomes a mistake with a place.
"""

from __future__ import annotations

import ast
import warnings

from policyengine.lang.mistakes import Mistake
from policyengine.lang.scan import scan
from policyengine.lang.syntax import explain

MOST_CHARACTERS = 4_000
MOST_DEPTH = 40
MOST_NODES = 2_000

_SPLIT = "split it into several rules, with a mark that one sets and others test"


def parse(text: str) -> tuple[ast.expr | None, list[Mistake]]:
    """Parse one expression; positions in the tree are characters of `text` on one line.

    Returns the tree, or None with the mistakes that prevented it.
    """
    if len(text) > MOST_CHARACTERS:
        much = f"this expression has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read"
        return None, [Mistake(0, 1, "L101", much, _SPLIT)]
    line, found_at_once = scan(text)
    mistakes = list(found_at_once)
    if not line.strip():
        nothing = "there is no expression here"
        return None, [Mistake(0, 1, "L102", nothing, "write a condition such as: threat.severity >= 0.5")]
    if any(mistake.code != "L104" for mistake in mistakes):
        return None, mistakes
    found = _python(line)
    wrong = found if isinstance(found, Mistake) else _too_large(found)
    if wrong:
        return None, [*mistakes, wrong]
    return (found if isinstance(found, ast.expr) else None), mistakes


def _python(line: str) -> ast.expr | Mistake:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(line.lstrip(), mode="eval").body
    except SyntaxError as error:
        return _unreadable(error, line)
    except (MemoryError, RecursionError):
        return _too_deep()
    except ValueError:
        return Mistake(0, len(line), "L102", "this cannot be read", "write it again, with plain letters and signs")


class Places:
    """Turns the byte columns of Python's parser into characters of the text."""

    def __init__(self, text: str) -> None:
        line = scan(text).line
        self._lead = len(line) - len(line.lstrip())
        self._body = line.lstrip()
        self._bytes = None if self._body.isascii() else self._body.encode()

    def _character(self, column: int) -> int:
        if self._bytes is None:
            return self._lead + column
        return self._lead + len(self._bytes[:column].decode(errors="ignore"))

    def of(self, node: ast.AST) -> tuple[int, int]:
        """First character and the one after the last of a node."""
        start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", None)
        return self._character(start), self._character(end if end is not None else start + 1)

    def of_field(self, node: ast.Attribute) -> tuple[int, int]:
        """First character and the one after the last of the name behind the dot."""
        (_, before), (_, end) = self.of(node.value), self.of(node)
        behind_dot = self._body.index(".", before - self._lead) + 1
        blanks = len(self._body[behind_dot:]) - len(self._body[behind_dot:].lstrip())
        return self._lead + behind_dot + blanks, end

    def text(self, node: ast.AST) -> str:
        """How a node is written."""
        start, end = self.of(node)
        return self._body[start - self._lead : end - self._lead]


def _unreadable(error: SyntaxError, line: str) -> Mistake:
    message = error.msg or ""
    if "nested" in message:
        return _too_deep()
    if "unicode" in message:
        start = line.index("\\")
        return Mistake(start, start + 1, "L102", "the backslash in this text stands for nothing", "leave it out")
    lead = len(line) - len(line.lstrip())
    if "must be parenthesized" in message:
        start = lead + (error.offset or 1) - 1
        end = max(start + 1, lead + (error.end_offset or 0) - 1)
        return Mistake(start, end, "L207", "nothing can stand beside a part with 'for'", "write: max(a for x in xs)")
    # The parser gives 0 for the end of the text.
    return explain(line, lead + error.offset - 1 if error.offset else len(line))


def _too_deep() -> Mistake:
    much = f"this expression is nested too deeply; at most {MOST_DEPTH} levels are read"
    return Mistake(0, 1, "L103", much, _SPLIT)


def _too_large(tree: ast.expr) -> Mistake | None:
    level: list[ast.AST] = [tree]
    total = 0
    for _ in range(MOST_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        total += len(level)
        if total > MOST_NODES:
            return Mistake(0, 1, "L101", f"this expression has more than {MOST_NODES:,} parts", _SPLIT)
        if not level:
            return None
    return _too_deep()
