"""A scenario with some of its values changed, as plain data."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

from policyengine.errors.near_names import near_or_list

UNKNOWN = "unknown"
"""The value that takes a field out of a scenario."""


class ChangeError(Exception):
    """A path that leads nowhere, with what might have been meant."""

    def __init__(self, path: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.path, self.message, self.hint = path, message, hint


def changed(scenario: Any, changes: Mapping[str, Any]) -> Any:
    """The plain data of a scenario with the values at some paths replaced, added or taken out.

    A path is written as the result writes it: `threats.storm.severity`, with the id of an entry in
    a list. Raises ChangeError for a path that leads through something that is not there.
    """
    data = copy.deepcopy(scenario)
    for path, value in changes.items():
        _set(data, path, value)
    return data


def _set(data: Any, path: str, value: Any) -> None:
    current, rest = data, path
    while True:
        if isinstance(current, list):
            place, rest = _entry(current, path, rest)
            if not rest:
                if value != UNKNOWN:
                    raise ChangeError(path, "a whole entry can only be taken out", f"write '{path}: {UNKNOWN}'")
                del current[place]
                return
            current = current[place]
        elif isinstance(current, dict):
            name, _, rest = rest.partition(".")
            if not rest:
                _put(current, name, value)
                return
            # A group such as `capacities` may not be there yet; the check of the scenario refuses what it may not hold.
            current = current.setdefault(name, {})
        else:
            raise ChangeError(path, f"the path leads through a single value, before '{rest}'", "name the value itself")


def _entry(entries: list[Any], path: str, rest: str) -> tuple[int, str]:
    """The place of the entry whose id begins the rest of a path, and what follows the id."""
    ids = {entry.get("id"): place for place, entry in enumerate(entries) if isinstance(entry, dict)}
    named = [each for each in ids if isinstance(each, str) and (rest == each or rest.startswith(f"{each}."))]
    if not named:
        name = rest.partition(".")[0]
        raise ChangeError(path, f"there is no entry '{name}' in the scenario", near_or_list(name, _texts(ids)))
    longest = max(named, key=len)
    return ids[longest], rest[len(longest) + 1 :]


def _texts(ids: Iterable[Any]) -> list[str]:
    return [each for each in ids if isinstance(each, str)]


def _put(record: dict[str, Any], name: str, value: Any) -> None:
    if value == UNKNOWN:
        record.pop(name, None)
        reasons = record.get("reasons")
        if isinstance(reasons, dict):  # a reason for a value that is no longer there
            record["reasons"] = {key: text for key, text in reasons.items() if key.partition(".")[0] != name}
    else:
        record[name] = value


def filled_up(scenario: Mapping[str, Any], title: str) -> dict[str, Any]:
    """A scenario that stands in a test, with what only a file of its own needs: a title, and a name for each entry."""
    filled = {"scenario": "in-the-test", "title": title, "shows": title, **copy.deepcopy(dict(scenario))}
    for section in ("jurisdictions", "ties", "threats"):
        entries = filled.get(section)
        for entry in entries if isinstance(entries, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("id"), str):
                entry.setdefault("name", entry["id"])
    return filled
