"""What an explanation says, in the order in which it says it."""

from __future__ import annotations

from dataclasses import dataclass

from policyengine.assess.result import Part, Result, Standing


@dataclass(frozen=True, kw_only=True)
class Contribution(Part):
    """A rule that bears on a standing: its points in millionths, or its bar, with its claims.

    A bar keeps from the layer, or if it is `lead_only` from leading it.
    """

    rule: str
    strength: int
    times: int
    bar: bool
    lead_only: bool
    nature: str
    why: str
    claims: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Failed(Part):
    """A part of a condition that does not hold: its text, what it saw, by how much it misses, what is unknown."""

    text: str
    seen: tuple[tuple[str, str], ...]
    distance: float | None
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class NotFired(Part):
    """A rule that could have given points on the layer and did not, with the parts of its condition that failed.

    `elsewhere` says that it is about jurisdictions of another level or side, so that no fact could make it fire.
    """

    rule: str
    undecided: bool
    elsewhere: bool
    failed: tuple[Failed, ...]


@dataclass(frozen=True, kw_only=True)
class Why(Part):
    """One jurisdiction on one layer for one threat.

    `not_fired` has the rules that came nearest first, and last those that are about others. `could_bar` are rules that
    might rule the jurisdiction out of the layer or of leading it, if what they need were known.
    """

    threat: str
    layer: str
    standing: Standing
    behind: int | None
    contributions: tuple[Contribution, ...]
    not_fired: tuple[NotFired, ...]
    could_bar: tuple[NotFired, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Explanation(Part):
    """Explanations, in the order of threats, layers and scores, with the result that they explain."""

    result: Result
    whys: tuple[Why, ...]
