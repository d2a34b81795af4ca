"""What is on record of a documented case: who led and who supported. Evaluation never reads it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from policyengine.domain.fields import Id, Model, Text, Word

Confidence = Literal["high", "medium", "low"]


class RecordedLayer(Model):
    """Who led and supported on one layer, how leads worked together, through what, and how sure the record is."""

    lead: Annotated[list[Id], Field(min_length=1, max_length=100)]
    """Who led, by id."""
    support: list[Id] = []
    """Who supported, by id."""
    mode: Literal["single", "parallel", "integrated", "host", "contested"] | None = None
    """How several leads worked together."""
    mechanism: Text | None = None
    """Through which tie or body."""
    confidence: Confidence = "medium"
    """How sure the record is."""
    note: Text | None = None
    """What a reader should know of the record."""


class Outcome(Model):
    """The record by layer; `normative` is what an inquiry said ought to have been, where one did.

    `threat` says of which threat it is the record; a file with several has to name it.
    """

    confidence: Confidence
    """How sure the record is as a whole."""
    threat: Id | None = None
    """Of which threat it is the record; a file with several has to name it."""
    layers: Annotated[dict[Word, RecordedLayer], Field(min_length=1)]
    """The record, by layer."""
    normative: dict[Word, RecordedLayer] = {}
    """What an inquiry said ought to have been, by layer."""
