"""A jurisdiction: an actor that can hold a role."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policyengine.domain.fields import Amount, Id, Model, Share, Text, Word


class Jurisdiction(Model):
    """Who it is, what it may do, can do, pays and gains. What is left out is unknown."""

    id: Id
    """The name by which the file speaks of it: ISO 3166-2 where there is one."""
    name: Text
    """What it is called in reports."""
    level: Word
    """Which level of government it is, a word of the packs; always needed."""
    side: Word
    """Which side it is on, a word of the packs; always needed."""
    parent: Id | None = None
    """Who stands above it: an id of this file."""
    capacities: dict[Word, Share] = {}
    """Means against need, from 0 to 1 each."""
    competences: list[Word] | None = None
    """Legal powers that it has; [] says none."""
    offices_abroad: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """How many offices it has abroad."""
    power: Amount | None = None
    """Its size relative to the others, in any one unit."""
    costs: dict[Word, Amount] = {}
    """What it pays, by category, each in one unit for the whole file."""
    benefits: dict[Word, Amount] = {}
    """What it gains, by basis, each in one unit for the whole file."""
    interests: dict[Word, Share] = {}
    """How much an aim weighs for it, from 0 to 1 each."""
    attributes: dict[Word, bool | float | str | list[Word]] = {}
    """Further facts, as the packs declare them."""
    reasons: dict[str, Text] = {}
    """One line for each judged number, by its path in this entry."""
