"""Text in double quotes as JSON writes it."""

import re
from typing import Final

from policyengine.errors import printable
from policyengine.source.findings import Findings

_PART: Final = re.compile(
    r'(?P<text>[^"\\\x00-\x1f]+)'
    r'|(?P<end>")'
    r"|\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u(?P<half>[dD][89a-fA-F][0-9a-fA-F]{2})"
    r"|\\u(?P<code>[0-9a-fA-F]{4})"
    r'|\\(?P<short>["\\/bfnrt])'
    r"|(?P<unknown>\\[^\r\n]?)"
    r"|(?P<control>[\x00-\x09\x0b\x0c\x0e-\x1f])"
)
_SHORT: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def read_text(findings: Findings, start: int) -> tuple[str, int]:
    """Read the text whose opening quote is at index `start`; give it with the index after the closing quote."""
    parts: list[str] = []
    at = start + 1
    while found := _PART.match(findings.lines.text, at):
        at = found.end()
        kind, part = str(found.lastgroup), found[str(found.lastgroup)]
        if kind == "text":
            parts.append(part)
        elif kind == "end":
            return "".join(parts), at
        elif kind == "short":
            parts.append(_SHORT[part])
        elif kind == "code":
            parts.append(chr(int(part, 16)))
        elif kind == "low":
            parts.append(chr(0x10000 + (int(found["high"], 16) - 0xD800) * 0x400 + int(part, 16) - 0xDC00))
        else:
            _refuse(findings, kind, found)
    hint = 'Add the closing ", and write a line break inside text as \\n.'
    message = "The quoted text that begins here is not closed on its line"
    return findings.stop("S013", message, hint, findings.between(start, start + 1))


def _refuse(findings: Findings, kind: str, found: re.Match[str]) -> None:
    span = findings.between(found.start(), found.end())
    if kind == "half":
        hint = "Write both halves of the surrogate pair, or the character itself."
        findings.add("S028", f"{found[0]} is half a character", hint, span)
    elif kind == "control":
        message = f"The control character U+{ord(found[0]):04X} cannot stand in text"
        findings.add("S009", message, "Delete it, or write it as an escape such as \\t or \\u0001.", span)
    else:
        hint = "Write \\\\ for a backslash."
        findings.add("S016", f'"{printable(found[0])}" is no escape in JSON', hint, span)
