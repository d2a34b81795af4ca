"""Proposals for a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

_LIKE = 0.6
"""From this likeness on a name is proposed."""


def near_name(word: str, names: Iterable[str]) -> str:
    """Propose the name most like `word`, or nothing."""
    close = _closest(word, names)
    return "" if close is None else f"did you mean '{close}'?"


def _closest(word: str, names: Iterable[str]) -> str | None:
    """What `difflib.get_close_matches` would give first; it compares in full only what could be the best.

    A file with a thousand mistakes is compared with a thousand names each time.
    """
    matcher = SequenceMatcher()
    matcher.set_seq2(word)
    likely: list[tuple[float, str]] = []
    for name in names:
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= _LIKE and (most := matcher.quick_ratio()) >= _LIKE:
            likely.append((most, name))
    best: tuple[float, str] | None = None
    for most, name in sorted(likely, reverse=True):
        if best is not None and most < best[0]:
            break
        matcher.set_seq1(name)
        found = (matcher.ratio(), name)
        if found[0] >= _LIKE and (best is None or found > best):
            best = found
    return None if best is None else best[1]


def one_of(names: Iterable[str], most: int = 12) -> str:
    """List what may stand in a place, shortened when there is much of it."""
    words = sorted(set(names))
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def near_or_list(word: str, names: Iterable[str]) -> str:
    """Propose the near name, else list what there is."""
    words = list(names)
    return near_name(word, words) or (f"known here: {one_of(words)}" if words else "")
