"""A jurisdiction: an actor that can hold a role."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policyengine.domain.fields import Amount, Id, Model, Share, Text, Word


class Jurisdiction(Model):
    """Who it is, what it may do, can do, pays and gains. What is left out is unknown."""

    id: Id
    name: Text
    level: Word
    side: Word
    parent: Id | None = None
    capacities: dict[Word, Share] = {}
    competences: list[Word] | None = None
    offices_abroad: Annotated[int, Field(ge=0, le=10_000)] | None = None
    power: Amount | None = None
    costs: dict[Word, Amount] = {}
    benefits: dict[Word, Amount] = {}
    interests: dict[Word, Share] = {}
    attributes: dict[Word, bool | float | str | list[Word]] = {}
    reasons: dict[str, Text] = {}
