"""A tie: a lasting link between two or more jurisdictions."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policyengine.domain.fields import Id, Model, Share, Text, Word, Year

MOST_PARTIES = 100


class Tie(Model):
    """Who is tied, how, how strongly and for which layers. What is left out is unknown."""

    id: Id
    """The name by which the file speaks of it."""
    name: Text
    """What it is called in reports."""
    parties: Annotated[list[Id], Field(min_length=2, max_length=MOST_PARTIES)]
    """Two or more jurisdictions of this file, by id."""
    kind: Word
    """What kind of tie it is, a word of the packs."""
    strength: Share | None = None
    """How firm it is, from 0 to 1."""
    since: Year | None = None
    """The year from which it holds."""
    layers: list[Word] | None = None
    """The layers that it serves, words of the packs."""
    attributes: dict[Word, bool | float | str | list[Word]] = {}
    """Further facts, as the packs declare them."""
    reasons: dict[str, Text] = {}
    """One line for each judged number, by its path in this entry."""
