"""How much room a text takes on a terminal."""

import unicodedata


def width(text: str) -> int:
    """How many columns a terminal gives to `text`: two for East Asian wide characters, none for combining ones."""
    return len(text) if text.isascii() else sum(map(cell, text))


def cell(char: str) -> int:
    """How many columns a terminal gives to one character."""
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
