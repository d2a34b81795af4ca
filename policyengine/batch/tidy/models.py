"""The models with their ranks, in each view."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policyengine.batch.tidy.allocation import VIEW
from policyengine.batch.tidy.columns import Column, Row, Table
from policyengine.batch.writers import Evaluated

_COLUMNS: Final = (
    VIEW,
    Column("model", "text", "The model."),
    Column("rank", "integer", "Its rank, 1 for the one with the most points; equal points, equal rank.", low=1),
    Column("score", "integer", "The sum of what rules give it.", unit="millionths of a point"),
    Column("settled", "boolean", "Whether no unknown fact could change its rank."),
)


def _rows(made: Evaluated) -> Iterator[Row]:
    for view in made.result.views:
        for model in view.models:
            yield view.id, model.model, model.rank, model.score, bool(model.settled)


MODELS: Final = Table("models", "One scenario, view and model.", ("name", "view", "model"), _COLUMNS, _rows)
