"""Lines of ignore files as git reads them (gitignore(5), and `wildmatch` of its sources for what that leaves open).

A folder is looked at before what is in it, and one that is left out is never entered. So a pattern is asked about one
path alone, and not about the folders above it; libraries that answer for whole paths at once cannot tell `!*/`, which
brings folders back, from a pattern that brings back all that is in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_SPECIAL: Final = re.compile(r"[*?\[\\]")
_NEVER: Final = "(?!)"
_IN_A_NAME: Final = "[^/]*"
_FOLDERS: Final = "(?:.*/)?"
_FIRST: Final = {_IN_A_NAME: "(?>[^/]*?", _FOLDERS: "(?>(?:.*?/)??"}
"""How each begins where only the first fit of what comes behind it is looked for."""
_CLASSES: Final = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "blank": r" \t", "cntrl": r"\x00-\x1f\x7f", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r"\t-\r ", "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}  # fmt: skip


class _NoPatternError(Exception):
    """What was written matches nothing at all."""


class Pattern(NamedTuple):
    """One line: which paths it matches, and whether these are left out or brought back."""

    regex: re.Pattern[str]
    leaves_out: bool
    folders_only: bool
    name_only: bool

    def matches(self, path: str, *, folder: bool) -> bool:
        """Whether it speaks of a path, written from the folder of the file with strokes between names."""
        if self.folders_only and not folder:
            return False
        return self.regex.fullmatch(path.rpartition("/")[2] if self.name_only else path) is not None


def patterns_of(text: str) -> tuple[Pattern, ...]:
    """The patterns of an ignore file; a line that is none matches nothing, as in git."""
    lines = text.removeprefix("\ufeff").split("\n")
    return tuple(found for line in lines if (found := _pattern(line.removesuffix("\r"))) is not None)


def _pattern(line: str) -> Pattern | None:
    written = _without_blanks(line)
    if written.startswith("#"):
        return None
    brings_back = written.startswith("!")
    path = written[brings_back:]
    folders_only = path.endswith("/")
    path = path.removesuffix("/")
    name_only = "/" not in path
    path = path.removeprefix("/")
    if not path:
        return None
    special = _SPECIAL.search(path)
    plain = path[: special.start()] if special else path
    try:
        regex = re.compile(re.escape(plain) + _joined(list(_pieces(path[len(plain) :]))), re.DOTALL)
    except _NoPatternError:
        return None
    return Pattern(regex, not brings_back, folders_only, name_only)


def _joined(pieces: list[str]) -> str:
    """One expression. Up to the next star of the same kind, the first fit is as good as any: that star takes the rest.

    To try all of them would take for ever with the stars and names of a stranger.
    """
    found, open_until = [], [len(pieces)]
    for at, piece in enumerate(pieces):
        while open_until[-1] == at:
            open_until.pop()
            found.append(")")
        end = _next_alike(pieces, at)
        if end:
            open_until.append(end)
        found.append(_FIRST[piece] if end else piece)
    return "".join(found)


def _next_alike(pieces: list[str], at: int) -> int:
    """Where the next star of the kind of this piece is, within the same name or folders; 0 if there is none."""
    if pieces[at] not in _FIRST:
        return 0
    for place in range(at + 1, len(pieces)):
        if pieces[place] == pieces[at]:
            return place
        if pieces[at] == _IN_A_NAME and pieces[place] in ("/", _FOLDERS, ".*"):
            return 0
    return 0


def _without_blanks(line: str) -> str:
    """A line without the blanks at its end, but for one behind a backslash; one that ends in a backslash as it is."""
    kept, at = 0, 0
    while at < len(line):
        if line[at] == "\\":
            at += 1
            if at == len(line):
                return line
        elif line[at] == " ":
            at += 1
            continue
        at += 1
        kept = at
    return line[:kept]


def _pieces(glob: str) -> Iterator[str]:
    """A pattern as a regular expression, piece by piece; raises _NoPatternError if it can match nothing."""
    at = 0
    while at < len(glob):
        char = glob[at]
        if char == "*":
            piece, at = _stars(glob, at)
        elif char == "[":
            piece, at = _one_of(glob, at + 1)
        elif char == "\\":
            if at + 1 == len(glob):
                raise _NoPatternError
            piece, at = re.escape(glob[at + 1]), at + 2
        else:
            piece, at = "[^/]" if char == "?" else re.escape(char), at + 1
        yield piece


def _stars(glob: str, at: int) -> tuple[str, int]:
    """One star is anything within a name. Two or more between strokes are any folders, or none; at the end, all."""
    end = at
    while glob[end : end + 1] == "*":
        end += 1
    rest = glob[end:]
    apart = (at == 0 or glob[at - 1] == "/") and (not rest or rest.startswith(("/", "\\/")))
    if end - at == 1 or not apart:
        return _IN_A_NAME, end
    return (_FOLDERS, end + 1) if rest.startswith("/") else (".*", end)


def _one_of(glob: str, at: int) -> tuple[str, int]:
    """One of some characters, from behind the opening bracket to behind the closing one."""
    negated = glob[at : at + 1] in ("!", "^")
    at += negated
    parts: list[str] = []
    before = ""  # the character that a range may begin with
    first = True
    while first or glob[at : at + 1] != "]":
        first = False
        if glob[at : at + 1] == "-" and before and glob[at + 1 : at + 2] not in ("", "]"):
            last, at = _character(glob, at + 1)
            parts += [f"{re.escape(before)}-{re.escape(last)}"] if before <= last else []
            before = ""
        elif glob.startswith("[:", at) and (end := _class_end(glob, at)):
            name = glob[at + 2 : end - 2]
            if name not in _CLASSES:
                raise _NoPatternError
            parts.append(_CLASSES[name])
            before, at = "", end
        else:
            before, at = _character(glob, at)
            parts.append(re.escape(before))
    if not parts:
        return ("[^/]" if negated else _NEVER), at + 1
    inner = "".join(parts)
    return (f"[^/{inner}]" if negated else f"(?!/)[{inner}]"), at + 1


def _character(glob: str, at: int) -> tuple[str, int]:
    """A character in brackets, which may stand behind a backslash, and where the next one is."""
    at += glob[at : at + 1] == "\\"
    if at >= len(glob):
        raise _NoPatternError
    return glob[at], at + 1


def _class_end(glob: str, at: int) -> int:
    """Where a class such as [:digit:] ends; 0 if it is none."""
    end = glob.find("]", at + 2)
    return end + 1 if end > at + 2 and glob[end - 1] == ":" else 0
