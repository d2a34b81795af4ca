"""What differs between two results, in words: from one value to the other, and the rules that make the difference."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from policyengine.analysis.attribution import RulePart, StandingChange
from policyengine.analysis.result_changes import CellChange, ModelChange, ResultChange
from policyengine.assess.result import Cell as LayerCell
from policyengine.assess.result import ModelRank, Standing
from policyengine.report.blocks import (
    Block,
    Cell,
    Column,
    Group,
    Heading,
    Item,
    Items,
    Phrase,
    Table,
    Tone,
    phrase,
    strong,
    warning,
)
from policyengine.report.change_advice import ARROW, advice_items, from_to
from policyengine.report.words import capital, count, listing, per_cent, words

_NOBODY = "nobody"
_COLUMNS = (Column("who", "words"), Column("role", "words"), Column("share", "number"), Column("points", "number"))


def exact_points(millionths: int, *, sign: bool = False) -> str:
    """Points with as many decimals as they have, so that what is shown adds up."""
    whole, part = divmod(abs(millionths), 1_000_000)
    text = f"{whole:,}" + (f".{part:06d}".rstrip("0") if part else "")
    return f"-{text}" if millionths < 0 else f"+{text}" if sign and millionths else text


def parts_phrase(parts: Iterable[RulePart]) -> Phrase:
    """What each rule adds, the largest first."""
    pieces: list[Phrase] = []
    for part in parts:
        gone = " (nothing after)" if not part.after else " (nothing before)" if not part.before else ""
        mark = ", " if pieces else ""
        pieces.append(phrase(mark, strong(exact_points(part.difference, sign=True)), f" {part.rule}{gone}"))
    return phrase(*pieces)


def result_change(change: ResultChange) -> Iterator[Block]:
    """Everything that differs for one scenario."""
    yield Heading(f"{change.id}: {change.title}" if change.title != change.id else change.id, 2)
    if change.cells:
        yield Table(_COLUMNS, tuple(_group(cell, change.names) for cell in change.cells), "layer")
    if change.models:
        yield Items(tuple(map(_model, change.models)))
    advised = tuple(advice_items(change))
    if advised:
        yield Items(advised)
    if not change.cells and not change.models and not advised:
        rules = [each.rule for each in change.firings]
        yield Items((Item(phrase(f"No share and no rank differs, only firings of {listing(rules, 5)}.")),))


def overview(changes: Sequence[ResultChange]) -> Table:
    """A row for each scenario that differs."""
    columns = (
        Column("scenario", "words"),
        Column("leads", "number"),
        Column("layers", "number"),
        Column("largest", "number"),
    )
    rows = tuple(
        (
            Cell(each.id),
            Cell(str(each.leads), Tone.WARNING if each.leads else Tone.PLAIN),
            Cell(str(len(each.cells))),
            Cell(exact_points(each.size)),
        )
        for each in changes
    )
    return Table(columns, (Group(rows),))


def _group(cell: CellChange, names: Mapping[str, str]) -> Group:
    rows = tuple(_row(each, names) for each in cell.standings)
    notes = tuple(_notes(cell.standings, names))
    return Group(
        rows, phrase(strong(capital(words(cell.layer))), f" ({names[cell.threat]}): ", _head(cell, names)), notes
    )


def _head(cell: CellChange, names: Mapping[str, str]) -> Phrase:
    """What becomes of the leads, and of how they work together."""
    said: list[Phrase] = []
    if cell.leads:
        said.append(phrase(warning(f"leads {_leads(cell.before, names)} {ARROW} {_leads(cell.after, names)}")))
    was, now = cell.before, cell.after
    if was is not None and now is not None:
        if was.mode != now.mode:
            said.append(phrase(f"{was.mode} {ARROW} {now.mode}"))
        if was.settled != now.settled:
            said.append(phrase(f"{_settled(was)} {ARROW} {_settled(now)}"))
    if not said:
        return phrase("the same leads")
    return phrase(*(phrase("; " if number else "", each) for number, each in enumerate(said)))


def _settled(cell: LayerCell) -> str:
    return "settled" if cell.settled else "unsettled"


def _leads(cell: LayerCell | None, names: Mapping[str, str]) -> str:
    return listing([names[lead] for lead in cell.leads]) if cell and cell.leads else _NOBODY


def _row(change: StandingChange, names: Mapping[str, str]) -> tuple[Cell, ...]:
    was, now = change.before, change.after
    role = from_to(_role(was), _role(now))
    return (
        Cell(names[change.place[2]]),
        Cell(role, Tone.WARNING if ARROW in role and "lead" in role else Tone.PLAIN),
        Cell(from_to(_share(was), _share(now))),
        Cell(from_to(_score(was), _score(now))),
    )


def _role(standing: Standing | None) -> str:
    if standing is None:
        return "none"
    barred = {"no": "", "from lead": ", may not lead", "from layer": ", may have no part"}[standing.barred]
    return f"{standing.role}{barred}"


def _share(standing: Standing | None) -> str:
    return per_cent(standing.share if standing else None)


def _score(standing: Standing | None) -> str:
    return exact_points(standing.score if standing else 0)


def _notes(changes: Sequence[StandingChange], names: Mapping[str, str]) -> Iterator[Phrase]:
    """Why standings differ; those with the same reasons stand together."""
    alike: dict[Phrase, list[str]] = {}
    for change in changes:
        alike.setdefault(_reasons(change), []).append(names[change.place[2]])
    for reasons, who in alike.items():
        yield phrase(f"{listing(who)}: ", reasons)


def _reasons(change: StandingChange) -> Phrase:
    """The points of rules, bars, or the points of others."""
    said: list[Phrase] = []
    if change.parts:
        whole = exact_points(change.difference, sign=True)
        said.append(phrase(strong(whole), " = ", parts_phrase(change.parts)))
    if change.bars:
        said.append(phrase(f"barred by {listing(change.bars)}"))
    if change.freed:
        said.append(phrase(f"not barred any more by {listing(change.freed)}"))
    said = said or [phrase("the same points; those of others differ")]
    return phrase(*(phrase("; " if number else "", each) for number, each in enumerate(said)))


def _model(change: ModelChange) -> Item:
    was, now = change.before, change.after
    rank = from_to(_rank(was), _rank(now))
    score = from_to(exact_points(was.score if was else 0), exact_points(now.score if now else 0))
    why = (
        phrase(f", {exact_points(change.difference, sign=True)} = ", parts_phrase(change.parts)) if change.parts else ()
    )
    return Item(phrase("model ", strong(words(change.model)), f": {rank}; points {score}", why))


def _rank(rank: ModelRank | None) -> str:
    if rank is None:
        return "not ranked"
    return f"rank {rank.rank}{', unsettled' if rank.settled is False else ''}"


def sections(changes: Sequence[ResultChange], most: int) -> Iterator[Block]:
    """The overview, and each scenario that differs; only the first `most` in full, unless it is 0."""
    if len(changes) > 1:
        yield overview(changes)
    shown = changes[:most] if most else changes
    for change in shown:
        yield from result_change(change)
    if len(shown) < len(changes):
        left = count(len(changes) - len(shown), "scenario")
        yield Items((Item(phrase(f"{left} more that differ less: --most 0 shows all, and so does --format json.")),))
