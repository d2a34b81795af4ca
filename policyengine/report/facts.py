"""Facts that are missing, as a reader finds them in a file: a field, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.assess.result import Result
from policyengine.report.blocks import Phrase, Piece, code, phrase
from policyengine.report.names import Names
from policyengine.report.words import listing

_FEW = 2


class Facts:
    """Names facts by the paths that a result gives them."""

    def __init__(self, result: Result) -> None:
        """Know the threats and jurisdictions of a result."""
        self.names = Names(result)
        self._owners = {
            "threats": [each.id for each in result.threats],
            "jurisdictions": [each.id for each in result.jurisdictions],
        }

    def told(self, paths: Sequence[str], most: int) -> Phrase:
        """At most so many groups of fields that lack for the same threats or jurisdictions; the rest as a number."""
        owners: dict[tuple[str, str], list[str]] = {}
        for path in paths:
            kind, owner, field = self._parts(path)
            owners.setdefault((kind, field), []).append(owner)
        fields: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for (kind, field), found in owners.items():
            fields.setdefault((kind, self._in_order(kind, found)), []).append(field)
        shown = [phrase(*_listed(named), self._of(*whose)) for whose, named in list(fields.items())[:most]]
        rest = [phrase(f"{len(fields) - most} more")] if len(fields) > most else []
        return phrase(*(phrase("; " if place else "", each) for place, each in enumerate([*shown, *rest])))

    def _in_order(self, kind: str, owners: Sequence[str]) -> tuple[str, ...]:
        return tuple(owner for owner in self._owners.get(kind, ()) if owner in owners)

    def _parts(self, path: str) -> tuple[str, str, str]:
        """The kind of record, its id and the field; a path of no threat or jurisdiction is all field."""
        kind, _, rest = path.partition(".")
        for owner in self._owners.get(kind, ()):
            if rest.startswith(f"{owner}."):
                return kind, owner, rest[len(owner) + 1 :]
        return "", "", path

    def _of(self, kind: str, owners: Sequence[str]) -> str:
        if not kind:
            return ""
        everybody = self._owners[kind]
        if kind == "threats" and len(everybody) == 1:
            return " of the threat"
        if len(owners) == len(everybody) and (kind == "threats" or len(owners) > _FEW):
            return f" of every {kind[:-1]}"
        return f" of {listing([self.names.anything(owner) for owner in owners])}"


def _listed(fields: Sequence[str]) -> Iterator[Piece | str]:
    for place, field in enumerate(fields):
        yield "" if place == 0 else " and " if place == len(fields) - 1 else ", "
        yield code(field)
