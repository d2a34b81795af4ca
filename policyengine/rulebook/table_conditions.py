"""From a heading and a cell of a decision table to a part of a condition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from policyengine.errors import quoted
from policyengine.rulebook.table_cells import Cell

ANY = ("", "-", "any")
"""What a cell says that leaves its column open."""
YES, NO = ("yes", "true", "x"), ("no", "false")
_OPERATOR = re.compile(r"(>=|<=|==|!=|>|<|not in\b|in\b)")
_ENDS = re.compile(r"(.*\S)\s*(>=|<=|==|!=|>|<|\bnot in|\bin)", re.DOTALL)
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_\-]*")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"(?<![\w.])\d+,\d+(?![\w.])")
_LOOSE = re.compile(r"\bor\b")
_CLOSING = {")": "(", "]": "[", "}": "{"}


class Part(NamedTuple):
    """A part of a condition: its text, with the piece of it that comes from the heading."""

    text: str
    heading: str


def is_open(cell: Cell) -> bool:
    """Whether a cell leaves its column open."""
    return cell.text.lower() in ANY


def condition(heading: str, text: str) -> Part:
    """What a cell below a heading asks for; line ends are blanks, as in any condition."""
    name, told = _condition(*(" ".join(each.splitlines()) for each in (heading, text)))
    # What a cell combines by itself must stay together when it is joined to the other columns.
    return Part(f"({told})", f"({name}") if _LOOSE.search(told) else Part(told, name)


def _condition(heading: str, text: str) -> tuple[str, str]:
    ends, begins = _ENDS.fullmatch(heading), _OPERATOR.match(text)
    if ends:
        name, operator, values = ends[1], ends[2], text
    elif begins:
        name, operator, values = heading, begins[1], text[begins.end() :].strip()
    elif text.lower() in (*YES, *NO):
        return heading, heading if text.lower() in YES else f"not ({heading})" if _LOOSE.search(
            heading
        ) else f"not {heading}"
    else:
        name, operator, values = heading, "in" if len(list(parted(_unwrapped(text)))) > 1 else "==", text
    if operator not in ("in", "not in"):
        return name, f"{name} {operator} {_value(values)}"
    parts = [_value(part) for part in parted(_unwrapped(values)) if part]
    if len(parts) > 1:
        return name, f"{name} {operator} ({', '.join(parts)})"
    return name, f"{name} {'==' if operator == 'in' else '!='} {', '.join(parts)}"


def _value(text: str) -> str:
    """A word in quotes; a number, a name with a point or an expression as it is."""
    return f'"{text}"' if _WORD.fullmatch(text) and not _NUMBER.fullmatch(text) else text


def parted(text: str) -> Iterator[str]:
    """The parts of a text between commas, but not between those inside brackets or quotes."""
    start = 0
    for index, character, depth in _walked(text):
        if character == "," and depth == 0:
            yield text[start:index].strip()
            start = index + 1
    yield text[start:].strip()


def _unwrapped(text: str) -> str:
    """A list without the brackets around it."""
    closed = [index for index, character, depth in _walked(text) if character == ")" and depth == 0]
    return text[1:-1] if text.startswith("(") and closed[:1] == [len(text) - 1] else text


def unfit(text: str) -> tuple[str, str] | None:
    """Why a cell cannot be a part of an expression, and what to do."""
    if not stands_alone(text):
        message = f"the brackets or quotes of {quoted(text)} are not closed in this cell, or it holds a '#'"
        return message, "close them; remarks stand in a column 'note'"
    if "(" not in text and _DECIMAL_COMMA.search(text):
        hint = "write a number with a point, as in 0.5, and a list of numbers with a blank after each comma"
        return f"{quoted(text)} may be one number or two", hint
    return None


def stands_alone(text: str) -> bool:
    """Whether all brackets and quotes of a cell are closed in it, and nothing of it is a comment."""
    walked = list(_walked(text))
    depth = walked[-1][2] if walked else 0
    return depth == 0 and all(each[2] >= 0 and each[1] != "#" for each in walked) and not _open_quote(text)


def _walked(text: str) -> Iterator[tuple[int, str, int]]:
    """Each character outside quotes, with how many brackets are open after it; negative once one too many is closed."""
    quote, opened, broken = "", [], False
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        else:
            if character in "([{":
                opened.append(character)
            elif character in _CLOSING:
                broken = broken or not opened or opened.pop() != _CLOSING[character]
            yield index, character, -1 if broken else len(opened)


def _open_quote(text: str) -> bool:
    quote = ""
    for character in text:
        if character in "\"'" and quote in ("", character):
            quote = "" if quote else character
    return bool(quote)
