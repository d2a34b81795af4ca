"""Whether the record of a documented case names only what the file and the vocabulary have."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from policyengine.domain.references import Finding, entries
from policyengine.errors import quoted
from policyengine.errors.near_names import near_or_list


def check_outcome(data: Any, layers: Collection[str]) -> Iterator[Finding]:
    """Whatever the record of a scenario's plain data names that the file or the vocabulary does not have."""
    outcome = data.get("outcome") if isinstance(data, dict) else None
    if not isinstance(outcome, dict):
        return
    yield from _threat(outcome, [entry.get("id") for _, entry in entries(data, "threats")])
    ids = [entry.get("id") for _, entry in entries(data, "jurisdictions")]
    names = {name: None for name in ids if isinstance(name, str)}
    for part in ("layers", "normative"):
        records = outcome.get(part)
        for layer, record in records.items() if isinstance(records, dict) else ():
            if layer not in layers:
                message = f"{quoted(layer)} is not a known layer"
                yield "N304", message, near_or_list(layer, layers), ("outcome", part, layer)
            yield from _actors(record, names, ("outcome", part, layer)) if names else ()


def _threat(outcome: dict[str, Any], threats: list[Any]) -> Iterator[Finding]:
    names = dict.fromkeys(name for name in threats if isinstance(name, str))
    threat = outcome.get("threat")
    if threat is None and len(names) > 1:
        message = f"the record does not say of which of the {len(names)} threats it is"
        yield "N213", message, f"add to it: threat: NAME; {near_or_list('', names)}", ("outcome",)
    elif isinstance(threat, str) and names and threat not in names:
        message = f"the record is of {quoted(threat)}, which is not a threat of this file"
        yield "N214", message, near_or_list(threat, names), ("outcome", "threat")


def _actors(record: Any, names: Collection[str], base: tuple[str, ...]) -> Iterator[Finding]:
    for role in ("lead", "support"):
        listed = record.get(role) if isinstance(record, dict) else None
        for place, name in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(name, str) and name not in names:
                message = f"the record names {quoted(name)}, which is not a jurisdiction of this file"
                yield "N208", message, near_or_list(name, names), (*base, role, place)
