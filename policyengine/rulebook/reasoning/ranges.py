"""Which values the names of a condition can have, in any scenario of the packs at hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import isfinite

from policyengine.errors.near_names import one_of
from policyengine.lang.bounds import Bounds, type_range
from policyengine.lang.nodes import Node
from policyengine.lang.show import number_text, show
from policyengine.lang.types import Number, Word
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.vocabulary import TERM_SECTIONS, singular

_MOST_SAID = 3
_SELF = ("jurisdiction", "id")
NEVER_THE_SAME = frozenset(
    frozenset([_SELF, path]) for path in (("other", "id"), ("tie", "partner", "id"), ("jurisdiction", "parent"))
)
"""Names that never stand for the same: nobody is another one, nor a partner or the parent of oneself."""


@dataclass(frozen=True)
class Ranges:
    """Values of names: `words` by list of words, `parameters` where they stand at one value (by `name@pack`).

    A parameter without a value may lie anywhere in its range. The marks `unset` (`marks.name@pack`) are always false.
    """

    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parameters: Mapping[str, float] = field(default_factory=dict)
    unset: frozenset[str] = frozenset()

    def number(self, name: Node) -> Bounds:
        """Between which values a named number lies."""
        if name.value[0] == "param" and name.value[-1] in self.parameters:
            value = self.parameters[name.value[-1]]
            return Bounds(value, value)
        return type_range(name)

    def options(self, name: Node) -> frozenset[str] | None:
        """Which words a name can stand for; None where any text can."""
        kind = name.type
        if not isinstance(kind, Word) or kind.options is None:
            return None
        # A scenario may use the words of all packs it is judged by, also of those that this rule does not see.
        return kind.options | self.words.get(kind.domain, frozenset())


def ranges_of(
    rulebook: Rulebook, parameters: Mapping[str, float] | None = None, unset: frozenset[str] = frozenset()
) -> Ranges:
    """The ranges for the packs of a rulebook."""
    words = {singular(section): frozenset(rulebook.vocabulary.words(section)) for section in TERM_SECTIONS}
    return Ranges(words, parameters or {}, unset)


def said_ranges(parts: Iterable[Node], ranges: Ranges) -> str:
    """What the names of conditions can be, for a hint: ` (threat.severity is from 0 to 1)`, or nothing."""
    names = dict.fromkeys(part for node in parts for part in node.walk() if part.op == "name")
    said = [f"{show(name)} is {text}" for name in names if (text := _said(name, ranges))]
    return f" ({'; '.join(said[:_MOST_SAID])})" if said else ""


def _said(name: Node, ranges: Ranges) -> str:
    if isinstance(name.type, Number):
        low, high = ranges.number(name)
        return f"from {number_text(low)} to {number_text(high)}" if isfinite(low) and isfinite(high) else ""
    options = ranges.options(name)
    return f"one of: {one_of(options, 6)}" if options and not name.value[0].startswith("$") else ""
