"""The ranking of models under one view, and whether unknowns could change it."""

from __future__ import annotations

from collections.abc import Collection

from policyengine.assess.allocation import Scores
from policyengine.assess.case import Case
from policyengine.assess.result import ModelRank
from policyengine.assess.settled import settled_ranks
from policyengine.assess.tally import Tally


def ranking(case: Case, sums: Tally, packs: Collection[str]) -> tuple[ModelRank, ...]:
    """The models from the most favoured down, by the rules of these packs."""
    scores = [int(score) for score in sums.favour]
    sure = settled_ranks(*_favour_ranges(case, sums, packs))
    rows = [
        ModelRank(
            model=model,
            rank=1 + sum(other > scores[place] for other in scores),
            score=scores[place],
            firings=tuple(sums.favour_parts.get(place, ())),
            settled=bool(sure[place]),
        )
        for place, model in enumerate(case.shape.models)
    ]
    return tuple(sorted(rows, key=lambda row: (row.rank, row.model)))


def _favour_ranges(case: Case, sums: Tally, packs: Collection[str]) -> tuple[Scores, Scores]:
    """The least and the greatest points of each model, whatever undecided rules of these packs come to."""
    low, high = sums.favour.copy(), sums.favour.copy()
    for row in case.table.undecided:
        rule = case.rulebook.rules[row.rule]
        effect = rule.effects[row.effect]
        if effect.kind == "favour" and rule.pack in packs:
            model = row.subject.model if effect.target == "model" else case.shape.models.index(effect.target)
            least, most = case.ranges[row]
            low[model] += least
            high[model] += most
    return low, high
