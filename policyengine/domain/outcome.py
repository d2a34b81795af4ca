"""What is on record of a documented case: who led and who supported. Evaluation never reads it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from policyengine.domain.fields import Id, Model, Text, Word

Confidence = Literal["high", "medium", "low"]


class RecordedLayer(Model):
    """Who led and supported on one layer, how leads worked together, through what, and how sure the record is."""

    lead: Annotated[list[Id], Field(min_length=1, max_length=100)]
    support: list[Id] = []
    mode: Literal["single", "parallel", "integrated", "host", "contested"] | None = None
    mechanism: Text | None = None
    confidence: Confidence = "medium"
    note: Text | None = None


class Outcome(Model):
    """The record by layer; `normative` is what an inquiry said ought to have been, where one did.

    `threat` says of which threat it is the record; a file with several has to name it.
    """

    confidence: Confidence
    threat: Id | None = None
    layers: Annotated[dict[Word, RecordedLayer], Field(min_length=1)]
    normative: dict[Word, RecordedLayer] = {}
