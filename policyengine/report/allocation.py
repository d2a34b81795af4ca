"""Who does what, threat by threat and layer by layer."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.assess.result import Cell, Result, Standing
from policyengine.report import blocks
from policyengine.report.blocks import Block, Column, Group, Phrase, Table, Tone, phrase, quiet, strong
from policyengine.report.headline import sentence
from policyengine.report.names import Names, cells_of, has_points, mode_phrase
from policyengine.report.words import capital, listing, per_cent, words

_MOST_NAMES = 5
_COLUMNS = (
    Column("role"),
    Column("who"),
    Column("", "bar"),
    Column("of all", "number"),
    Column("of its side", "number"),
)


def allocation(result: Result) -> Iterator[Block]:
    """A section for each threat: its sentence where there are several, and its table."""
    for threat in result.threats:
        cells = cells_of(result.views[0], threat.id)
        yield blocks.Heading(f"Threat: {threat.name}")
        if len(result.threats) > 1:
            yield blocks.Paragraph(sentence(result, cells))
        yield Table(_COLUMNS, tuple(_group(result, cell) for cell in cells), head_title="layer and mode")
    yield blocks.Paragraph(_legend(result))


def _legend(result: Result) -> Phrase:
    """The words of the tables that need an explanation, and only those."""
    cells = result.views[0].cells
    said = ["Shares are parts of all points that a layer gets, and of those of the same side, to the whole per cent."]
    if any(cell.mode == "contested" for cell in cells):
        said.append("Contested: heard alone, two opinion packs name leads of the same side and not one in common.")
    if not all(cell.settled for cell in cells):
        said.append("Unsettled: facts that are missing could change the leads.")
    return (quiet(" ".join(said)),)


def _group(result: Result, cell: Cell) -> Group:
    names = Names(result)
    shown = [standing for standing in cell.standings if standing.role != "none"]
    return Group(
        rows=tuple(_row(standing, names) for standing in shown),
        head=phrase(strong(capital(words(cell.layer))), ": ", mode_phrase(cell)),
        notes=tuple(notes(cell, names)) if has_points(cell) else (),
    )


def _row(standing: Standing, names: Names) -> tuple[blocks.Cell, ...]:
    tone = Tone.PLAIN if standing.role == "support" else Tone.STRONG
    return (
        blocks.Cell(standing.role, tone),
        blocks.Cell(names.actor(standing.jurisdiction), tone),
        blocks.Cell("", tone, standing.share),
        blocks.Cell(per_cent(standing.share)),
        blocks.Cell(per_cent(standing.share_of_side)),
    )


def notes(cell: Cell, names: Names) -> Iterator[Phrase]:
    """Those who have less than a supporting part, and those whom a rule keeps out."""
    little = [each for each in cell.standings if each.role == "none" and each.score > 0 and each.barred != "from layer"]
    if little:
        shown = [f"{names.actor(each.jurisdiction)} {per_cent(each.share)}" for each in little]
        yield (quiet(f"less than a supporting part: {listing(shown, _MOST_NAMES)}"),)
    for barred, said in (("from lead", "may not lead"), ("from layer", "may have no part")):
        out = names.actors(each.jurisdiction for each in cell.standings if each.barred == barred)
        if out:
            yield (quiet(f"{said}: {listing(out, _MOST_NAMES)}"),)
