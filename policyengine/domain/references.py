"""What in a scenario must fit together: ids are unique, and whatever is named exists.

The checks look at the plain data of the file, which may be wrong in other ways as well, so that all
mistakes of a file are told at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.domain.scenario import MOST_JURISDICTIONS, MOST_THREATS, MOST_TIES
from policyengine.domain.threat import MOST_PLACES
from policyengine.domain.tie import MOST_PARTIES
from policyengine.domain.wording import Location
from policyengine.errors import quoted
from policyengine.errors.near_names import near_or_list

Finding = tuple[str, str, str, Location]
"""Code, message, hint and the place in the file."""

Entries = list[tuple[int, dict[str, Any]]]

_MOST = {"jurisdictions": MOST_JURISDICTIONS, "ties": MOST_TIES, "threats": MOST_THREATS}


def check_references(data: Any) -> Iterator[Finding]:
    """Everything in a scenario's plain data that does not fit together."""
    if not isinstance(data, dict):
        return
    sections = {section: entries(data, section) for section in _MOST}
    for section, found in sections.items():
        yield from _twice(section, found)
    ids = {entry["id"]: None for _, entry in sections["jurisdictions"] if isinstance(entry.get("id"), str)}
    yield from _parents(sections["jurisdictions"], ids)
    # Where no jurisdiction can be read, the ties are not to blame.
    for index, tie in sections["ties"] if ids else []:
        yield from _parties(index, tie, ids)
    for index, threat in sections["threats"] if ids else []:
        yield from _places(index, threat, ids)
    for section, found in sections.items():
        for index, entry in found:
            yield from _reasons((section, index), entry)


def entries(data: dict[str, Any], section: str) -> Entries:
    """The entries of a section with their places; none if it holds more than a scenario may hold."""
    found = data.get(section)
    if not isinstance(found, list) or len(found) > _MOST[section]:
        return []
    return [(index, entry) for index, entry in enumerate(found) if isinstance(entry, dict)]


def _twice(section: str, found: Entries) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, entry in found:
        name = entry.get("id")
        if not isinstance(name, str):
            continue
        if name in seen:
            message = f"the id {quoted(name)} is given twice in {quoted(section)}"
            hint = f"entry {seen[name] + 1} has it already; give each its own"
            yield "N201", message, hint, (section, index, "id")
        seen.setdefault(name, index)


def _parents(found: Entries, ids: dict[str, None]) -> Iterator[Finding]:
    parents = {entry["id"]: entry.get("parent") for _, entry in found if isinstance(entry.get("id"), str)}
    reported: set[str] = set()
    for index, entry in found:
        name, parent = entry.get("id"), entry.get("parent")
        if not isinstance(parent, str):
            continue
        location = ("jurisdictions", index, "parent")
        if parent not in ids:
            message = f"the parent {quoted(parent)} is not a jurisdiction of this file"
            yield "N202", message, near_or_list(parent, ids), location
            continue
        chain = _chain(name, parents) if isinstance(name, str) and name not in reported else []
        if len(chain) == 1:
            yield "N203", f"{quoted(chain[0])} is its own parent", "a parent stands above; take it out", location
        elif chain:
            message = f"these stand above one another in a circle: {' -> '.join([*chain, chain[0]])}"
            yield "N203", message, "take one of these parents out", location
        reported.update(chain)


def _chain(start: str, parents: dict[str, Any]) -> list[str]:
    """The parents from `start` back to it, or nothing if they end elsewhere."""
    chain = {start: None}
    parent = parents.get(start)
    while isinstance(parent, str) and parent not in chain:
        chain[parent] = None
        parent = parents.get(parent)
    return list(chain) if parent == start else []


def _parties(index: int, tie: dict[str, Any], ids: dict[str, None]) -> Iterator[Finding]:
    for name, known, location in _named(tie.get("parties"), MOST_PARTIES, ids, ("ties", index, "parties")):
        if known:
            yield "N205", f"the tie joins {quoted(name)} to itself", "name each party once, at least two", location
        else:
            message = f"the tie names {quoted(name)}, which is not a jurisdiction of this file"
            yield "N204", message, near_or_list(name, ids), location


def _places(index: int, threat: dict[str, Any], ids: dict[str, None]) -> Iterator[Finding]:
    places, base = threat.get("places"), ("threats", index, "places")
    if places == []:
        hint = "leave it out if it is not known where; else name at least one jurisdiction"
        yield "N212", '"places" is empty, but a threat has to be somewhere', hint, base
    for name, known, location in _named(places, MOST_PLACES, ids, base):
        if known:
            yield "N211", f"the place {quoted(name)} is named twice", "name each place once", location
        else:
            message = f"the place {quoted(name)} is not a jurisdiction of this file"
            yield "N210", message, near_or_list(name, ids), location


def _named(listed: Any, most: int, ids: dict[str, None], base: Location) -> Iterator[tuple[str, bool, Location]]:
    """The names in a list of jurisdictions that are wrong: named again (True), or of nobody in the file (False)."""
    before: set[str] = set()
    for place, name in enumerate(listed if isinstance(listed, list) and len(listed) <= most else []):
        if isinstance(name, str):
            if name not in ids or name in before:
                yield name, name in ids, (*base, place)
            before.add(name)


def _reasons(base: Location, entry: dict[str, Any]) -> Iterator[Finding]:
    reasons = entry.get("reasons")
    if not isinstance(reasons, dict):
        return
    for name in reasons:
        current: Any = entry
        for step in name.split("."):
            current = current.get(step) if isinstance(current, dict) else None
        if current is None:
            message = f"a reason is given for {quoted(name)}, which has no value here"
            hint = "give the value, or take the reason out; a value inside a group is named group.value"
            yield "N206", message, hint, (*base, "reasons", name)
