"""What in a scenario must fit together: ids are unique, and whatever is named exists.

The checks look at the plain data of the file, which may be wrong in other ways as well, so that all
mistakes of a file are told at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.domain.reading import Location
from policyengine.errors.near_names import near_or_list

Finding = tuple[str, str, str, Location]
"""Code, message, hint and the place in the file."""


def check_references(data: Any) -> Iterator[Finding]:
    """Everything in a scenario's plain data that does not fit together."""
    if not isinstance(data, dict):
        return
    for section in ("jurisdictions", "ties", "threats"):
        yield from _twice(section, _entries(data, section))
    ids = [entry["id"] for _, entry in _entries(data, "jurisdictions") if isinstance(entry.get("id"), str)]
    yield from _parents(_entries(data, "jurisdictions"), ids)
    for index, tie in _entries(data, "ties"):
        yield from _parties(index, tie, ids)
    for section in ("jurisdictions", "ties", "threats"):
        for index, entry in _entries(data, section):
            yield from _reasons((section, index), entry)


def _entries(data: dict[str, Any], section: str) -> list[tuple[int, dict[str, Any]]]:
    entries = data.get(section)
    return [(i, entry) for i, entry in enumerate(entries) if isinstance(entry, dict)] if isinstance(entries, list) else []


def _twice(section: str, entries: list[tuple[int, dict[str, Any]]]) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for index, entry in entries:
        name = entry.get("id")
        if not isinstance(name, str):
            continue
        if name in seen:
            yield "N201", f"the id '{name}' is given twice in '{section}'", f"it was given to entry {seen[name] + 1} before; give each its own", (section, index, "id")
        seen.setdefault(name, index)


def _parents(entries: list[tuple[int, dict[str, Any]]], ids: list[str]) -> Iterator[Finding]:
    parents = {entry.get("id"): entry.get("parent") for _, entry in entries if isinstance(entry.get("id"), str)}
    reported: set[str] = set()
    for index, entry in entries:
        parent = entry.get("parent")
        if not isinstance(parent, str):
            continue
        if parent not in ids:
            yield "N202", f"the parent '{parent}' is not a jurisdiction of this file", near_or_list(parent, ids), ("jurisdictions", index, "parent")
            continue
        chain = _chain(str(entry.get("id")), parents)
        if chain and not reported & set(chain):
            reported |= set(chain)
            yield "N203", f"these are parents of one another: {' -> '.join([*chain, chain[0]])}", "a parent stands above; take one of them out", ("jurisdictions", index, "parent")


def _chain(start: str, parents: dict[Any, Any]) -> list[str]:
    """The parents from `start` back to it, or nothing if they end elsewhere."""
    chain = [start]
    while isinstance(parent := parents.get(chain[-1]), str):
        if parent == start:
            return chain
        if parent in chain:
            return []
        chain.append(parent)
    return []


def _parties(index: int, tie: dict[str, Any], ids: list[str]) -> Iterator[Finding]:
    parties = tie.get("parties")
    if not isinstance(parties, list):
        return
    for place, party in enumerate(parties):
        if not isinstance(party, str):
            continue
        if party not in ids:
            yield "N204", f"the tie names '{party}', which is not a jurisdiction of this file", near_or_list(party, ids), ("ties", index, "parties", place)
        elif party in parties[:place]:
            yield "N205", f"the tie joins '{party}' to itself", "name each party once, at least two", ("ties", index, "parties", place)


def _reasons(base: Location, entry: dict[str, Any]) -> Iterator[Finding]:
    reasons = entry.get("reasons")
    if not isinstance(reasons, dict):
        return
    for name in reasons:
        current: Any = entry
        for step in str(name).split("."):
            current = current.get(step) if isinstance(current, dict) else None
        if current is None:
            yield "N206", f"a reason is given for '{name}', which has no value here", "give the value, or take the reason out", (*base, "reasons", name)
