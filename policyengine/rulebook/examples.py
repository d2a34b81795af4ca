"""The examples of a rule as facts: what is given is known, all else is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from policyengine.domain.reading import Location
from policyengine.errors import quoted
from policyengine.errors.near_names import near_or_list
from policyengine.firing import FiringTable
from policyengine.lang.types import Boolean, Collection, Number, Schema, Type, Word, Words, article
from policyengine.lang.types import Record as RecordType
from policyengine.rulebook.facts import PARTNER, TIE, Facts, Record
from policyengine.rulebook.rule import Rule, Rulebook

Expected = Literal["fires", "silent", "undecided"]
ROW = "row"
"""The key by which an example of a table says which row it is of."""
COLLECTIONS = ("threats", "jurisdictions", "ties")
GIVEN = ("threat", "jurisdiction", "tie", "other", "model", "burden", "scenario", *COLLECTIONS)


@dataclass(frozen=True, slots=True)
class Example:
    """One example: what the rule must do, the facts, and its place in the rule file."""

    expected: Expected
    given: Mapping[str, Any]
    location: Location


def examples_of(rule: Rule) -> list[Example]:
    """The examples of a rule, in the order of its file; for a row of a table those that name it."""
    if rule.table is None:
        return _examples(rule)
    named = (each for each in _examples(rule) if str(each.given.get(ROW)) == rule.row)
    return [replace(each, given={key: value for key, value in each.given.items() if key != ROW}) for each in named]


def examples_of_table(rule: Rule) -> list[Example]:
    """The examples of the table as a whole to which a rule belongs; none for a rule that is no row of one."""
    return [] if rule.table is None else [each for each in _examples(rule) if ROW not in each.given]


def _examples(rule: Rule) -> list[Example]:
    kinds: tuple[Expected, ...] = ("fires", "silent", "undecided")
    return [
        Example(kind, given, ("examples", kind, i))
        for kind in kinds
        for i, given in enumerate(getattr(rule.examples, kind))
    ]


def alone(rulebook: Rulebook, rule: Rule) -> Rulebook:
    """A rulebook with this one rule, so that marks of other rules are only what an example gives."""
    return replace(rulebook, rules=(replace(rule, stratum=0),), off=())


def outcome(rule: Rule, table: FiringTable) -> Expected:  # noqa: ARG001 - reads better where it is called
    """What a rule did in an example, whose first jurisdiction is the subject.

    A rule fires only if all its effects hold: an effect whose points are unknown leaves it undecided.
    """
    undecided = [row for row in table.undecided if row.subject.jurisdiction in (-1, 0)]
    fired = [row for row in table.fired if row.subject.jurisdiction in (-1, 0)]
    return "undecided" if undecided else "fires" if fired else "silent"


def outcome_of_table(rows: Iterable[Expected]) -> Expected:
    """What a table did: it fires if some row does, and is undecided if none fires and some row is."""
    found = set(rows)
    return "fires" if "fires" in found else "undecided" if "undecided" in found else "silent"


def example_facts(example: Mapping[str, Any], schema: Schema) -> Facts:
    """Facts for an example that `check_example` finds nothing wrong with."""
    made = {
        name: _record(value, schema[name])
        for name, value in example.items()
        if name in GIVEN and name not in COLLECTIONS
    }
    jurisdiction = made.get("jurisdiction", {})
    jurisdictions = [jurisdiction, *([made["other"]] if "other" in made else [])]
    ties = [{**made["tie"], TIE: 0, PARTNER: 1}] if "tie" in made else []
    burdens = [(0, made["burden"])] if "burden" in made else []
    return Facts(
        scenario=made.get("scenario", {}),
        threats=[made.get("threat", {})],
        jurisdictions=jurisdictions,
        ties=None,
        links=[ties, *([] for _ in jurisdictions[1:])],
        models=[made.get("model", {})],
        burdens=burdens,
        collections={name: _records(example.get(name), schema[name]) for name in COLLECTIONS},
    )


def _records(values: Any, kind: RecordType | Collection) -> list[Record] | None:
    assert isinstance(kind, Collection)  # noqa: S101 - the schema's collections are collections
    return None if values is None else [_record(value, kind.element) for value in values]


def _record(given: Mapping[str, Any], kind: RecordType | Collection) -> Record:
    assert isinstance(kind, RecordType)  # noqa: S101 - the schema's subjects are records
    record: Record = {}
    for path, value in _leaves(given, kind, ""):
        field = kind.fields[path]
        if isinstance(field.type, RecordType):
            record[path] = _record(value, field.type)
        elif isinstance(field.type, Collection):
            record[path] = _records(value, field.type)
        else:
            record[field.key or path] = _plain(value)
    return record


def _leaves(given: Mapping[str, Any], kind: RecordType, prefix: str) -> Iterator[tuple[str, Any]]:
    """The given values by dotted path; groups such as `capacities` are opened."""
    for name, value in given.items():
        path = f"{prefix}{name}"
        if isinstance(value, dict) and path not in kind.fields:
            yield from _leaves(value, kind, f"{path}.")
        else:
            yield path, value


def _plain(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return frozenset(value) if isinstance(value, list) else value


Found = tuple[str, str, str, Location]


def check_example(given: Mapping[str, Any], schema: Schema, base: Location) -> Iterator[Found]:
    """Whatever an example gives that a scenario could not hold: code, message, hint, place."""
    for name, value in given.items():
        if name not in GIVEN:
            yield "P401", f"an example has no {quoted(name)}", near_or_list(name, GIVEN), (*base, name)
        else:
            yield from _check(value, schema[name], (*base, name))


def _check(value: Any, kind: Type, location: Location) -> Iterator[Found]:
    match kind:
        case Collection():
            if not isinstance(value, list):
                yield (
                    "P402",
                    f"{_called(location)} should be a list",
                    "write one entry a line, each after '- '",
                    location,
                )
                return
            for place, entry in enumerate(value):
                yield from _check(entry, kind.element, (*location, place))
        case RecordType():
            if isinstance(value, dict):
                yield from _check_record(value, kind, "", location)
            else:
                yield "P402", f"{_called(location)} should be a mapping of fields", "write {field: value}", location
        case _:
            wrong = _unfit(value, kind)
            if wrong:
                yield "P402", f"{_called(location)} {wrong[0]}", wrong[1], location


def _check_record(given: Mapping[str, Any], kind: RecordType, prefix: str, base: Location) -> Iterator[Found]:
    for name, value in given.items():
        path, location = f"{prefix}{name}", (*base, name)
        if path in kind.fields:
            yield from _check(value, kind.fields[path].type, location)
        elif isinstance(value, dict) and any(field.startswith(f"{path}.") for field in kind.fields):
            yield from _check_record(value, kind, f"{path}.", location)
        else:
            near = [field.removeprefix(prefix).split(".")[0] for field in kind.fields if field.startswith(prefix)]
            yield "P401", f"a {kind.name} has no {quoted(path)}", near_or_list(str(name), dict.fromkeys(near)), location


def _called(location: Location) -> str:
    last = location[-1]
    return f"entry {last + 1} of {quoted(str(location[-2]))}" if isinstance(last, int) else quoted(last)


def _unfit(value: Any, kind: Type) -> tuple[str, str] | None:
    """Why a value is not of a type, with a hint; None if it is."""
    match kind:
        case Number():
            if isinstance(value, bool) or not isinstance(value, int | float):
                return "should be a number", f"from {kind.low:g} to {kind.high:g}"
            within = kind.low <= value <= kind.high
            return None if within else (f"is {value}, which is out of range", f"from {kind.low:g} to {kind.high:g}")
        case Boolean():
            return (
                None if isinstance(value, bool) else ("should be true or false", "leave it out if it is to be unknown")
            )
        case Word():
            if not isinstance(value, str) or (kind.options is not None and value not in kind.options):
                return f"should be {article(kind.domain)} {kind.domain}", near_or_list(str(value), kind.options or ())
        case Words():
            if not isinstance(value, list) or (kind.options is not None and not set(map(str, value)) <= kind.options):
                known = f"known: {', '.join(sorted(kind.options))}" if kind.options else "write [a, b]"
                return f"should be a list of words ({kind.domain})", known
    return None
