"""The models, from the most favoured down."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.assess.result import Result
from policyengine.report.blocks import Block, Cell, Column, Group, Heading, Paragraph, Table, Tone, phrase, warning
from policyengine.report.names import UNSETTLED
from policyengine.report.words import aligned_points, capital, listing, words


def ranking(result: Result) -> Iterator[Block]:
    """The models with their points, under all packs together and under each opinion pack alone."""
    models = result.views[0].models
    if not models:
        return
    yield Heading("Models, ranked")
    if not any(model.firings for model in models):
        open_ended = "; facts that are missing could change that" if unsettled_models(result) else ""
        yield Paragraph(phrase(f"No rule that holds here speaks for or against a model{open_ended}."))
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
    unsure = unsettled_models(result)
    if unsure:
        which = "every rank" if len(unsure) == len(models) else f"the rank of {listing(list(map(words, unsure)))}"
        yield Paragraph(phrase(warning(capital(UNSETTLED)), f": facts that are missing could change {which}."))


def unsettled_models(result: Result) -> list[str]:
    """The models whose rank, with all packs together, unknowns could change."""
    return [model.model for model in result.views[0].models if model.settled is False]
