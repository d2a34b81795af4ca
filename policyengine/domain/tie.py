"""A tie: a lasting link between two or more jurisdictions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policyengine.domain.fields import Id, Model, Share, Text, Word, Year

MOST_PARTIES = 100


class Tie(Model):
    """Who is tied, how, how strongly and for which layers. What is left out is unknown."""

    id: Id
    name: Text
    parties: Annotated[list[Id], Field(min_length=2, max_length=MOST_PARTIES)]
    kind: Word
    strength: Share | None = None
    since: Year | None = None
    layers: list[Word] | None = None
    attributes: dict[Word, bool | float | str | list[Word]] = {}
    reasons: dict[str, Text] = {}
