"""The models, ranked, with their points as bars to both sides of nothing."""

from __future__ import annotations

from dataclasses import dataclass

from policyengine.assess.result import Result
from policyengine.report.page.waterfalls import Stretch
from policyengine.report.words import aligned_points, words


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model: its rank, whether it stands first with points, and its points in each view with their bars.

    `unsettled` says that unknowns could change the rank.
    """

    rank: int
    name: str
    first: bool
    unsettled: bool
    points: tuple[tuple[str, Stretch], ...]


@dataclass(frozen=True, slots=True)
class ModelTable:
    """All models; `views` name the columns of points, `zero` is where no points stand on a line of 100."""

    views: tuple[str, ...]
    zero: float
    rows: tuple[ModelRow, ...]


def model_table(result: Result) -> ModelTable | None:
    """The ranking under all packs, beside what each opinion pack says alone; None if no rule speaks of a model."""
    ranked = result.views[0].models
    if not any(model.firings for model in ranked):
        return None
    scores = [{each.model: each.score for each in view.models} for view in result.views]
    given = [score for view in scores for score in view.values()]
    low, high = min(0, *given), max(0, *given)
    width = (high - low) or 1

    def bar(score: int) -> tuple[str, Stretch]:
        first, last = sorted((100 * -low / width, 100 * (score - low) / width))
        return aligned_points(score), Stretch(round(first, 1), round(last - first, 1), score < 0)

    rows = tuple(
        ModelRow(
            each.rank,
            words(each.model),
            each.rank == 1 and each.score > 0,
            each.settled is False,
            tuple(bar(view[each.model]) for view in scores),
        )
        for each in ranked
    )
    views = ("all together", *(view.id for view in result.views[1:]))
    return ModelTable(views, round(100 * -low / width, 1), rows)
