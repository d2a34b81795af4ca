"""Texts that a spreadsheet would take for a formula, made harmless so that they can be turned back.

A program for tables calculates a cell that begins with `=`, `+`, `-` or `@`, wherever the file came from. Such a text
gets an apostrophe before it, and so does a text that begins with an apostrophe: whoever takes exactly one
apostrophe away from each text that begins with one has what was there. Numbers are no texts and stay.
"""

from __future__ import annotations

import re
from typing import Final

MARK: Final = "'"
# Blanks are trimmed by some programs, the wide signs stand for the others in some languages, and XlsxWriter takes
# a text that begins with <r> for markup of its own.
_DANGEROUS: Final = re.compile(r"\s*['=+\-@＝＋－＠]|[\t\r\n]|<r>")


def neutral(text: str) -> str:
    """A text that no program calculates."""
    return MARK + text if _DANGEROUS.match(text) else text


def as_it_was(cell: str) -> str:
    """The text that `neutral` was given."""
    return cell.removeprefix(MARK)
