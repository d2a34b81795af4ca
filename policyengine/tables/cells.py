"""Adding up outcomes, cell by cell: scores, bars and open questions of one threat on one layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from policyengine.assess.allocation import Flags, Scores
from policyengine.engines.columnar_fold import Residual
from policyengine.engines.columnar_program import Chunk
from policyengine.engines.columnar_variations import Outcome
from policyengine.tables.plan import Plan

Judged = tuple[Any, Any, Any]


@dataclass
class Sums:
    """The sums of the packs of one view: arrays of the shape (rows, jurisdictions), rows next to one another."""

    scores: Scores
    barred: Flags
    lead_barred: Flags


@dataclass
class Entry:
    """What one outcome adds to: the views, the kind of effect and the jurisdiction."""

    outcome: Outcome
    views: tuple[str, ...]
    kind: str
    jurisdiction: int


@dataclass
class Cell:
    """One threat on one layer: what is sure, as one row, and what varies."""

    threat: int
    layer: int
    sure: dict[str, Sums]
    entries: list[Entry] = field(default_factory=list)
    open: int = 0

    def sums(self, judged: Sequence[Judged], rows: int) -> tuple[dict[str, Sums], Any]:
        """The sums of each view for the rows of a chunk, and how many effects are undecided in each row."""
        own = {name: _spread(self.sure[name], rows) for name in set(self.alike.values())}
        undecided = np.full(rows, self.open, np.int32)
        for entry, (fired, unsure, strength) in zip(self.entries, judged, strict=True):
            undecided += unsure
            added = fired * strength if entry.kind == "score" else None
            for name in entry.views:
                if name in own:
                    _add(own[name], entry, fired, added)
        return {name: own[self.alike[name]] for name in self.sure}, undecided

    @cached_property
    def steady(self) -> bool:
        """Whether all strengths are the same in every row, so that everything follows from which outcomes fire."""
        return not any(isinstance(entry.outcome.strength, Residual) for entry in self.entries)

    @cached_property
    def alike(self) -> dict[str, str]:
        """For each view the first one that has the same sums here: an opinion may have nothing to say on a cell."""
        first: dict[tuple[Any, ...], str] = {}
        found = {}
        for name, sums in self.sure.items():
            heard = tuple(place for place, entry in enumerate(self.entries) if name in entry.views)
            arrays = (sums.scores.tobytes(), sums.barred.tobytes(), sums.lead_barred.tobytes())
            found[name] = first.setdefault((heard, arrays), name)
        return found


def _spread(sums: Sums, rows: int) -> Sums:
    # Rows are next to one another in memory, so that each jurisdiction is one fast column.
    def column(values: Any) -> Any:
        return np.broadcast_to(values.T, (values.shape[1], rows)).copy().T

    return Sums(column(sums.scores), column(sums.barred), column(sums.lead_barred))


def _add(sums: Sums, entry: Entry, fired: Any, added: Any) -> None:
    place = entry.jurisdiction
    if added is not None:
        sums.scores[:, place] += added
    elif entry.kind == "lead bar":
        sums.lead_barred[:, place] |= fired
    else:
        sums.barred[:, place] |= fired


def cells_of(plan: Plan) -> list[Cell]:
    """Every cell, threat by threat and layer by layer, with its outcomes."""
    shape, views = plan.case.shape, plan.case.views
    size = (1, shape.jurisdictions)
    cells = {
        (threat, layer): Cell(
            threat,
            place,
            {
                name: Sums(np.zeros(size, np.int64), np.zeros(size, np.bool_), np.zeros(size, np.bool_))
                for name in views
            },
        )
        for threat in range(shape.threats)
        for place, layer in enumerate(shape.layers)
    }
    for outcome in plan.outcomes:
        effect = plan.effect(outcome)
        if effect.kind not in ("score", "bar"):
            continue
        cell = cells[outcome.subject.threat, effect.target]
        pack = plan.rulebook.rules[outcome.rule].pack
        kind = "lead bar" if effect.lead_only else effect.kind
        entry = Entry(
            outcome, tuple(name for name, packs in views.items() if pack in packs), kind, outcome.subject.jurisdiction
        )
        if outcome.varies:
            cell.entries.append(entry)
        elif outcome.fires:
            for name in entry.views:
                _add(cell.sure[name], entry, np.True_, outcome.strength if kind == "score" else None)
        else:
            cell.open += 1
    return list(cells.values())


def judge(entries: Sequence[Entry], chunk: Chunk) -> list[Judged]:
    """Each outcome once."""
    return [entry.outcome.judge(chunk) for entry in entries]
