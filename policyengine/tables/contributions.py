"""What makes up the scores of one row, exactly: the reference engine on the scenario of that row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from policyengine.assess.case import Case
from policyengine.domain.scenario import Scenario
from policyengine.engines.reference import Reference
from policyengine.errors import Problems
from policyengine.rulebook.facts import facts_of
from policyengine.rulebook.rule import Rulebook
from policyengine.tables import arrow
from policyengine.tables.columns import Reader
from policyengine.tables.derived import plain_values
from policyengine.tables.paths import Path, resolve
from policyengine.tables.rows import rulebook_of, scenario_of


@dataclass(frozen=True, slots=True)
class Contribution:
    """One firing that counts: on which cell (or for which model), of which rule, in millionths of a point.

    `kind` is `score`, `bar`, `lead bar` or `favour`; a bar takes the jurisdiction out, whatever its points.
    """

    kind: str
    threat: str
    layer: str
    jurisdiction: str
    model: str
    rule: str
    strength: int


def row_of(base: Scenario, rulebook: Rulebook, data: Any, row: int) -> tuple[Scenario, Rulebook]:
    """The scenario and the rules that one row of a table stands for; the first row is 0.

    Raises IndexError if the table has no such row.
    """
    from policyengine.engines.columnar_words import Words

    words, problems = Words(), Problems()
    stream = arrow.reader_of(data)
    paths = resolve(arrow.names_of(stream), base, rulebook, problems)
    problems.raise_if_any()
    before = 0
    for batch in stream:
        if before <= row < before + batch.num_rows:
            columns, _ = Reader(base, words).read(paths, batch.slice(row - before, 1), row, problems)
            problems.raise_if_any()
            values = {path.name: plain_values(columns[path.name], path, words)[0] for path in paths}
            return scenario_of(base, paths, values), rulebook_of(rulebook, paths, values)
        before += batch.num_rows
    raise IndexError(f"the table has {before} rows, so there is no row {row}; the first is 0")


def contributions_of(scenario: Scenario, rulebook: Rulebook) -> tuple[Contribution, ...]:
    """Every firing that adds to a score or bars somebody."""
    facts = facts_of(scenario, rulebook.vocabulary)
    table = Reference(rulebook).run(facts)
    case = Case(scenario, rulebook, facts, table, {})
    found = []
    for firing in table.fired:
        effect = rulebook.rules[firing.rule].effects[firing.effect]
        if effect.kind not in ("score", "bar", "favour"):
            continue
        subject = case.named(firing.subject)
        favours = effect.kind == "favour"
        found.append(
            Contribution(
                kind="lead bar" if effect.lead_only else effect.kind,
                threat=subject.get("threat", ""),
                layer="" if favours else effect.target,
                jurisdiction=subject.get("jurisdiction", ""),
                model=(subject["model"] if effect.target == "model" else effect.target) if favours else "",
                rule=rulebook.rules[firing.rule].name,
                strength=firing.strength,
            )
        )
    return tuple(found)


__all__: Sequence[str] = ("Contribution", "Path", "contributions_of", "row_of")
