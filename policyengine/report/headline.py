"""Who leads where, and how firmly, in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from policyengine.assess.result import Cell, Result
from policyengine.report.blocks import Phrase, phrase, warning
from policyengine.report.names import CONTESTED, UNSETTLED, Names, flags, has_points
from policyengine.report.words import capital, count, listing, words

_MOST_NAMES = 3


def headline(result: Result) -> Phrase:
    """One sentence for the whole result: by layer for one threat, in numbers for several."""
    cells = result.views[0].cells
    return sentence(result, cells) if len(result.threats) == 1 else _in_numbers(result, cells)


def sentence(result: Result, cells: Sequence[Cell]) -> Phrase:
    """Who leads which layers of one threat; layers with the same leads, equally firm, stand together."""
    names = Names(result)
    together: dict[tuple[tuple[str, ...], bool, tuple[str, ...]], list[str]] = {}
    for cell in cells:
        together.setdefault((cell.leads, has_points(cell), tuple(flags(cell))), []).append(words(cell.layer))
    # What is agreed first, what nobody leads last.
    ordered = sorted(together.items(), key=lambda each: (not each[0][0], len(each[0][2])))
    parts: list[Phrase] = []
    for (leads, points, marks), layers in ordered:
        firm = phrase(" (", warning(", ".join(marks)) if marks else "firm", ")") if leads or marks else ()
        parts.append(phrase(_clause(names.actors(leads), layers, points=points), firm))
    joined = [piece for number, part in enumerate(parts) for piece in phrase("; " if number else "", part)]
    first = next(number for number, piece in enumerate(joined) if piece.text)
    joined[first] = joined[first]._replace(text=capital(joined[first].text))
    return (*joined, *phrase("."))


def _clause(leads: Sequence[str], layers: Sequence[str], *, points: bool) -> str:
    if leads:
        return f"{listing(leads, _MOST_NAMES)} {'leads' if len(leads) == 1 else 'lead'} on {listing(layers)}"
    if points:
        return f"nobody may lead on {listing(layers)}"
    return f"there is no recommendation for {listing(layers)}"


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
        f". Most leads: {who}." if often else ".",
    )
