"""A word as it is written in a YAML file."""

from __future__ import annotations

import json

from policyengine.source.numbers import resolve


def scalar(word: str) -> str:
    """The word, in quotes where YAML would take it for a number, a truth or nothing."""
    return word if isinstance(resolve(word), str) else json.dumps(word)
