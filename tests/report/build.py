"""Builders with defaults: a test shows only what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from policyengine.assess.mode import Mode
from policyengine.assess.result import (
    Actor,
    Cell,
    Engine,
    Named,
    PackStamp,
    Result,
    ScenarioStamp,
    Standing,
    View,
)

Role = Literal["lead", "co-lead", "support", "none"]
HASH = "0123456789abcdef" * 4


def a_standing(jurisdiction: str = "A", role: Role = "lead", share: int | None = 100, **more: Any) -> Standing:
    return Standing(
        **{
            "jurisdiction": jurisdiction,
            "role": role,
            "score": 1_000_000 if share else 0,
            "share": share,
            "share_of_side": share,
            "barred": "no",
            "firings": (),
            **more,
        }
    )


def a_cell(
    layer: str = "first_layer",
    leads: Sequence[str] = ("A",),
    mode: Mode | None = None,
    *,
    settled: bool = True,
    threat: str = "t",
    standings: Sequence[Standing] | None = None,
) -> Cell:
    shown = (
        tuple(a_standing(lead, share=100 // len(leads)) for lead in leads) if standings is None else tuple(standings)
    )
    found: Mode = mode or ("none" if not leads else "single" if len(leads) == 1 else "parallel")
    return Cell(threat=threat, layer=layer, leads=tuple(leads), mode=found, settled=settled, standings=shown)


def a_view(cells: Sequence[Cell], name: str = "all") -> View:
    return View(id=name, packs=("words", name), cells=tuple(cells), models=())


def a_result(cells: Sequence[Cell] = (), views: Sequence[View] = (), **more: Any) -> Result:
    together = views[0].cells if views else tuple(cells)
    ids = sorted({each.jurisdiction for cell in together for each in cell.standings} | {"A", "B"})
    threats = list(dict.fromkeys(cell.threat for cell in together)) or ["t"]
    return Result(
        **{
            "version": "1.2.3",
            "engine": Engine(name="reference"),
            "scenario": ScenarioStamp(id="a-scenario", title="A scenario", shows="Nothing.", year=2010, sha256=HASH),
            "packs": (PackStamp(id="words", title="Words", version="1.0.0", role="vocabulary", sha256=HASH),),
            "parameters": {},
            "jurisdictions": tuple(Actor(id=each, name=f"Land {each}", level="top", side="one") for each in ids),
            "threats": tuple(Named(id=each, name=f"Threat {each}") for each in threats),
            "layers": tuple(dict.fromkeys(cell.layer for cell in together)),
            "views": tuple(views) or (a_view(cells),),
            "burdens": (),
            "burden_verdicts": (),
            "measures": (),
            "cautions": (),
            "undecided": (),
            "firings": (),
            "rules": {},
            "claims": {},
            "sources": {},
            **more,
        }
    )
