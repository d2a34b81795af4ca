"""The firing table: all that an engine produces.

A firing says that one effect of one rule holds for one subject, and with which strength. Strengths
are whole millionths of a point, so that sums do not depend on their order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

MILLION = 1_000_000
MOST_STRENGTH = 2**53
"""Sums of strengths stay below this, so that they are exact in every engine (seen to when a pack is checked)."""


class Subject(NamedTuple):
    """What a rule holds for, as places in the facts; -1 where the rule does not speak of such a thing.

    `tie` and `partner` stand for a tie of the jurisdiction and one other party of it, `other` for
    any other jurisdiction, `burden` for a row of the jurisdiction's burdens.
    """

    threat: int = -1
    jurisdiction: int = -1
    tie: int = -1
    partner: int = -1
    other: int = -1
    model: int = -1
    burden: int = -1


class Firing(NamedTuple):
    """One effect that holds: places of the rule and of its effect, the subject, millionths of a point."""

    rule: int
    effect: int
    subject: Subject
    strength: int


class Undecided(NamedTuple):
    """One effect of which the facts do not say whether (or how strongly) it holds."""

    rule: int
    effect: int
    subject: Subject


@dataclass(frozen=True, slots=True)
class FiringTable:
    """Firings and undecided effects, each sorted by rule, effect and subject."""

    fired: tuple[Firing, ...]
    undecided: tuple[Undecided, ...]


def fixed_point(points: float, weight: float) -> int:
    """Points times weight as whole millionths, rounded half to even."""
    return round(points * weight * MILLION)
