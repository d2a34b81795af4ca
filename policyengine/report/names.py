"""Names for the ids of a result, and the flags of its cells in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from policyengine.assess.result import Cell, Result, View
from policyengine.report.blocks import Phrase, phrase, warning
from policyengine.report.words import listing, words

CONTESTED = "contested"
UNSETTLED = "unsettled"


@dataclass(frozen=True)
class Names:
    """Looks up the names that a result gives its ids."""

    result: Result

    @cached_property
    def _actors(self) -> dict[str, str]:
        names = [each.name for each in self.result.jurisdictions]
        # Two jurisdictions may bear one name; then the id has to stand beside it.
        return {
            each.id: f"{each.name} [{each.id}]" if names.count(each.name) > 1 else each.name
            for each in self.result.jurisdictions
        }

    @cached_property
    def _threats(self) -> dict[str, str]:
        return {each.id: each.name for each in self.result.threats}

    def actor(self, jurisdiction: str) -> str:
        """The name of a jurisdiction."""
        return self._actors[jurisdiction]

    def actors(self, jurisdictions: Iterable[str]) -> list[str]:
        """The names of jurisdictions, in their order."""
        return [self._actors[each] for each in jurisdictions]

    def threat(self, threat: str) -> str:
        """The name of a threat."""
        return self._threats[threat]

    def for_threats(self, threats: Sequence[str]) -> str:
        """For which threats something is so: nothing where there is but one."""
        if len(self._threats) == 1:
            return ""
        if len(threats) == len(self._threats):
            return " for every threat"
        return f" for {listing([self.threat(each) for each in threats], 1)}"

    def places(self, cells: Iterable[tuple[str, str]]) -> list[str]:
        """Threats and layers in words: layers of the same threats together, with these where there are several."""
        threats: dict[str, list[str]] = {}
        for threat, layer in cells:
            threats.setdefault(words(layer), []).append(threat)
        layers: dict[str, list[str]] = {}
        for layer, found in threats.items():
            layers.setdefault(self.for_threats(found), []).append(layer)
        return [listing(found) + whom for whom, found in layers.items()]

    def anything(self, term: str) -> str:
        """The name of whatever has this id, else the word itself."""
        return self._threats.get(term) or self._actors.get(term) or words(term)


def flags(cell: Cell) -> list[str]:
    """What makes the leads of a cell less than firm."""
    return [CONTESTED] * (cell.mode == "contested") + [UNSETTLED] * (not cell.settled)


def has_points(cell: Cell) -> bool:
    """Whether there is anything to share on a layer."""
    return any(standing.share is not None for standing in cell.standings)


def mode_phrase(cell: Cell) -> Phrase:
    """How the leads of a cell work together, with its flags: what stands beside the name of a layer."""
    if not cell.leads:
        mode = "no lead" if has_points(cell) else "no recommendation"
        return phrase(mode, *(phrase(", ", warning(flag)) for flag in flags(cell)))
    marks = flags(cell)
    shown = [cell.mode] if cell.mode != CONTESTED else []
    return phrase(", ".join(shown), ", " if shown and marks else "", warning(", ".join(marks)))


def cells_of(view: View, threat: str) -> list[Cell]:
    """The cells of one threat, in the order of the layers."""
    return [cell for cell in view.cells if cell.threat == threat]
