"""What a check reports."""

from __future__ import annotations

from typing import Literal, NamedTuple

from policyengine.domain.reading import Location
from policyengine.lang.nodes import Node
from policyengine.rulebook.rule import Rule

Within = Literal["rule", "pack", "source"]


class Finding(NamedTuple):
    """Something found at a path of a file: that of a rule, of a pack, or of a source (then `rule` names the source).

    `part` is the very part of the condition that is meant, or `characters` those of its text, where it is not the value
    at `location` as a whole.
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
    characters: tuple[int, int] | None = None


def called(rule: Rule) -> str:
    """A rule as a message names it: a row of a table with its table."""
    return f"the rule '{rule.id}'" if rule.table is None else f"the row '{rule.row}' of the table '{rule.table}'"
