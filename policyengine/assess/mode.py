"""How leads on several sides work together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal

from policyengine.domain.tie import Tie

Mode = Literal["none", "single", "parallel", "integrated", "host", "contested"]


def mode_of(leads: Mapping[str, str], ties: Sequence[Tie], layer: str, tie_modes: Mapping[str, str | None]) -> Mode:
    """The mode of one layer: `leads` gives the side of each leading jurisdiction.

    Leads of one side are `single`. Leads of several sides work `integrated` if ties of a kind with
    that mode, serving this layer, join all of them to one another; in `host` mode if ties of that
    kind do; else in `parallel`.
    """
    if not leads:
        return "none"
    if len(set(leads.values())) == 1:
        return "single"
    wanted: tuple[Literal["integrated", "host"], ...] = ("integrated", "host")
    for mode in wanted:
        groups = [
            set(tie.parties)
            for tie in ties
            if tie_modes.get(tie.kind) == mode and (tie.layers is None or layer in tie.layers)
        ]
        if _joined(set(leads), groups):
            return mode
    return "parallel"


def _joined(leads: set[str], groups: list[set[str]]) -> bool:
    """Whether the leads hang together through ties among them."""
    reached = {min(leads)}
    while True:
        wider = reached.union(*(group & leads for group in groups if group & reached))
        if wider == reached:
            return reached == leads
        reached = wider


def contested(leads_by_view: Sequence[AbstractSet[str]], side_of: Mapping[str, str]) -> bool:
    """Whether opinion packs disagree: on some side, two of them name leads and share none."""
    for side in set(side_of.values()):
        named = [{lead for lead in leads if side_of[lead] == side} for leads in leads_by_view]
        named = [leads for leads in named if leads]
        if any(not one & other for number, one in enumerate(named) for other in named[:number]):
            return True
    return False
