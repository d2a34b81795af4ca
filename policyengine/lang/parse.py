"""From text to Python's syntax tree, which is only ever looked at, never run.

The text comes from strangers: its length is bounded before the parser sees it, and whatever the
parser can raise becomes a mistake with a place.
"""

from __future__ import annotations

import ast
import warnings

from policyengine.lang.mistakes import Mistake

MOST_CHARACTERS = 4_000
MOST_DEPTH = 40
MOST_NODES = 2_000


def parse(text: str) -> tuple[ast.expr | None, list[Mistake]]:
    """Parse one expression; positions in the tree are characters of `text` on one line.

    Returns the tree, or None with the mistakes that prevented it.
    """
    if len(text) > MOST_CHARACTERS:
        return None, [Mistake(0, 1, "L101", f"this expression has {len(text):,} characters; at most {MOST_CHARACTERS:,} are read",
                              "split it into several rules, with a mark that one sets and others test")]
    if not text.strip():
        return None, [Mistake(0, 1, "L102", "there is no expression here", "write a condition such as: threat.severity >= 0.5")]
    line = on_one_line(text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(line.lstrip(), mode="eval").body
    except SyntaxError as error:
        return None, [_syntax_mistake(error, line)]
    except (MemoryError, RecursionError):
        return None, [_too_deep(text)]
    except ValueError as error:
        return None, [Mistake(0, len(text), "L102", f"this cannot be read: {error}", "remove characters that do not print")]
    if _depth_exceeds(tree):
        return None, [_too_deep(text)]
    return tree, []


def on_one_line(text: str) -> str:
    """The text with line ends and comments blanked, so that every character keeps its place."""
    out, quote = [], ""
    in_comment = False
    for character in text:
        if in_comment and character != "\n":
            out.append(" ")
            continue
        in_comment = False
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
        elif character == "#":
            in_comment = True
        out.append(" " if in_comment or character in "\r\n\t\f\v" else character)
    return "".join(out)


class Places:
    """Turns the byte columns of Python's parser into characters of the text."""

    def __init__(self, text: str) -> None:
        line = on_one_line(text)
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


def _syntax_mistake(error: SyntaxError, line: str) -> Mistake:
    lead = len(line) - len(line.lstrip())
    start = lead + max((error.offset or 1) - 1, 0)
    start = min(start, max(len(line.rstrip()) - 1, 0))
    end = start + 1
    if error.end_offset and error.end_offset > (error.offset or 1):
        end = min(lead + error.end_offset - 1, len(line))
    if "too many nested" in (error.msg or ""):
        return _too_deep(line)
    return Mistake(start, max(end, start + 1), "L102", f"this is not an expression: {_plain(error.msg or '')}", _hint(line[start:end], line))


def _plain(message: str) -> str:
    if "f-string" in message:
        return "text with fields (f-strings) is not part of the language"
    return message.split(". Maybe")[0].split(". Perhaps")[0]


def _hint(found: str, line: str) -> str:
    for wrong, right in (("&&", "and"), ("||", "or"), ("<>", "!="), ("=>", ">="), ("=<", "<="), ("!", "not")):
        if wrong in line and not (wrong == "!" and "!=" in line):
            return f"write '{right}' for '{wrong}'"
    if found.strip().startswith("=") or (" = " in line):
        return "compare with '==', not '='"
    return "check for a missing quote, bracket or operator just before this place"


def _too_deep(text: str) -> Mistake:
    return Mistake(0, min(len(text), 40), "L103", f"this expression is nested too deeply; at most {MOST_DEPTH} levels are read",
                   "split it into several rules, with a mark that one sets and others test")


def _depth_exceeds(tree: ast.expr) -> bool:
    level: list[ast.AST] = [tree]
    total = 0
    for _ in range(MOST_DEPTH):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        total += len(level)
        if not level:
            return total > MOST_NODES
    return True
