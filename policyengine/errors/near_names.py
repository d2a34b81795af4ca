"""Proposals for a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def near_name(word: str, names: Iterable[str]) -> str:
    """Propose the name most like `word`, or nothing."""
    close = get_close_matches(word, list(names), n=1, cutoff=0.6)
    return f"did you mean '{close[0]}'?" if close else ""


def one_of(names: Iterable[str], most: int = 12) -> str:
    """List what may stand in a place, shortened when there is much of it."""
    words = sorted(names)
    shown = ", ".join(words[:most])
    return f"{shown} and {len(words) - most} more" if len(words) > most else shown


def near_or_list(word: str, names: Iterable[str]) -> str:
    """Propose the near name, else list what there is."""
    words = list(names)
    return near_name(word, words) or (f"known here: {one_of(words)}" if words else "")
