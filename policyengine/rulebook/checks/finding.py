"""What a check reports."""

from __future__ import annotations

from typing import NamedTuple

from policyengine.domain.reading import Location


class Finding(NamedTuple):
    """Something found in a rule, at a path of its file."""

    pack: str
    rule: str
    location: Location
    code: str
    message: str
    hint: str
