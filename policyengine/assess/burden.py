"""Burden assessment: shares on each basis, and under how many bases a label holds."""

from __future__ import annotations

from policyengine.assess.allocation import whole_per_cent
from policyengine.assess.case import Case
from policyengine.assess.result import BurdenBasis, BurdenRow, BurdenVerdict
from policyengine.domain.burden import gap


def label_of(mark: str) -> str:
    """The label that a mark on a burden stands for, in words: `burden.marks.free_rider@pack` is `free rider`."""
    return mark.rpartition("marks.")[2].partition("@")[0].replace("_", " ")


def burdens_of(case: Case) -> tuple[BurdenBasis, ...]:
    """Every basis with its partners, their shares and the labels that rules give them."""
    labels: dict[int, list[str]] = {}
    for firing in case.table.fired:
        effect = case.rulebook.rules[firing.rule].effects[firing.effect]
        if effect.kind == "mark" and firing.subject.burden >= 0 and effect.target.startswith("burden."):
            labels.setdefault(firing.subject.burden, []).append(label_of(effect.target))
    rows = case.facts.burden_rows
    bases = []
    for measure, basis in dict.fromkeys((row.cost_measure, row.basis) for row in rows):
        members = [place for place, row in enumerate(rows) if (row.cost_measure, row.basis) == (measure, basis)]
        distance = gap([rows[place] for place in members])
        bases.append(
            BurdenBasis(
                cost_measure=measure,
                basis=basis,
                gap=None if distance is None else whole_per_cent(distance),
                rows=tuple(_row(case, place, labels.get(place, [])) for place in members),
            )
        )
    return tuple(bases)


def _row(case: Case, place: int, labels: list[str]) -> BurdenRow:
    row = case.facts.burden_rows[place]
    return BurdenRow(
        jurisdiction=case.scenario.jurisdictions[row.jurisdiction].id,
        cost_share=None if row.cost_share is None else whole_per_cent(row.cost_share),
        benefit_share=None if row.benefit_share is None else whole_per_cent(row.benefit_share),
        ratio=None if row.ratio is None else round(row.ratio, 2),
        labels=tuple(dict.fromkeys(labels)),
    )


def verdicts_of(case: Case) -> tuple[BurdenVerdict, ...]:
    """For each jurisdiction and label: under how many bases it holds, and on how many it stays undetermined."""
    bases = {
        index: sum(row.jurisdiction == index for row in case.facts.burden_rows)
        for index in range(len(case.scenario.jurisdictions))
    }
    holds: dict[tuple[int, str], list[int]] = {}
    for number, firing in enumerate(case.table.fired):
        effect = case.rulebook.rules[firing.rule].effects[firing.effect]
        if effect.kind == "mark" and effect.target.startswith("burden.") and firing.subject.burden >= 0:
            holds.setdefault((firing.subject.jurisdiction, effect.target), []).append(number)
    unsure: dict[tuple[int, str], set[int]] = {}
    for row in case.table.undecided:
        effect = case.rulebook.rules[row.rule].effects[row.effect]
        if effect.kind == "mark" and effect.target.startswith("burden."):
            unsure.setdefault((row.subject.jurisdiction, effect.target), set()).add(row.subject.burden)
    found = []
    for index, mark in sorted(holds.keys() | unsure.keys()):
        firings = holds.get((index, mark), [])
        places = {case.table.fired[number].subject.burden for number in firings}
        found.append(
            BurdenVerdict(
                jurisdiction=case.scenario.jurisdictions[index].id,
                label=label_of(mark),
                holds=len(places),
                bases=bases[index],
                undetermined=len(unsure.get((index, mark), set()) - places),
                firings=tuple(firings),
            )
        )
    return tuple(found)
