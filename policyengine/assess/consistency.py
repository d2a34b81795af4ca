"""Whether a result that was read agrees with itself: what it names is there, and what it adds up adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from policyengine.assess.result import BurdenVerdict, Cell, Measure, Result, View, plain

_MOST: Final = 2**63 - 1
"""Engines count in whole numbers of 64 bits, so no result of theirs holds a greater one."""


def contradictions(result: Result) -> Iterator[str]:
    """What a result that this package wrote could not say, in words; a stranger's file can say anything."""
    if not all(abs(number) <= _MOST for number in _whole_numbers(plain(result))):
        yield "a number in it is greater than any that an evaluation gives"
        return
    yield from (f"there must be one view '{view}'" for view in _twice(view.id for view in result.views))
    if all(view.id != "all" for view in result.views):
        yield "there must be one view 'all'"
    named = (each.id for part in (result.jurisdictions, result.threats) for each in part)
    yield from (f"two jurisdictions or threats are called '{name}'" for name in _twice(named))
    for view in result.views:
        yield from _of_view(view, result)
    for number, measure in enumerate(result.measures):
        yield from _of_measure(f"measure {number}", measure, result)
    for verdict in result.burden_verdicts:
        yield from _of_verdict(f"burden verdict {verdict.jurisdiction}, {verdict.label}", verdict, result)
    partners = {row.jurisdiction for basis in result.burdens for row in basis.rows}
    yield from _missing("burdens", partners, "jurisdiction", _ids(result.jurisdictions))
    yield from _of_references(result)


def _whole_numbers(data: Any) -> Iterator[int]:
    """All whole numbers in plain data."""
    if isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from _whole_numbers(each)
    elif isinstance(data, int):
        yield data


def _twice(names: Iterable[str]) -> list[str]:
    """The names that stand there more than once."""
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _ids(named: Iterable[Any]) -> set[str]:
    return {each.id for each in named}


def _missing(where: str, names: Iterable[str], kind: str, known: Iterable[str]) -> Iterator[str]:
    """What is named and is not there."""
    yield from (f"{where}: there is no {kind} '{name}'" for name in sorted(set(names) - set(known)))


def _of_view(view: View, result: Result) -> Iterator[str]:
    threats, actors = _ids(result.threats), _ids(result.jurisdictions)
    seen: set[tuple[str, str]] = set()
    for cell in view.cells:
        where = f"view {view.id}, {cell.threat}, {cell.layer}"
        if (cell.threat, cell.layer) in seen:
            yield f"{where}: it stands there twice"
        seen.add((cell.threat, cell.layer))
        if cell.threat not in threats:
            yield f"{where}: there is no such threat"
        if cell.layer not in result.layers:
            yield f"{where}: there is no such layer"
        yield from _missing(where, _named(cell), "jurisdiction", actors)
        twice = _twice(standing.jurisdiction for standing in cell.standings)
        yield from (f"{where}: '{name}' stands there twice" for name in twice)
        for standing in cell.standings:
            yield from _of_points(
                f"{where}, {standing.jurisdiction}", standing.score, standing.firings, result, "score"
            )
    twice = _twice(model.model for model in view.models)
    yield from (f"view {view.id}: the model '{name}' stands there twice" for name in twice)
    for model in view.models:
        yield from _of_points(f"view {view.id}, model {model.model}", model.score, model.firings, result, "favour")


def _named(cell: Cell) -> set[str]:
    return {*cell.leads, *(standing.jurisdiction for standing in cell.standings)}


def _of_points(where: str, score: int, numbers: tuple[int, ...], result: Result, kind: str) -> Iterator[str]:
    lacking = list(_of_firings(where, numbers, result))
    yield from lacking
    if lacking:
        return
    strengths = [result.firings[number].strength for number in numbers if result.firings[number].kind == kind]
    if sum(strengths) != score:
        yield f"{where}: the firings add up to {sum(strengths)}, not to {score}"


def _of_firings(where: str, numbers: Iterable[int], result: Result) -> Iterator[str]:
    if not all(0 <= number < len(result.firings) for number in numbers):
        yield f"{where}: a firing that it names is not there"


def _of_measure(where: str, measure: Measure, result: Result) -> Iterator[str]:
    yield from _missing(where, measure.parties, "jurisdiction", _ids(result.jurisdictions))
    yield from _missing(where, measure.threats, "threat", _ids(result.threats))
    yield from _of_firings(where, measure.firings, result)


def _of_verdict(where: str, verdict: BurdenVerdict, result: Result) -> Iterator[str]:
    yield from _missing(where, [verdict.jurisdiction], "jurisdiction", _ids(result.jurisdictions))
    yield from _of_firings(where, verdict.firings, result)


def _of_references(result: Result) -> Iterator[str]:
    """From what is said to the rules, from these to the claims, from these to the sources."""
    firings = {each.rule for each in result.firings}
    yield from _missing("firings", firings, "rule", result.rules)
    yield from _missing("undecided", (each.rule for each in result.undecided), "rule", result.rules)
    yield from _missing("cautions", (name for each in result.cautions for name in each.rules), "rule", result.rules)
    claims = (name for note in result.rules.values() for name in note.claims)
    yield from _missing("rules", claims, "claim", result.claims)
    yield from _missing("claims", (note.source for note in result.claims.values()), "source", result.sources)
