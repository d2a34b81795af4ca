"""What a report is written on: how wide it is, which characters it can show, and whether in colour."""

from __future__ import annotations

import codecs
import os
import shutil
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TextIO

from policyengine.errors.width import cell

WIDTH: Final = 80
_NARROWEST: Final = 60
_WIDEST: Final = 100
_BLOCKS: Final = "█▏…•─"
_NEAREST: Final = "policyengine-nearest"
_SPELLED: Final = {
    "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "−": "-", "─": "-", "•": "*", "·": "-", "…": "...", "×": "x", "≥": ">=", "≤": "<=", "≠": "!=",
    "→": "->",
    "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "ß": "ss", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d",
    "€": "EUR", "£": "GBP", "§": "s.", "°": " deg",
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """80 columns of UTF-8 without colour, unless told otherwise."""

    width: int = WIDTH
    colour: bool = False
    encoding: str = "utf-8"

    @cached_property
    def draws(self) -> bool:
        """Whether it can show blocks, lines and dots."""
        return self.fit(_BLOCKS) == _BLOCKS

    def fit(self, text: str) -> str:
        """`text` in the characters that the encoding has: without accents, say, where it has none."""
        if text.isascii() or self.encoding == "utf-8":
            return text
        return text.encode(self.encoding, _NEAREST).decode(self.encoding)


def paper_for(stream: TextIO | None, environment: Mapping[str, str] = os.environ) -> Paper:
    """What a stream can show. Colour and a width of its own only on a terminal; `NO_COLOR` is respected."""
    encoding = _encoding_of(stream)
    if not is_terminal(stream):
        return Paper(encoding=encoding)
    columns = shutil.get_terminal_size((WIDTH, 24)).columns
    plain = bool(environment.get("NO_COLOR")) or environment.get("TERM", "dumb") == "dumb"
    return Paper(min(max(columns, _NARROWEST), _WIDEST), not plain, encoding)


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody looks at the stream."""
    return stream is not None and not stream.closed and stream.isatty()


def write_text(stream: TextIO | None, text: str) -> None:
    """Write text; what the encoding of the stream lacks is written with the nearest characters it has."""
    _write(stream, text.encode(_encoding_of(stream), _NEAREST), text)


def write_data(stream: TextIO | None, text: str) -> None:
    """Write text for machines: always UTF-8, whatever the encoding of the stream."""
    _write(stream, text.encode(), text)


def _write(stream: TextIO | None, data: bytes, text: str) -> None:
    if stream is None:
        return
    stream.flush()
    octets = getattr(stream, "buffer", None)
    if octets is None:
        stream.write(text)
    else:
        octets.write(data)
    stream.flush()


def _encoding_of(stream: TextIO | None) -> str:
    try:
        return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name
    except LookupError:
        return "utf-8"


def _nearest(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_near, error.object[error.start : error.end])), error.end


def _near(char: str) -> str:
    spelled = _SPELLED.get(char)
    if spelled is None:
        plain = unicodedata.normalize("NFKD", char)
        spelled = "".join(part for part in plain if part.isascii())
    return spelled or "?" * cell(char)


codecs.register_error(_NEAREST, _nearest)
