"""Whether a result that was read agrees with itself: what it names is there, and what it adds up adds up."""

from __future__ import annotations

from collections.abc import Iterator

from policyengine.assess.result import Cell, Result, View


def contradictions(result: Result) -> Iterator[str]:
    """What a result that this package wrote could not say, in words; a stranger's file can say anything."""
    ids = [view.id for view in result.views]
    if ids.count("all") != 1:
        yield "there must be one view 'all'"
    for view in result.views:
        yield from _of_view(view, result)


def _of_view(view: View, result: Result) -> Iterator[str]:
    threats = {each.id for each in result.threats}
    actors = {each.id for each in result.jurisdictions}
    seen: set[tuple[str, str]] = set()
    for cell in view.cells:
        where = f"view {view.id}, {cell.threat}, {cell.layer}"
        if (cell.threat, cell.layer) in seen:
            yield f"{where}: it stands there twice"
        seen.add((cell.threat, cell.layer))
        if cell.threat not in threats:
            yield f"{where}: there is no such threat"
        yield from (f"{where}: there is no jurisdiction '{name}'" for name in sorted(_named(cell) - actors))
        for standing in cell.standings:
            yield from _of_points(
                f"{where}, {standing.jurisdiction}", standing.score, standing.firings, result, "score"
            )
    for model in view.models:
        yield from _of_points(f"view {view.id}, model {model.model}", model.score, model.firings, result, "favour")


def _named(cell: Cell) -> set[str]:
    return {*cell.leads, *(standing.jurisdiction for standing in cell.standings)}


def _of_points(where: str, score: int, numbers: tuple[int, ...], result: Result, kind: str) -> Iterator[str]:
    if not all(0 <= number < len(result.firings) for number in numbers):
        yield f"{where}: a firing that it names is not there"
        return
    strengths = [result.firings[number].strength for number in numbers if result.firings[number].kind == kind]
    if sum(strengths) != score:
        yield f"{where}: the firings add up to {sum(strengths)}, not to {score}"
