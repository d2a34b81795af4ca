"""A scenario: what one file describes."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policyengine.domain.fields import Model, Reference, Slug, Text, Word, Year
from policyengine.domain.jurisdiction import Jurisdiction
from policyengine.domain.outcome import Outcome
from policyengine.domain.threat import Threat
from policyengine.domain.tie import Tie

MOST_THREATS = 100
MOST_JURISDICTIONS = 200
MOST_TIES = 1_000


class Scenario(Model):
    """Threats, the jurisdictions that may meet them, and the ties between these.

    `ties` is None when the file does not say whether there are any, and empty when it says that
    there are none. `outcome` is the record of a documented case; evaluation never reads it.
    """

    scenario: Slug
    title: Text
    shows: Text
    year: Year | None = None
    tags: list[Word] = []
    packs: list[Slug] | None = None
    references: list[Reference] = []
    conditions: dict[Word, bool | float | str | list[Word]] = {}
    jurisdictions: Annotated[list[Jurisdiction], Field(min_length=1, max_length=MOST_JURISDICTIONS)]
    ties: Annotated[list[Tie], Field(max_length=MOST_TIES)] | None = None
    threats: Annotated[list[Threat], Field(min_length=1, max_length=MOST_THREATS)]
    outcome: Outcome | None = None
