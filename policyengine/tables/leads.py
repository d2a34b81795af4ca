"""From sums to leads, modes and shares, by the same formulas as for one scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from policyengine.assess.allocation import (
    Flags,
    Role,
    Shares,
    Thresholds,
    pooled_shares,
    positive,
    roles,
    side_shares,
)
from policyengine.assess.case import Case
from policyengine.assess.mode import contested, mode_of
from policyengine.domain.tie import Tie
from policyengine.rulebook.rule import Rulebook
from policyengine.tables.cells import Sums

MODES = ("none", "single", "parallel", "integrated", "host", "contested")
_BITS = 8
"""So many jurisdictions are told apart at a time."""
_MOST_LOOKED_UP = 1 << 17
"""Up to this number kinds are renumbered with a table, beyond it by sorting."""


@dataclass
class Leads:
    """Names and modes of the leads of one layer, remembered by who leads in each view and which ties there are.

    The lists of ties have to outlive this object.
    """

    case: Case
    layer: str
    names: dict[str, int] = field(default_factory=dict)
    _seen: dict[Any, tuple[int, int]] = field(default_factory=dict)

    def label(self, leads: Mapping[str, Flags], ties: Sequence[Sequence[Tie]], tie_of: Any) -> tuple[Any, Any]:
        """For each row the number of the leads' names and of the mode.

        `leads` holds for each view an array of the shape (rows, jurisdictions); `tie_of` which of the variants of
        the ties each row has.
        """
        first, inverse = distinct(list({id(flags): flags for flags in leads.values()}.values()), tie_of)
        variants = np.broadcast_to(tie_of, len(inverse))[first]
        found = [
            self.one([tuple(np.flatnonzero(flags[row]).tolist()) for flags in leads.values()], ties[variant])
            for row, variant in zip(first.tolist(), variants.tolist(), strict=True)
        ]
        names, modes = np.array(found, np.int32).reshape(-1, 2).T
        return names[inverse], modes[inverse]

    def one(self, leads: Sequence[tuple[int, ...]], ties: Sequence[Tie]) -> tuple[int, int]:
        """The numbers of the leads' names and of the mode, given who leads in each view."""
        key = (tuple(leads), id(ties))
        if key not in self._seen:
            actors = self.case.scenario.jurisdictions
            named = [[actors[place].id for place in view] for view in leads]
            label = self.names.setdefault(" ".join(named[0]), len(self.names))
            side_of = {each.id: each.side for each in actors}
            self._seen[key] = (label, mode_number(self.case.rulebook, side_of, self.layer, named, ties))
        return self._seen[key]


def mode_number(
    rulebook: Rulebook, side_of: Mapping[str, str], layer: str, named: Sequence[Sequence[str]], ties: Sequence[Tie]
) -> int:
    """The number of the mode of a layer, given the ids of who leads in each view."""
    kinds = {name: kind.mode for name, kind in rulebook.vocabulary.terms("tie_kinds").items()}
    together, *alone = named
    mode = mode_of({lead: side_of[lead] for lead in together}, ties, layer, kinds)
    disputed = bool(alone) and contested([frozenset(leads) for leads in alone], side_of)
    return MODES.index("contested" if disputed and together else mode)


def roles_of(case: Case, sums: Sums, thresholds: Thresholds) -> Any:
    """The role of each jurisdiction in each row."""
    return roles(positive(sums.scores, sums.barred), sums.lead_barred, case.side, thresholds)


def leads_of(found: Any) -> Flags:
    """Who leads, alone or with others."""
    return np.asarray(found >= Role.CO_LEAD)


def shares_of(case: Case, sums: Sums) -> tuple[Shares, Shares]:
    """Shares of all points, and of those of the own side."""
    counted = positive(sums.scores, sums.barred)
    return pooled_shares(counted), side_shares(counted, case.side)


def distinct(views: Sequence[Flags], tie_of: Any) -> tuple[Any, Any]:
    """One row of each kind, and for each row its kind. Rows of one kind have the same leads and the same ties."""
    rows = len(views[0])
    kinds: Any = np.zeros(rows, np.intp)
    kinds += tie_of
    for flags in views:
        for start in range(0, flags.shape[1], _BITS):
            for column in flags.T[start : start + _BITS]:
                kinds = kinds << 1 | column
            kinds = _renumbered(kinds)
    row_of = np.empty(int(kinds.max()) + 1, np.intp)
    row_of[kinds] = np.arange(rows)
    return row_of, kinds


def _renumbered(codes: Any) -> Any:
    """The same kinds with small numbers, without a gap."""
    most = int(codes.max())
    if most >= _MOST_LOOKED_UP:
        return np.unique(codes, return_inverse=True)[1].ravel()
    seen = np.zeros(most + 1, np.bool_)
    seen[codes] = True
    number = np.cumsum(seen) - 1
    return number[codes]
