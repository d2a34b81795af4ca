"""The models, from the most favoured down."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.assess.result import Result
from policyengine.report.blocks import Block, Cell, Column, Group, Heading, Paragraph, Table, Tone, phrase
from policyengine.report.words import aligned_points, words


def ranking(result: Result) -> Iterator[Block]:
    """The models with their points, under all packs together and under each opinion pack alone."""
    models = result.views[0].models
    if not models:
        return
    yield Heading("Models, ranked")
    if not any(model.firings for model in models):
        yield Paragraph(phrase("No rule that holds here speaks for or against a model."))
        return
    alone = [{each.model: each.score for each in view.models} for view in result.views[1:]]
    columns = (
        Column("rank", "number"),
        Column("model"),
        Column("points", "number"),
        *(Column(view.id, "number") for view in result.views[1:]),
    )
    rows = []
    for model in models:
        tone = Tone.STRONG if model.rank == 1 and model.score > 0 else Tone.PLAIN
        scores = [model.score, *(scores[model.model] for scores in alone)]
        rows.append(
            (Cell(str(model.rank), tone), Cell(words(model.model), tone), *(Cell(aligned_points(s)) for s in scores))
        )
    yield Table(columns, (Group(tuple(rows)),))
