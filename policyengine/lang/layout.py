"""How an expression is laid out: blanks between its parts, and lines that begin with `and` or `or`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from policyengine.lang.parse import parse

_TOKEN = re.compile(
    r"""\s*(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?[\w.]*|[^\W\d]\w*|==|!=|<=|>=|[-+*/<>().,])"""
)
_WORDS = frozenset({"and", "or", "not", "in", "for", "if"})
_BEFORE_VALUE = _WORDS - {"for"} | {"(", ",", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"}


def laid_out(text: str) -> str:
    """The expression with one blank where there should be one, in its own lines.

    A line inside brackets stands to the right of those outside. An `and` or `or` at the end of a line goes to
    the beginning of the next. What cannot be read, or holds a comment, comes back as it is.
    """
    lines = [_spaced(line) for line in text.strip().splitlines() if line.strip()]
    if None in lines:
        return text
    made = "\n".join(_indented(_moved([line for line in lines if line is not None])))
    return made if _tree(made) == _tree(text) is not None else text


def _tree(text: str) -> str | None:
    tree, mistakes = parse(text)
    return None if tree is None or mistakes else ast.dump(tree)


def _spaced(line: str) -> str | None:
    """One line with blanks put right; None if there is something in it that is no part of the language."""
    tokens = list(_tokens(line))
    if tokens and tokens[-1] == "":
        return None
    made, before, unary = "", "", False
    for part in tokens:
        made += part if not made or unary or _close(before, part) else f" {part}"
        # A minus that stands where a value is expected belongs to the number that follows.
        unary = part == "-" and (before in _BEFORE_VALUE or not before)
        before = part
    return made


def _close(before: str, part: str) -> bool:
    """Whether no blank stands between two parts."""
    if part in (")", ",", ".") or before in ("(", "."):
        return True
    return part == "(" and (before.isidentifier() and before not in _WORDS)


def _tokens(line: str) -> Iterator[str]:
    place = 0
    while place < len(line) and line[place:].strip():
        found = _TOKEN.match(line, place)
        if found is None:
            yield ""
            return
        yield found["text"]
        place = found.end()


def _indented(lines: list[str]) -> Iterator[str]:
    depth = 0
    for line in lines:
        yield f"{'  ' * depth}{line}"
        parts = list(_tokens(line))
        depth += parts.count("(") - parts.count(")")


def _moved(lines: list[str]) -> list[str]:
    made: list[str] = []
    carried = ""
    for line in lines:
        current, carried = f"{carried}{line}", ""
        for word in ("and", "or"):
            if current.endswith(f" {word}"):
                current, carried = current.removesuffix(f" {word}"), f"{word} "
        made.append(current)
    return [*made[:-1], made[-1] + (f" {carried.strip()}" if carried else "")] if made else made
