"""The burden balance: under how many of its bases each label holds."""

from __future__ import annotations

from dataclasses import dataclass

from policyengine.assess.result import Result
from policyengine.report.names import Names
from policyengine.report.words import count, words


@dataclass(frozen=True, slots=True)
class LabelRow:
    """A label of a jurisdiction: `marks` has one of `yes`, `open` or `no` for each basis."""

    who: str
    label: str
    said: str
    marks: tuple[str, ...]


def label_rows(result: Result) -> tuple[LabelRow, ...]:
    """A row for each label that a rule gives on some basis; the name stands on the first of a jurisdiction."""
    names = Names(result)
    rows: list[LabelRow] = []
    before = ""
    for verdict in result.burden_verdicts:
        who = names.actor(verdict.jurisdiction)
        rest = verdict.bases - verdict.holds - verdict.undetermined
        marks = ("yes",) * verdict.holds + ("open",) * verdict.undetermined + ("no",) * rest
        unsure = f", undetermined on {verdict.undetermined}" if verdict.undetermined else ""
        said = f"{verdict.holds} of {count(verdict.bases, 'basis', 'bases')}{unsure}"
        rows.append(LabelRow("" if verdict.jurisdiction == before else who, words(verdict.label), said, marks))
        before = verdict.jurisdiction
    return tuple(rows)
