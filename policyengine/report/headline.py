"""Who leads where, and how firmly, in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from policyengine.assess.result import Cell, Result
from policyengine.report.blocks import Phrase, Piece, phrase, warning
from policyengine.report.names import CONTESTED, UNSETTLED, Names, flags, has_points
from policyengine.report.words import capital, count, listing, words

_MOST_NAMES = 3

_Leads = tuple[tuple[str, ...], bool]
"""Who leads, and whether anybody has points."""
_Marks = tuple[str, ...]


def headline(result: Result) -> Phrase:
    """One sentence for the whole result: by layer for one threat, in numbers for several."""
    cells = result.views[0].cells
    return sentence(result, cells) if len(result.threats) == 1 else _in_numbers(result, cells)


def sentence(result: Result, cells: Sequence[Cell]) -> Phrase:
    """Who leads which layers of one threat; layers with the same leads stand together, the firm ones first."""
    together: dict[_Leads, dict[_Marks, list[str]]] = {}
    for cell in cells:
        layers = together.setdefault((cell.leads, has_points(cell)), {})
        layers.setdefault(tuple(flags(cell)), []).append(words(cell.layer))
    parts = _clauses(Names(result), together)
    first = next(number for number, piece in enumerate(parts) if piece.text)
    parts[first] = parts[first]._replace(text=capital(parts[first].text))
    return (*parts, *phrase("."))


def _clauses(names: Names, together: Mapping[_Leads, Mapping[_Marks, Sequence[str]]]) -> list[Piece]:
    """A clause for each set of leads: what is agreed first, what nobody leads last."""
    ordered = sorted(together.items(), key=lambda each: (not each[0][0], min(map(len, each[1]))))
    found: list[Piece] = []
    for (leads, points), layers in ordered:
        start, preposition = _start(names.actors(leads), points=points)
        found += phrase("; " if found else "", start)
        for place, (marks, where) in enumerate(sorted(layers.items(), key=lambda each: len(each[0]))):
            firm = phrase(" (", warning(", ".join(marks)) if marks else "firm", ")") if leads or marks else ()
            joint = "" if place == 0 else " and" if place == len(layers) - 1 else ","
            found += phrase(f"{joint} {preposition} {listing(where)}", firm)
    return found


def _start(leads: Sequence[str], *, points: bool) -> tuple[str, str]:
    """How a clause begins, and what stands before its layers."""
    if leads:
        return f"{listing(leads, _MOST_NAMES)} {'leads' if len(leads) == 1 else 'lead'}", "on"
    return ("nobody may lead", "on") if points else ("there is no recommendation", "for")


def _in_numbers(result: Result, cells: Sequence[Cell]) -> Phrase:
    names = Names(result)
    led = [cell for cell in cells if cell.leads]
    firm = sum(not flags(cell) for cell in led)
    often = Counter(lead for cell in led for lead in cell.leads).most_common(_MOST_NAMES)
    who = listing([f"{names.actor(lead)} ({number})" for lead, number in often])
    doubts = [
        warning(f"{sum(flag in flags(cell) for cell in led)} {flag}")
        for flag in (CONTESTED, UNSETTLED)
        if any(flag in flags(cell) for cell in led)
    ]
    return phrase(
        f"Over {count(len(result.threats), 'threat')} and {count(len(result.layers), 'layer')}, "
        f"{len(led)} of {len(cells)} have a lead: {firm or 'none'} firm",
        *(phrase(", ", doubt) for doubt in doubts),
        *(_against_every_threat(result, cells) or (f". Most leads: {who}." if often else ".",)),
    )


def _against_every_threat(result: Result, cells: Sequence[Cell]) -> Phrase:
    """Who leads on the layers whose leads are the same for all threats, as firmly as for the least firm of them."""
    together: dict[_Leads, dict[_Marks, list[str]]] = {}
    for layer in result.layers:
        found = [cell for cell in cells if cell.layer == layer]
        if found[0].leads and len({cell.leads for cell in found}) == 1:
            marks = tuple(flag for flag in (CONTESTED, UNSETTLED) if any(flag in flags(cell) for cell in found))
            together.setdefault((found[0].leads, True), {}).setdefault(marks, []).append(words(layer))
    return phrase(". Whatever the threat, ", tuple(_clauses(Names(result), together)), ".") if together else ()
