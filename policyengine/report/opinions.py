"""What each opinion pack says alone, so that a reader sees where the sum hides a quarrel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.assess.result import Cell, Result
from policyengine.report import blocks
from policyengine.report.blocks import Block, Column, Group, Phrase, Table, phrase, strong, warning
from policyengine.report.names import Names, cells_of
from policyengine.report.words import capital, listing, words

_COLUMNS = (Column("pack or layer", "words"), Column("leads", "words"))


def opinions(result: Result) -> Iterator[Block]:
    """A table for each threat; nothing where only one opinion was heard."""
    if len(result.views) == 1:
        return
    yield blocks.Heading("What each opinion pack says alone")
    for threat in result.threats:
        if len(result.threats) > 1:
            yield blocks.Heading(f"Threat: {threat.name}", 2)
        together = cells_of(result.views[0], threat.id)
        alone = [cells_of(view, threat.id) for view in result.views[1:]]
        yield Table(_COLUMNS, tuple(_groups(result, together, alone)), head_title="where")


def _groups(result: Result, together: Sequence[Cell], alone: Sequence[Sequence[Cell]]) -> Iterator[Group]:
    """A group for each layer on which the packs differ, then one for the layers on which they agree."""
    names = Names(result)
    agreed: dict[str, list[str]] = {}
    for place, cell in enumerate(together):
        leads = [", ".join(names.actors(cells[place].leads)) or "nobody" for cells in alone]
        if len({frozenset(cells[place].leads) for cells in alone}) == 1:
            agreed.setdefault(leads[0], []).append(words(cell.layer))
            continue
        rows = zip((view.id for view in result.views[1:]), leads, strict=True)
        head = phrase(strong(capital(words(cell.layer))), ": ", _quarrel(cell))
        yield Group(tuple((blocks.Cell(pack), blocks.Cell(who)) for pack, who in rows), head)
    if agreed:
        rows_agreed = tuple((blocks.Cell(capital(listing(layers))), blocks.Cell(who)) for who, layers in agreed.items())
        yield Group(rows_agreed, (strong("They agree"),))


def _quarrel(together: Cell) -> Phrase:
    return (warning("they disagree"),) if together.mode == "contested" else phrase("they differ in part")
