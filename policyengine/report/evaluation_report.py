"""The report of one result: what an analyst reads from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.assess.result import Result
from policyengine.report.advice import cautions, measures, unknowns
from policyengine.report.allocation import allocation
from policyengine.report.blocks import Block, Paragraph, Title
from policyengine.report.burden import burden
from policyengine.report.changes import changes
from policyengine.report.headline import headline
from policyengine.report.opinions import opinions
from policyengine.report.ranking import ranking
from policyengine.report.stamp import stamp, who_is_who
from policyengine.report.words import NO_YEAR, dated


def evaluation_report(result: Result, arguments: Sequence[str], engine: Sequence[str] = ()) -> Iterator[Block]:
    """All sections; `arguments` and `engine` follow the command for whoever wants it again."""
    yield Title(dated(result.scenario.title, result.scenario.year, NO_YEAR))
    yield Paragraph(headline(result))
    yield from allocation(result)
    yield from opinions(result)
    yield from ranking(result)
    yield from burden(result)
    yield from measures(result)
    yield from cautions(result)
    yield from unknowns(result)
    yield from changes(result)
    yield from who_is_who(result)
    yield from stamp(result, arguments, engine)
