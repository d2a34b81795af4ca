"""The rows of a decision table should leave no case open by mistake, and none to two rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.lang.nodes import Node, apply, conjuncts, roots
from policyengine.rulebook.checks.finding import Finding, called
from policyengine.rulebook.checks.same_twice import effect_key, normal
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.reasoning.witness import Values, told, witness
from policyengine.rulebook.rule import Rule

_CASE = frozenset({"threat", "scenario", "param"})
MOST_COMPARED = 25
"""With so many of the rows before it each row is compared, so that time grows with the number of rows."""


def check_gaps(study: Study) -> Iterator[Finding]:
    """Report tables of which no row holds for some case that the common condition lets in, whoever is asked about."""
    for rows in _tables(study):
        parts = [_of_case(row.when) for row in rows]
        shared = [part for part in parts[0] if all(part in others for others in parts)]
        own = [[part for part in each if part not in shared] for each in parts]
        if len(rows) < 2 or not all(own):
            continue
        found = _witness(study, [*shared, *(apply("not", (_all(each),)) for each in own)])
        if found:
            hint = "add a row for this case, or accept R208 with the reason why nothing is to follow"
            message = f"no row of this table holds with {told(found)}"
            yield Finding(rows[0].pack, rows[0].id, ("table",), "R208", message, hint, key=True)


def check_overlaps(study: Study) -> Iterator[Finding]:
    """Report rows that both hold for some case, and both give points for the same."""
    for rows in _tables(study):
        for place, row in enumerate(rows):
            for other in rows[max(0, place - MOST_COMPARED) : place]:
                targets = _targets(row) & _targets(other)
                found = _witness(study, [row.when, other.when]) if targets and not _same(row, other) else None
                if found:
                    both = f"with {told(found)}, {called(other)} holds as well: both count for '{min(targets)}'"
                    hint = "narrow one of the two, or accept R209 if their points are meant to add up"
                    yield Finding(row.pack, row.id, ("when",), "R209", both, hint)
                    break


def _tables(study: Study) -> Iterator[list[Rule]]:
    """The rows of each table of which every row could be read."""
    found: dict[tuple[str, str], list[Rule]] = {}
    for rule in study.rules:
        if rule.table is not None and rule.pack not in study.broken:
            found.setdefault((rule.pack, rule.file), []).append(rule)
    for rows in found.values():
        yield sorted(rows, key=lambda rule: rule.number)


def _of_case(when: Node) -> list[Node]:
    """What a condition asks of the case; what it asks of an actor says who gets the points, and some actor may fit."""
    return [part for part in conjuncts(when) if roots(part) <= _CASE]


def _same(row: Rule, other: Rule) -> bool:
    """Whether two rows are the same in condition and effect, which is told as such."""
    keys = {effect_key(effect) for effect in other.effects}
    return normal(row.when) is normal(other.when) and any(effect_key(effect) in keys for effect in row.effects)


def _targets(rule: Rule) -> set[str]:
    return {effect.target for effect in rule.effects if effect.kind in ("score", "favour")}


def _all(parts: Sequence[Node]) -> Node:
    return parts[0] if len(parts) == 1 else apply("and", tuple(parts))


def _witness(study: Study, conditions: Sequence[Node]) -> Values | None:
    """A case for which all conditions hold with the parameters as they stand, as the engine confirms."""
    if study.evaluate is None or study.prover_at_present.cannot(*((each, True) for each in conditions)):
        return None
    found = witness(conditions, study.ranges_at_present, study.evaluate)
    return found if found and told(found) else None
