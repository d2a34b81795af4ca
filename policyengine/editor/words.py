"""The word under the cursor, as the kind of file and the place in it give it a meaning."""

from __future__ import annotations

import re
from typing import NamedTuple

from policyengine.editor.cursor import Cursor, Path

_NAME = re.compile(r"[A-Za-z_]\w*(?:\s*\.\s*\w+)*")
_QUOTED = re.compile(r"(?P<quote>[\"'])(?P<word>[^\"'\n]*)(?P=quote)")


class Expression(NamedTuple):
    """A name or a quoted word of an expression, up to the part at the cursor, with its columns on the line."""

    name: str
    quoted: bool
    text: str
    start: int
    end: int


def is_expression(kind: str, path: Path) -> bool:
    """Whether a condition or points stand at a place, whole or as a cell of a table."""
    in_table = path[:2] in (("table", "columns"), ("table", "rows"))
    return kind == "rule" and (path == ("when",) or in_table or (path[:1] == ("then",) and path[-1] == "points"))


def is_claim(kind: str, path: Path) -> bool:
    """Whether the name of a claim stands at a place."""
    rule = kind == "rule" and path[:1] == ("claim",)
    return rule or (kind == "pack" and path[:1] == ("parameters",) and path[-1] == "claim")


def expression_of(kind: str, cursor: Cursor, line: str) -> Expression | None:
    """What stands under the cursor in an expression; None outside expressions."""
    if not is_expression(kind, cursor.path) or cursor.on_key:
        return None
    at, text = cursor.column, cursor.before + cursor.after
    for found in _QUOTED.finditer(line):
        inner = found.start("word"), found.end("word")
        # A whole expression may stand in quotes of YAML: only a single word is a word of the language.
        if inner[0] <= at <= inner[1] and re.fullmatch(r"[\w\-]*", found["word"]):
            return Expression(found["word"], True, text, *inner)
    for found in _NAME.finditer(line):
        if found.start() <= at <= found.end():
            end = next((each.end() for each in re.finditer(r"\w+", line[: found.end()])
                        if each.end() >= at and each.end() > found.start()), found.end())  # fmt: skip
            return Expression(re.sub(r"\s", "", line[found.start() : end]), False, text, found.start(), end)
    return Expression("", False, text, at, at)
