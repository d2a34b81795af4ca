"""Who bears how much of the cost, never as a bare label."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from policyengine.assess.result import BurdenBasis, BurdenVerdict, Result
from policyengine.report.blocks import (
    Block,
    Cell,
    Column,
    Group,
    Heading,
    Item,
    Items,
    Paragraph,
    Table,
    phrase,
    quiet,
    strong,
    warning,
)
from policyengine.report.names import Names
from policyengine.report.words import count, per_cent, words

_COLUMNS = (
    Column("benefit"),
    Column("cost counted"),
    Column("who"),
    Column("of cost", "number"),
    Column("of benefit", "number"),
    Column("ratio", "number"),
)


def burden(result: Result) -> Iterator[Block]:
    """Under how many bases each label holds, then the shares on each basis."""
    if not result.burdens:
        return
    names = Names(result)
    yield Heading("Burden")
    by_actor = groupby(result.burden_verdicts, key=lambda verdict: verdict.jurisdiction)
    items = tuple(_verdicts(names.actor(actor), list(verdicts)) for actor, verdicts in by_actor)
    yield Items(items) if items else Paragraph(phrase("No rule gives a label on any basis."))
    yield from burden_shares(result)


def burden_shares(result: Result) -> Iterator[Block]:
    """The shares of cost and benefit on each basis, and how far apart they lie."""
    if not result.burdens:
        return
    names = Names(result)
    yield Table(_COLUMNS, tuple(_rows(basis, names) for basis in result.burdens))
    gaps = [basis.gap for basis in result.burdens if basis.gap is not None]
    if gaps:
        apart = f"{min(gaps)} to {per_cent(max(gaps))} apart, depending on the basis"
        span = apart if min(gaps) < max(gaps) else f"{per_cent(gaps[0])} apart"
        yield Paragraph((quiet(f"Cost and benefit shares lie {span}."),))


def _verdicts(actor: str, verdicts: list[BurdenVerdict]) -> Item:
    said = []
    for verdict in verdicts:
        holds = f"{words(verdict.label)}: under {verdict.holds} of {count(verdict.bases, 'basis', 'bases')}"
        unsure = [warning(f", undetermined on {verdict.undetermined}")] if verdict.undetermined else []
        said.append(Item(phrase(holds, *unsure)))
    return Item((strong(actor),), tuple(said))


def _rows(basis: BurdenBasis, names: Names) -> Group:
    rows = []
    for place, row in enumerate(basis.rows):
        rows.append(
            (
                Cell("" if place else words(basis.basis)),
                Cell("" if place else words(basis.cost_measure)),
                Cell(names.actor(row.jurisdiction)),
                Cell("unknown" if row.cost_share is None else per_cent(row.cost_share)),
                Cell("unknown" if row.benefit_share is None else per_cent(row.benefit_share)),
                Cell("-" if row.ratio is None else f"{row.ratio:.2f}"),
            )
        )
    return Group(tuple(rows))
