"""The report of an explanation: reasons threat by threat and layer by layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Literal

from policyengine.explanation import Explanation, Why
from policyengine.report.blocks import Block, Heading, Paragraph, Title
from policyengine.report.citations import citations
from policyengine.report.facts import Facts
from policyengine.report.headline import headline
from policyengine.report.names import Names, mode_phrase
from policyengine.report.others import how_many_are_named, others
from policyengine.report.why import LEADS, in_full, leads
from policyengine.report.words import capital, dated, words

Detail = Literal["leads", "others", "full"]
"""Reasons of the leads only; of the others in short as well; or everything about one jurisdiction."""


def explanation_report(explanation: Explanation, detail: Detail) -> Iterator[Block]:
    """Reasons, then the claims behind them and the sources of the claims."""
    result = explanation.result
    yield Title(f"Why: {dated(result.scenario.title, result.scenario.year)}")
    yield Paragraph(headline(result))
    names = Names(result)
    for (threat, layer), found in groupby(explanation.whys, key=lambda why: (why.threat, why.layer)):
        whys = list(found)
        cell = next(each for each in result.views[0].cells if (each.threat, each.layer) == (threat, layer))
        flags = "".join(piece.text for piece in mode_phrase(cell))
        of_threat = f" ({names.threat(threat)})" if len(result.threats) > 1 else ""
        yield Heading(f"{capital(words(layer))}{of_threat}: {flags}")
        yield from _layer(explanation, whys, detail)
    if detail == "others":
        yield how_many_are_named()
    yield from citations(result, _rules_shown(explanation, detail))


def _layer(explanation: Explanation, whys: list[Why], detail: Detail) -> Iterator[Block]:
    if detail == "full":
        for why in whys:
            yield from in_full(explanation, why)
        return
    yield from leads(explanation, whys)
    if detail == "others":
        rest = tuple(others(whys, Facts(explanation.result)))
        if rest:
            somebody = any(why.standing.role in LEADS for why in whys)
            yield Heading("Why not the others" if somebody else "Which rules came near", 2)
            yield from rest


def _rules_shown(explanation: Explanation, detail: Detail) -> list[str]:
    """The rules that the sections name as counting for or against somebody."""
    return [
        each.rule
        for why in explanation.whys
        for each in why.contributions
        if why.standing.role in ("lead", "co-lead")
        or detail == "full"
        or (detail == "others" and (each.bar or each.strength < 0))
    ]
