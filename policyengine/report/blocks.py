"""What a report says, before anybody decides how it looks: titles, paragraphs, lists and tables.

Texts may come from strangers' files as they are; whoever renders them makes them safe to show.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Literal, NamedTuple


class Tone(Enum):
    """How much a piece of text asks for attention."""

    PLAIN = "plain"
    STRONG = "strong"
    WARNING = "warning"
    QUIET = "quiet"


class Piece(NamedTuple):
    """Some text in one tone; `code` is text that a machine reads, such as a path or a condition.

    `link` is where a page leads from here: a page of the same book, with or without an anchor, or an address.
    """

    text: str
    tone: Tone = Tone.PLAIN
    code: bool = False
    link: str = ""


Phrase = tuple[Piece, ...]


def phrase(*parts: str | Piece | Phrase) -> Phrase:
    """Put texts, pieces and phrases one after the other."""
    pieces: list[Piece] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(Piece(part))
        elif isinstance(part, Piece):
            pieces.append(part)
        else:
            pieces.extend(part)
    return tuple(pieces)


def strong(text: str) -> Piece:
    """Text that stands out."""
    return Piece(text, Tone.STRONG)


def warning(text: str) -> Piece:
    """Text that the reader must not miss."""
    return Piece(text, Tone.WARNING)


def quiet(text: str) -> Piece:
    """Text for whoever looks closer."""
    return Piece(text, Tone.QUIET)


def code(text: str) -> Piece:
    """Text that a machine reads."""
    return Piece(text, code=True)


def linked(text: str, to: str) -> Piece:
    """Text that leads somewhere, where a page can; without `to`, just the text."""
    return Piece(text, link=to)


@dataclass(frozen=True, slots=True)
class Title:
    """The title of a report."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, or of a part of one; links lead to its `anchor`."""

    text: str
    level: Literal[1, 2] = 1
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    phrase: Phrase


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a list, with points of its own; links lead to its `anchor`."""

    phrase: Phrase
    inner: tuple[Item, ...] = ()
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with what they stand for."""

    pairs: tuple[tuple[str, Phrase], ...]


@dataclass(frozen=True, slots=True)
class Code:
    """Lines to be read as they stand; a `command` may be broken over lines."""

    text: str
    command: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title and what stands in it.

    `text` is cut where there is no room, `words` runs on in the next line, `number` stands to the
    right, and `bar` draws the `share` of its cells.
    """

    title: str
    kind: Literal["text", "words", "number", "bar"] = "text"


class Cell(NamedTuple):
    """One cell; `share`, from 0 to 100, is what a bar shows."""

    text: str = ""
    tone: Tone = Tone.PLAIN
    share: int | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows that belong together under a head, with notes below them.

    `head` may be empty, for a table of one group.
    """

    rows: tuple[tuple[Cell, ...], ...]
    head: Phrase = ()
    notes: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `head_title` names what the heads of its groups are."""

    columns: tuple[Column, ...]
    groups: tuple[Group, ...]
    head_title: str = ""


Block = Title | Heading | Paragraph | Items | Facts | Code | Table
