"""Text from a stranger's file, made safe to show on a terminal."""

import re
from typing import Final

# Everything that moves the cursor, changes the direction of writing or stands there unseen. The joiners
# U+200C and U+200D stay as they are: Persian words and many emoji need them.
_HIDDEN: Final = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1: ESC among them
    "\u00ad\u061c\u180e\u200b\u200e\u200f"  # soft hyphen, direction marks, zero-width space
    "\u2028-\u202e\u2060-\u206f"  # line separators, bidi embeddings, overrides and isolates
    "\ufeff\ufff9-\ufffb\ufffe\uffff"  # byte order mark, annotations, non-characters
    "\ud800-\udfff"  # half of a surrogate pair: no terminal can encode it
    "\U000e0000-\U000e007f"  # tags: invisible copies of ASCII
    "]"
)


def printable(text: str) -> str:
    r"""`text` with each control, direction or invisible character written as its escape, such as ``\x1b``."""
    return _HIDDEN.sub(_escape, text)


def quoted(text: str, limit: int = 60) -> str:
    """`text` in double quotes, printable, cut to `limit` characters: for naming a key or a word in a message."""
    shown = text if len(text) <= limit else text[: limit - 3] + "..."
    return f'"{printable(shown)}"'


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
