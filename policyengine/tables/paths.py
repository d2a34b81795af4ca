"""Which value of a scenario or of the rules a column of a table varies, and which it may not.

A column is named like a path in the scenario file: `threats.ID.severity`, `jurisdictions.ID.capacities.NAME`,
`ties.ID.strength`, `conditions.NAME`, `year`; a parameter is `param.NAME` (or `param.NAME@PACK`), the weight of
a rule `weight.PACK/RULE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from policyengine.domain.fields import Model
from policyengine.domain.jurisdiction import Jurisdiction
from policyengine.domain.scenario import Scenario
from policyengine.domain.threat import DiffusenessMarks, Threat
from policyengine.domain.tie import Tie
from policyengine.errors import Problems, quoted
from policyengine.errors.near_names import near_name, near_or_list
from policyengine.lang.types import Field, Number, Record, Type
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.schema import build_schema

_MODELS: dict[str, type[Model]] = {"threats": Threat, "jurisdictions": Jurisdiction, "ties": Tie}
_ROOTS = {"threats": "threat", "jurisdictions": "jurisdiction", "ties": "tie"}
_MARKS = {f"diffuseness.{mark}": Field(Number(0.0, 1.0)) for mark in DiffusenessMarks.model_fields}
_FIXED = {
    "id": "it names the entry",
    "name": "rules never read it",
    "reasons": "rules never read it",
    "parent": "it decides who stands above whom",
    "side": "shares are formed within sides",
    "parties": "it decides which ties there are",
}
"""Fields that a table may not vary, and why."""

WEIGHT = Number(0.0, 100.0)


@dataclass(frozen=True, slots=True)
class Path:
    """What one column varies: a section of the scenario, the place of the entry there, and the field in it.

    For `param` the field is the parameter's `name@pack`, for `weight` the index is the place of the rule.
    `needed` says that null is no value, `whole` that the number has to be whole.
    """

    name: str
    section: str
    index: int
    field: str
    type: Type
    needed: bool = False
    whole: bool = False


def resolve(names: Sequence[str], base: Scenario, rulebook: Rulebook, problems: Problems) -> list[Path]:
    """What each column varies; what cannot be varied is added to the problems."""
    finder = _Finder(base, rulebook)
    found = []
    for name in dict.fromkeys(names):
        path = finder.find(name)
        if isinstance(path, Path):
            found.append(path)
        else:
            problems.add(*path)
    for name in sorted({name for name in names if list(names).count(name) > 1}):
        problems.add("V102", f"the column {quoted(name)} is given twice", "keep one of the two")
    for message, hint in _conflicts(found, base):
        problems.add("V103", message, hint)
    return found


def _conflicts(paths: Sequence[Path], base: Scenario) -> Iterator[tuple[str, str]]:
    taken: dict[tuple[str, int, str], str] = {}
    for path in paths:
        place = (path.section, path.index, path.field)
        if place in taken:
            yield (
                f"the columns {quoted(taken[place])} and {quoted(path.name)} vary the same value",
                "keep one of the two",
            )
        taken[place] = path.name
    for path in paths:
        if path.section == "threats" and path.field.startswith("diffuseness."):
            whole = taken.get(("threats", path.index, "diffuseness"))
            if whole is not None or isinstance(base.threats[path.index].diffuseness, float):
                hint = "vary the number, or give the four marks in the base instead of it"
                yield f"{quoted(path.name)} is one of four marks, but the diffuseness is given as one number", hint


class _Finder:
    def __init__(self, base: Scenario, rulebook: Rulebook) -> None:
        self._base = base
        self._rules = {rule.name: place for place, rule in enumerate(rulebook.rules)}
        self._parameters = rulebook.parameters
        schema = build_schema(rulebook.vocabulary, {}, {})
        self._records = {root: kind for root, kind in schema.items() if isinstance(kind, Record)}

    def find(self, name: str) -> Path | tuple[str, str, str]:
        section, _, rest = name.partition(".")
        if section == "weight":
            return self._weight(name, rest)
        if section == "param":
            return self._parameter(name, rest)
        if section in _MODELS:
            return self._entry(name, section, rest)
        if not name:
            hint = "name what it varies; row labels of pandas, which have none in CSV, are left out with index=False"
            return "V101", "there is a column without a name", hint
        fields = self._records["scenario"].fields
        if name in fields:
            return Path(name, "scenario", 0, name, fields[name].type, whole=name == "year")
        return "V101", f"there is no {quoted(name)} to vary", self._near(name, fields)

    def names(self) -> Iterator[str]:
        """Every name that may lead somewhere."""
        yield from self._records["scenario"].fields
        yield from (f"param.{key}" for key in self._parameters)
        yield from (f"weight.{rule}" for rule in self._rules)
        for section, root in _ROOTS.items():
            fields = [*self._records[root].fields, *(_MARKS if section == "threats" else ())]
            for entry in getattr(self._base, section) or ():
                yield from (f"{section}.{entry.id}.{field}" for field in fields)

    def _near(self, name: str, fields: Mapping[str, Field]) -> str:
        entries = {f"{section}.{entry.id}" for section in _MODELS for entry in getattr(self._base, section) or ()}
        roots = [*fields, *(f"weight.{rule}" for rule in self._rules), *self._called(), *entries]
        fallback = "columns are named like threats.ID.severity, conditions.NAME, year, param.NAME or weight.PACK/RULE"
        return near_name(name, roots) or fallback

    def _called(self) -> list[str]:
        return [f"param.{key.partition('@')[0]}" for key in self._parameters]

    def _weight(self, name: str, rule: str) -> Path | tuple[str, str, str]:
        if rule in self._rules:
            return Path(name, "weight", self._rules[rule], "", WEIGHT, needed=True)
        return "V101", f"there is no rule {quoted(rule)} whose weight could vary", near_or_list(rule, self._rules)

    def _parameter(self, name: str, wanted: str) -> Path | tuple[str, str, str]:
        keys = [key for key in self._parameters if wanted in (key, key.partition("@")[0])]
        if not keys:
            known = [called.removeprefix("param.") for called in self._called()]
            return "V101", f"there is no parameter {quoted(wanted)}", near_or_list(wanted, known)
        if len(keys) > 1:
            return "V101", f"several packs have a parameter {quoted(wanted)}", f"write param.{' or param.'.join(keys)}"
        found: Any = self._parameters[keys[0]]
        return Path(name, "param", 0, keys[0], Number(found.low, found.high, found.unit or ""), needed=True)

    def _entry(self, name: str, section: str, rest: str) -> Path | tuple[str, str, str]:
        entries = getattr(self._base, section) or ()
        held = [(len(entry.id), place) for place, entry in enumerate(entries) if rest.startswith(f"{entry.id}.")]
        if not held:
            ids = [entry.id for entry in entries]
            wanted = rest.partition(".")[0]
            hint = near_or_list(wanted, ids) or f"the base has no {section}"
            return "V101", f"there is no {quoted(wanted)} among the {section} of the base", hint
        length, place = max(held)
        return self._field(name, section, place, rest[length + 1 :])

    def _field(self, name: str, section: str, place: int, field: str) -> Path | tuple[str, str, str]:
        if field.partition(".")[0] in _FIXED:
            why = _FIXED[field.partition(".")[0]]
            return "V103", f"{quoted(name)} cannot vary: {why}", "evaluate such scenarios as different scenarios"
        fields = self._records[_ROOTS[section]].fields
        known = {path: each for path, each in fields.items() if not isinstance(each.type, Record)}
        known |= _MARKS if section == "threats" else {}
        known = {path: each for path, each in known.items() if path not in ("ties", "burdens")}
        if field not in known:
            return (
                "V101",
                f"{quoted(name)} leads nowhere: there is no field {quoted(field)}",
                near_or_list(field, known),
            )
        if field.startswith("benefits.") and field.partition(".")[2] not in self._base.jurisdictions[place].benefits:
            hint = "give the benefit in the base, or evaluate such scenarios as different scenarios"
            return "V103", f"{quoted(name)} cannot vary: the base does not make it a partner of this basis", hint
        model = _MODELS[section].model_fields[field.partition(".")[0]]
        needed = model.is_required() or field.startswith("benefits.")
        return Path(name, section, place, field, known[field].type, needed, _is_whole(model.annotation))


def _is_whole(annotation: Any) -> bool:
    parts = get_args(annotation)
    return annotation is int or (bool(parts) and float not in parts and any(_is_whole(part) for part in parts[:1]))


def every_path(base: Scenario, rulebook: Rulebook) -> Iterator[Path]:
    """Every value that a table for this base may vary."""
    finder = _Finder(base, rulebook)
    for name in finder.names():
        path = finder.find(name)
        if isinstance(path, Path) and not any(_conflicts([path], base)):
            yield path
