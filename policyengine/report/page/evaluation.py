"""The page of one result, from the sentence down to every input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from policyengine.assess.result import Result
from policyengine.domain.scenario import Scenario
from policyengine.explanation import Explanation
from policyengine.report.advice import all_open, cautions, measures, unknowns
from policyengine.report.blocks import Block, Heading, Paragraph, Phrase
from policyengine.report.burden import burden_shares
from policyengine.report.changes import changes
from policyengine.report.facts import Facts
from policyengine.report.headline import headline
from policyengine.report.names import Names
from policyengine.report.opinions import opinions
from policyengine.report.others import how_many_are_named, others
from policyengine.report.page.bases import LabelRow, label_rows
from policyengine.report.page.inputs import Fact, Reference, Subject, inputs, parameters, references
from policyengine.report.page.models import ModelTable, model_table
from policyengine.report.page.rules import (
    RuleEntry,
    SourceLine,
    decisive_rules,
    rule_entries,
    rule_numbers,
    source_lines,
)
from policyengine.report.page.shares import Overview, ThreatTable, overview, share_tables
from policyengine.report.page.waterfalls import LayerFalls, waterfalls
from policyengine.report.ranking import ranking
from policyengine.report.stamp import stamp, who_is_who
from policyengine.report.why import LEADS, nobody
from policyengine.report.words import NO_YEAR, capital, dated, words

Blocks = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class EvaluationPage:
    """All that the page says, in the order in which it says it."""

    title: str
    heading: str
    shows: str
    headline: Phrase
    contested: bool
    unsettled: bool
    overview: Overview | None
    threats: tuple[ThreatTable, ...]
    opinions: Blocks
    models: ModelTable | None
    unranked: Blocks
    labels: tuple[LabelRow, ...]
    bases: Blocks
    decisive: tuple[RuleEntry, ...]
    unknowns: Blocks
    advice: Blocks
    stamp: Blocks
    falls: tuple[LayerFalls, ...]
    open_rules: Blocks
    why_not: Blocks
    rules: tuple[RuleEntry, ...]
    sources: tuple[SourceLine, ...]
    who: Blocks
    inputs: tuple[Subject, ...]
    parameters: tuple[Fact, ...]
    references: tuple[Reference, ...]


def evaluation_page(
    explanation: Explanation, scenario: Scenario, arguments: Sequence[str], engine: Sequence[str] = ()
) -> EvaluationPage:
    """Gather what the page says; `arguments` and `engine` follow the command for whoever wants it again."""
    result = explanation.result
    cells = result.views[0].cells
    ranked = model_table(result)
    return EvaluationPage(
        title=result.scenario.title,
        heading=dated(result.scenario.title, result.scenario.year, NO_YEAR),
        shows=result.scenario.shows,
        headline=headline(result),
        contested=any(cell.mode == "contested" for cell in cells),
        unsettled=not all(cell.settled for cell in cells),
        overview=overview(result),
        threats=share_tables(result),
        opinions=tuple(opinions(result)),
        models=ranked,
        unranked=tuple(ranking(result)) if ranked is None else (),
        labels=label_rows(result),
        bases=tuple(burden_shares(result)),
        decisive=decisive_rules(result),
        unknowns=tuple(unknowns(result, "all of them stand below")),
        advice=(*cautions(result), *measures(result)),
        stamp=(*changes(result), *stamp(result, arguments, engine)),
        falls=waterfalls(explanation, rule_numbers(result)),
        open_rules=tuple(all_open(result)),
        why_not=_why_not(explanation),
        rules=rule_entries(result),
        sources=tuple(source_lines(result).values()),
        who=tuple(who_is_who(result)),
        inputs=inputs(scenario),
        parameters=parameters(result.parameters),
        references=references(scenario),
    )


def _why_not(explanation: Explanation) -> Blocks:
    """In short, for each layer of each threat, why the others do not lead; what is the same for several once."""
    threats: dict[tuple[str, Blocks], list[str]] = {}
    facts = Facts(explanation.result)
    for (threat, layer), found in groupby(explanation.whys, key=lambda why: (why.threat, why.layer)):
        whys = list(found)
        said = tuple(others(whys, facts))
        if said and not any(why.standing.role in LEADS for why in whys):
            said = (Paragraph(nobody(explanation, whys)), *said)
        if said:
            threats.setdefault((layer, said), []).append(threat)
    blocks: list[Block] = [how_many_are_named()] if threats else []
    for (layer, said), where in threats.items():
        blocks += [Heading(_where(explanation.result, where, layer), 2), *said]
    return tuple(blocks)


def _where(result: Result, threats: Sequence[str], layer: str) -> str:
    names = Names(result)
    of_threats = f" ({'; '.join(map(names.threat, threats))})" if len(result.threats) > 1 else ""
    return capital(words(layer)) + of_threats
