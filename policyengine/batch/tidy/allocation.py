"""The table that most questions are asked of: who has which part on each layer of each threat, in each view."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from policyengine.assess.result import Actor, Cell, Result, Standing, View
from policyengine.batch.tidy.columns import Column, Row, Table
from policyengine.batch.tidy.open_effects import Places, open_effects
from policyengine.batch.writers import Evaluated

DECIMALS: Final = 12
"""Of a share: as many as every format keeps, workbooks among them."""
MODES: Final = ("none", "single", "parallel", "integrated", "host", "contested")
VIEW: Final = Column("view", "text", "`all` packs together, or the id of the opinion pack that is heard alone.")
THREAT: Final = Column("threat", "text", "The id of the threat.")
LAYER: Final = Column("layer", "text", "The layer.")
_COLUMNS: Final = (
    VIEW,
    THREAT,
    Column("threat_kind", "text", "The kind of the threat."),
    LAYER,
    Column("jurisdiction", "text", "The id of the jurisdiction."),
    Column("level", "text", "Its level."),
    Column("side", "text", "Its side."),
    Column("role", "text", "Its part on this layer.", values=("lead", "co-lead", "support", "none")),
    Column("rank", "integer", "Its place by points that count, 1 for the most; equal points, equal rank.",
           "it has no points that count", low=1),
    Column("score", "integer", "The sum of what rules give it; 0 where none says anything.",
           unit="millionths of a point"),
    Column("share", "number", "Its part of all points that count on this layer.",
           "nobody has points that count, so there is nothing to share", "part of 1", low=0, high=1),
    Column("share_of_side", "number", "Its part of the points that count of its side.",
           "nobody of its side has points that count", "part of 1", low=0, high=1),
    Column("barred", "text", "Whether a rule bars it from leading, or from the layer.",
           values=("no", "from lead", "from layer")),
    Column("undecided", "integer", "How many effects of rules on it are undecided here, for want of facts.", low=0),
    Column("mode", "text", "How the leads of this layer work together.", values=MODES),
    Column("settled", "boolean", "Whether no unknown fact could change the leads of this layer."),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Sums:
    """The points that count on one layer: of all, and of each side."""

    counted: Mapping[str, int]
    total: int
    of_side: Mapping[str, int]


def _rows(made: Evaluated) -> Iterator[Row]:
    kinds = {threat.id: threat.kind for threat in made.scenario.threats}
    unsure = open_effects(made.result, made.rulebook)
    for view in made.result.views:
        for cell in view.cells:
            yield from _cell(made.result, view, cell, kinds[cell.threat], unsure)


def _cell(result: Result, view: View, cell: Cell, kind: str, unsure: Places) -> Iterator[Row]:
    """A row for each jurisdiction, also for those of which no rule says anything."""
    standings = {standing.jurisdiction: standing for standing in cell.standings}
    sums = _sums(result, standings)
    for actor in result.jurisdictions:
        found = standings.get(actor.id)
        own = sums.counted[actor.id]
        yield (
            view.id, cell.threat, kind, cell.layer, actor.id, actor.level, actor.side,
            found.role if found else "none",
            1 + sum(other > own for other in sums.counted.values()) if own else None,
            found.score if found else 0,
            _part(own, sums.total), _part(own, sums.of_side[actor.side]),
            found.barred if found else "no",
            sum(pack in view.packs for pack in unsure.get((cell.threat, cell.layer, actor.id), ())),
            cell.mode, cell.settled,
        )  # fmt: skip


def _sums(result: Result, standings: Mapping[str, Standing]) -> _Sums:
    counted = {actor.id: _counted(standings.get(actor.id)) for actor in result.jurisdictions}
    of_side = dict.fromkeys((actor.side for actor in result.jurisdictions), 0)
    for actor in result.jurisdictions:
        of_side[actor.side] += counted[actor.id]
    return _Sums(counted, sum(counted.values()), of_side)


def _counted(standing: Standing | None) -> int:
    return 0 if standing is None or standing.barred == "from layer" else max(standing.score, 0)


def _part(own: int, total: int) -> float | None:
    return round(own / total, DECIMALS) if total else None


def side_of(actors: tuple[Actor, ...]) -> dict[str, str]:
    """The side of each jurisdiction."""
    return {actor.id: actor.side for actor in actors}


ALLOCATION: Final = Table(
    "allocation",
    "One scenario, view, threat, layer and jurisdiction. Say which view is meant before anything is added up.",
    ("name", "view", "threat", "layer", "jurisdiction"),
    _COLUMNS,
    _rows,
)
