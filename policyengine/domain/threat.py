"""A threat, and how diffuse it is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policyengine.domain.fields import Id, Model, Share, Text, Word


class DiffusenessMarks(Model):
    """The four marks of a diffuse threat, each from 0 to 1 (0, 0.5 and 1 by custom)."""

    many_actors: Share | None = None
    """Many act, from 0 to 1."""
    no_single_control: Share | None = None
    """Nobody controls all of it, from 0 to 1."""
    many_places: Share | None = None
    """It comes at many places, from 0 to 1; the only mark without human actors."""
    lawful_flow: Share | None = None
    """It hides in lawful traffic, from 0 to 1."""


MOST_PLACES = 200


class Threat(Model):
    """What threatens. What is left out is unknown.

    `places` are the jurisdictions on whose ground it takes place or does its harm; whoever stands above
    one of them need not be named.
    """

    id: Id
    """The name by which the file speaks of it."""
    name: Text
    """What it is called in reports."""
    kind: Word
    """What kind of threat it is, a word of the packs."""
    agent: bool | None = None
    """Whether people are behind it."""
    diffuseness: Share | DiffusenessMarks | None = None
    """How diffuse it is: one number from 0 to 1, or the four marks of which it is the mean."""
    severity: Share | None = None
    """Loss if it happens: 0.2 local nuisance, 0.4 regional harm, 0.6 several deaths, 0.8 tens of deaths or a billion,
    1 mass casualties."""
    likelihood: Share | None = None
    """0.1 once a generation, 0.3 once a decade, 0.5 every few years, 0.8 yearly, 1 all the time."""
    reach: Share | None = None
    """Over the line: 0 none, 0.25 help from there, 0.5 both hit, 0.75 actors on both sides, 1 of both by nature."""
    exposure: Share | None = None
    """Economic: 0.2 local, 0.5 a sector or region, 0.8 a corridor, 1 the whole of it."""
    origin: Word | None = None
    """Where it arises, a word of the packs."""
    vector: Word | None = None
    """How it comes, a word of the packs."""
    places: Annotated[list[Id], Field(max_length=MOST_PLACES)] | None = None
    """The jurisdictions on whose ground it takes place or does its harm, by id."""
    attributes: dict[Word, bool | float | str | list[Word]] = {}
    """Further facts, as the packs declare them."""
    reasons: dict[str, Text] = {}
    """One line for each judged number, by its path in this entry."""

    @property
    def diffuseness_value(self) -> float | None:
        """How diffuse the threat is, from 0 to 1, or None where that is not known.

        For human actors the mean of all four marks; for a threat without them, spread over many places
        is the only mark that has a meaning. A missing mark leaves the whole unknown.
        """
        marks = self.diffuseness
        if marks is None or isinstance(marks, float):
            return marks
        if self.agent is False:
            return marks.many_places
        given = (marks.many_actors, marks.no_single_control, marks.many_places, marks.lawful_flow)
        known = [mark for mark in given if mark is not None]
        return sum(known) / 4 if len(known) == 4 and self.agent is not None else None
