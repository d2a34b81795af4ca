"""Measures, cautions and open questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from policyengine.assess.case import Case, Spot
from policyengine.assess.result import Caution, Measure, Open
from policyengine.assess.unsure import open_cells
from policyengine.firing import Undecided


def measures_of(case: Case) -> tuple[Measure, ...]:
    """What rules recommend; the same text with the same parties stands once."""
    grouped: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for number, firing in enumerate(case.table.fired):
        effect = case.rulebook.rules[firing.rule].effects[firing.effect]
        if effect.kind == "measure":
            subject = case.named(firing.subject)
            named = [subject["partner" if party == "tie.partner" else party] for party in effect.parties]
            grouped.setdefault((effect.target, tuple(sorted(set(named)))), []).append(number)
    return tuple(
        Measure(text=text, parties=parties, threats=_threats(case, numbers), firings=tuple(numbers))
        for (text, parties), numbers in grouped.items()
    )


def _threats(case: Case, numbers: Sequence[int]) -> tuple[str, ...]:
    subjects = [case.named(case.table.fired[number].subject) for number in numbers]
    return tuple(dict.fromkeys(subject["threat"] for subject in subjects if "threat" in subject))


def cautions_of(case: Case) -> tuple[Caution, ...]:
    """Warnings of the rules, and of the run: an opinion heard without its counterpart."""
    grouped: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for firing in case.table.fired:
        rule = case.rulebook.rules[firing.rule]
        effect = rule.effects[firing.effect]
        if effect.kind == "caution":
            about, rules = grouped.setdefault(effect.target, ({}, {}))
            about[_about(case.named(firing.subject))] = None
            rules[rule.name] = None
    found = [
        Caution(text=text, about=tuple(name for name in about if name), rules=tuple(rules))
        for text, (about, rules) in grouped.items()
    ]
    return (*_one_sided(case), *found)


def _about(subject: Mapping[str, str]) -> str:
    return ", ".join(subject.values())


def _one_sided(case: Case) -> list[Caution]:
    names = {pack.id for pack in case.rulebook.packs}
    return [
        Caution(
            text=f"One side only: the pack '{pack.id}' argues a case, and its counterpart "
            f"'{pack.file.counterpart}' did not take part.",
            about=(),
            rules=(),
        )
        for pack in case.rulebook.packs
        if pack.file.role == "opinion" and pack.file.counterpart and pack.file.counterpart not in names
    ]


def undecided_of(cases: Sequence[Case], missing: Sequence[Mapping[Undecided, Sequence[str]]]) -> list[tuple[Open, ...]]:
    """The rules that could not be decided in each case, those that could change a lead first.

    The cases are of one rulebook.
    """
    by_rule = [_by_rule(case) for case in cases]
    groups = [
        (case, case.views["all"], rows) for case, found in zip(cases, by_rule, strict=True) for rows in found.values()
    ]
    unsure = iter(open_cells(groups))
    return [
        tuple(
            sorted(
                (_open(case, name, rows, lacking, next(unsure)) for name, rows in found.items()),
                key=lambda each: (not each.could_change, each.rule),
            )
        )
        for case, found, lacking in zip(cases, by_rule, missing, strict=True)
    ]


def _by_rule(case: Case) -> dict[str, list[Undecided]]:
    rows: dict[str, list[Undecided]] = {}
    for row in case.table.undecided:
        rows.setdefault(case.rulebook.rules[row.rule].name, []).append(row)
    return rows


def _open(
    case: Case,
    rule: str,
    rows: Sequence[Undecided],
    missing: Mapping[Undecided, Sequence[str]],
    cells: Sequence[Spot],
) -> Open:
    subjects = dict.fromkeys(row.subject for row in rows)
    return Open(
        rule=rule,
        subjects=tuple(case.named(subject) for subject in subjects),
        missing=tuple(dict.fromkeys(path for row in rows for path in missing[row])),
        could_change=tuple(f"{case.scenario.threats[t].id}/{case.shape.layers[layer]}" for t, layer in cells),
    )
