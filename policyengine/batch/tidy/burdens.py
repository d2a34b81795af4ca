"""Cost against benefit on each basis, and under how many bases a label holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policyengine.batch.tidy.allocation import side_of
from policyengine.batch.tidy.columns import Column, Row, Table, text
from policyengine.batch.writers import Evaluated
from policyengine.report.words import words

_PARTNER: Final = (
    Column("jurisdiction", "text", "The partner."),
    Column("side", "text", "Its side."),
)
_SHARE: Final = "part of 1, to the whole per cent"
_OF_A_BASIS: Final = (
    Column("cost_measure", "text", "Which costs are counted."),
    Column("basis", "text", "Which benefit they are held against."),
    *_PARTNER,
    Column("cost_share", "number", "Its part of the cost of all partners.", "the cost of a partner is unknown", _SHARE,
           low=0, high=1),
    Column("benefit_share", "number", "Its part of the benefit of all partners.",
           "unknown, or nobody has a benefit", _SHARE, low=0, high=1),
    Column("ratio", "number", "Cost share divided by benefit share, before they are rounded.",
           "one of them is unknown, or it has no benefit", "two decimals", low=0),
    Column("gap", "number", "Half the sum of |cost share - benefit share| over the partners; the same in each row of "
           "a basis.", "a share is unknown", _SHARE, low=0, high=1),
    Column("labels", "text", "The labels that rules give it on this basis, with a semicolon between.", "none"),
)  # fmt: skip
_OF_A_VERDICT: Final = (
    *_PARTNER,
    Column("label", "text", "The label; it never stands without the number of bases."),
    Column("holds", "integer", "Under how many bases it holds.", low=0),
    Column("bases", "integer", "How many bases there are for this partner.", low=0),
    Column("undetermined", "integer", "On how many it is not known whether it holds.", low=0),
)


def _bases(made: Evaluated) -> Iterator[Row]:
    sides = side_of(made.result.jurisdictions)
    for basis in made.result.burdens:
        for row in basis.rows:
            shares = (_part(row.cost_share), _part(row.benefit_share), row.ratio, _part(basis.gap))
            labels = text("; ".join(words(label) for label in row.labels))
            yield basis.cost_measure, basis.basis, row.jurisdiction, sides[row.jurisdiction], *shares, labels


def _part(per_cent: int | None) -> float | None:
    return None if per_cent is None else per_cent / 100


def _verdicts(made: Evaluated) -> Iterator[Row]:
    sides = side_of(made.result.jurisdictions)
    for each in made.result.burden_verdicts:
        numbers = each.holds, each.bases, each.undetermined
        yield each.jurisdiction, sides[each.jurisdiction], text(words(each.label)), *numbers


BURDENS: Final = Table(
    "burdens",
    "One scenario, cost measure, benefit basis and partner.",
    ("name", "cost_measure", "basis", "jurisdiction"),
    _OF_A_BASIS,
    _bases,
)
VERDICTS: Final = Table(
    "verdicts", "One scenario, partner and label.", ("name", "jurisdiction", "label"), _OF_A_VERDICT, _verdicts
)
