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
    """The name of the scenario: small letters, digits and hyphens; shipped files are named like it."""
    title: Text
    """What it is called in reports."""
    shows: Text
    """One sentence on what the file shows; rules never test it."""
    year: Year | None = None
    """The year that the file describes."""
    tags: list[Word] = []
    """Words of your own by which scenarios can be found."""
    packs: list[Slug] | None = None
    """The packs to use when none is named on the command line."""
    references: list[Reference] = []
    """Public sources of the facts, each with how much of it was read."""
    conditions: dict[Word, bool | float | str | list[Word]] = {}
    """Facts about the whole scene, as the packs declare them."""
    jurisdictions: Annotated[list[Jurisdiction], Field(min_length=1, max_length=MOST_JURISDICTIONS)]
    """The actors that can hold a role."""
    ties: Annotated[list[Tie], Field(max_length=MOST_TIES)] | None = None
    """Lasting links between jurisdictions; left out: nobody looked; []: there are none."""
    threats: Annotated[list[Threat], Field(min_length=1, max_length=MOST_THREATS)]
    """What threatens."""
    outcome: Outcome | None = None
    """What is on record of a documented case; evaluation never reads it."""
