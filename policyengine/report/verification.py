"""What became of the claims of a register in a copy of their source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

from policyengine.report.blocks import Block, Heading, Item, Items, Paragraph, Title, phrase, quiet, strong, warning
from policyengine.report.words import capital, count
from policyengine.rulebook.verification import Finding, Outcome

_GOOD: Final = frozenset({Outcome.FOUND, Outcome.UNRECORDED})
_ORDER: Final = (Outcome.CHANGED, Outcome.MOVED, Outcome.MISSING, Outcome.UNCOVERED)


def is_bad(finding: Finding) -> bool:
    """Whether register and copy do not agree here."""
    return finding.outcome not in _GOOD


def verification_data(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """The findings as plain data; the line is one of the copy."""
    return [
        {
            "outcome": finding.outcome.value,
            "claim": finding.claim,
            "heading": None if finding.statement is None else finding.statement.heading,
            "position": None if finding.statement is None else finding.statement.position,
            "line": None if finding.statement is None else finding.statement.line,
        }
        for finding in findings
    ]


def verification_report(source: str, file: str, findings: Sequence[Finding]) -> Iterator[Block]:
    """What does not agree, and a count of all."""
    yield Title(f"The claims of {source} in {file}")
    numbers = Counter(finding.outcome for finding in findings)
    said = [f"{numbers[outcome]} {outcome.value}" for outcome in Outcome if numbers[outcome]]
    yield Paragraph(phrase(f"{count(len(findings), 'finding')}: {', '.join(said)}."))
    if not any(map(is_bad, findings)):
        yield Paragraph((strong("Register and copy agree."),))
    for outcome in _ORDER:
        found = [finding for finding in findings if finding.outcome is outcome]
        if found:
            yield Heading(capital(outcome.value))
            yield Items(tuple(map(_finding, found)))


def _finding(finding: Finding) -> Item:
    where = finding.statement
    if where is None:
        return Item(phrase(warning(finding.claim or ""), " stands nowhere in the copy"))
    place = quiet(f" (line {where.line}, number {where.position} under “{where.heading}”)")
    if finding.claim is None:
        return Item(phrase(warning(where.text), place))
    return Item(phrase(warning(finding.claim), place))
