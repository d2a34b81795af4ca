"""Why a rule did what it did, and what is behind a lead: the lines below a failure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from policyengine.assess.result import Cell, Result, Standing
from policyengine.engines.reasons import Part, parts
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Rule, Rulebook

_HOLDS = {True: "holds", False: "does not hold", None: "is not known"}


def condition_lines(rule: Rule, rulebook: Rulebook, facts: Facts, subject: Collection[str] = ()) -> Iterator[str]:
    """The parts of a condition with what they saw, for the subject for which most of them hold.

    `facts` carry the marks; `subject` narrows to records with these ids.
    """
    best: list[Part] | None = None
    points: list[Part] = []
    for bindings in _bindings(rule, rulebook, facts, subject):
        found = list(parts(rule.when, bindings))
        if best is None or _missed(found) < _missed(best):
            best = found
            trees = [effect.points for effect in rule.effects if effect.points is not None]
            points = [part for tree in trees for part in parts(tree, bindings) if part.missing]
    if best is None:
        yield "there is nothing in these facts that the rule could speak of"
        return
    yield from map(_line, best)
    yield from (f"  points {part.text} are not known: {', '.join(part.missing)}" for part in points)


def _bindings(rule: Rule, rulebook: Rulebook, facts: Facts, subject: Collection[str]) -> Iterator[Bindings]:
    constant = facts.roots(rulebook.parameter_values)
    for _, bound in facts.subjects(rule.subject):
        ids = {record.get("id") for record in bound.values() if isinstance(record, dict)}
        if set(subject) <= ids:
            yield constant | bound


def _missed(found: list[Part]) -> int:
    return sum(part.holds is not True for part in found)


def _line(part: Part) -> str:
    seen = ", ".join(f"{name} is {value}" for name, value in part.seen if name != part.text)
    short = "" if part.distance is None else f", misses by {round(part.distance, 6):g}"
    missing = f": {', '.join(part.missing)}" if part.missing else f" ({seen}{short})" if seen or short else ""
    return f"  {part.text} {_HOLDS[part.holds]}{missing}"


def standing_lines(result: Result, cell: Cell, names: Collection[str]) -> Iterator[str]:
    """The points of jurisdictions on a layer, with the rules behind them, the best first."""
    shown = [standing for standing in cell.standings if standing.jurisdiction in names]
    for name in sorted(set(names) - {standing.jurisdiction for standing in shown}):
        yield f"  {name}: no rule gives it points"
    for standing in shown:
        yield f"  {standing.jurisdiction}: {standing.score / 1e6:g} points, {standing.role}{_barred(standing)}"
        yield from (f"    {line}" for line in _behind(result, standing))


def _barred(standing: Standing) -> str:
    return "" if standing.barred == "no" else f", barred {standing.barred}"


def _behind(result: Result, standing: Standing) -> Iterator[str]:
    for number in standing.firings:
        fired = result.firings[number]
        yield f"bar {fired.rule}" if fired.kind == "bar" else f"{fired.strength / 1e6:+g} {fired.rule}"
