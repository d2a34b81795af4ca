"""Numbers and names as a reader wants them: whole per cents, at most two decimals, words without underscores."""

from __future__ import annotations

from collections.abc import Sequence

SPACE = "\u00a0"
"""A space at which no line is broken."""

NO_YEAR = " (year not given)"
"""What stands behind the title of a report on no known year."""

_HUNDREDTH = 10_000  # of a point, in millionths

_READ = {
    "whole": "the whole of it was read",
    "excerpt": "an excerpt or a summary was read",
    "general_knowledge": "not read, from general knowledge",
}


def points(millionths: int, *, sign: bool = False) -> str:
    """Points with at most two decimals, rounded half to even."""
    hundredths = round(abs(millionths) / _HUNDREDTH)
    text = f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip(".")
    if hundredths == 0:
        return "0"
    return f"-{text}" if millionths < 0 else f"+{text}" if sign else text


def aligned_points(millionths: int) -> str:
    """Points with two decimals, for a column of numbers."""
    text = f"{round(abs(millionths) / _HUNDREDTH) / 100:.2f}"
    return f"-{text}" if millionths < 0 and text != "0.00" else text


def per_cent(share: int | None) -> str:
    """A share in whole per cents; a dash where there is nothing to share."""
    return "-" if share is None else f"{share}{SPACE}%"


def words(term: str) -> str:
    """A word of the vocabulary as one would write it in a sentence."""
    return term.replace("_", " ")


def capital(text: str) -> str:
    """`text` with a capital first letter."""
    return text[:1].upper() + text[1:]


def dated(title: str, year: int | None, unknown: str = "") -> str:
    """A title with the year, or with what is said if it is `unknown`; a title that names the year stays as it is."""
    told = unknown if year is None else f" ({year})"
    return title if year is not None and str(year) in title else title + told


def listing(names: Sequence[str], most: int = 0) -> str:
    """Names as in a sentence: `A, B and C`; with `most`, the rest as a number."""
    # Where a name has an "and" of its own, another one would not say where it ends.
    last = ", as well as " if any(" and " in name for name in names) else " and "
    if most and len(names) > most + 1:
        return f"{', '.join(names[:most])}{last}{len(names) - most} others"
    return last.join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def count(number: int, noun: str, plural: str = "") -> str:
    """A number with its noun: `1 rule`, `3 rules`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def short_hash(sha256: str) -> str:
    """Enough of a hash to tell two files apart."""
    return sha256[:12]


def what_was_read(seen: str) -> str:
    """How much of a source was read, in words."""
    return _READ.get(seen, words(seen))
