"""A threat, and how diffuse it is."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from policyengine.domain.fields import Id, Model, Share, Text, Word


class DiffusenessMarks(Model):
    """The four marks of a diffuse threat, each from 0 to 1 (0, 0.5 and 1 by custom)."""

    many_actors: Share | None = None
    no_single_control: Share | None = None
    many_places: Share | None = None
    lawful_flow: Share | None = None


MOST_PLACES = 200


class Threat(Model):
    """What threatens. What is left out is unknown.

    `places` are the jurisdictions on whose ground it takes place or does its harm; whoever stands above
    one of them need not be named.
    """

    id: Id
    name: Text
    kind: Word
    agent: bool | None = None
    diffuseness: Share | DiffusenessMarks | None = None
    severity: Share | None = None
    likelihood: Share | None = None
    reach: Share | None = None
    exposure: Share | None = None
    origin: Word | None = None
    vector: Word | None = None
    places: Annotated[list[Id], Field(max_length=MOST_PLACES)] | None = None
    attributes: dict[Word, bool | float | str | list[Word]] = {}
    reasons: dict[str, Text] = {}

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
