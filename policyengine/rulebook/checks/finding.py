"""What a check reports."""

from __future__ import annotations

from typing import Literal, NamedTuple

from policyengine.domain.reading import Location
from policyengine.lang.nodes import Node

Within = Literal["rule", "pack", "source"]


class Finding(NamedTuple):
    """Something found at a path of a file: that of a rule, of a pack, or of a source (then `rule` names the source).

    `part` is the very part of the condition that is meant, where it is not the value at `location` as a whole.
    """

    pack: str
    rule: str
    location: Location
    code: str
    message: str
    hint: str
    within: Within = "rule"
    part: Node | None = None
    key: bool = False
