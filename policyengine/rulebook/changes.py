"""What a pack changes in those that it extends: values of parameters, and rules that are switched off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from policyengine.domain.reading import place
from policyengine.errors import Problems, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.rulebook.pack_folder import LoadedPack
from policyengine.rulebook.rule_file import Override as OverrideEntry
from policyengine.rulebook.rule_file import Parameter

Sees = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Override:
    """A value that the pack `by` gives to a parameter (`name@pack`) of another pack."""

    by: str
    parameter: str
    value: float
    instead_of: float
    because: str


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A rule (`pack/name`) of another pack that the pack `by` does not let run."""

    by: str
    rule: str
    because: str


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes of a run, pack by pack. They hold for the whole run: every rule that runs, and every view."""

    overrides: tuple[Override, ...] = ()
    switched_off: tuple[SwitchedOff, ...] = ()

    def parameters(self, own: Mapping[str, Parameter]) -> dict[str, Parameter]:
        """The parameters by `name@pack`, with the values that hold in this run."""
        values = {each.parameter: each.value for each in self.overrides}
        return {
            name: parameter.model_copy(update={"value": values[name]}) if name in values else parameter
            for name, parameter in own.items()
        }

    @property
    def off(self) -> frozenset[str]:
        """The rules that do not run, as `pack/name`."""
        return frozenset(each.rule for each in self.switched_off)


def find_changes(packs: Sequence[LoadedPack], sees: Sees, problems: Problems) -> Changes:
    """What packs change in one another; a change of something that is not there, or that two dispute, is a problem."""
    by_name = {pack.file.pack: pack for pack in packs}
    overrides: list[Override] = []
    off: list[SwitchedOff] = []
    for pack in packs:
        if pack.whole:
            bases = [by_name[name] for name in sees[pack.file.pack] if name != pack.file.pack]
            overrides += _agreed(pack, _overrides(pack, bases, problems), overrides, problems)
            off += _switched_off(pack, bases, problems)
    return Changes(tuple(overrides), tuple(off))


def _overrides(pack: LoadedPack, bases: Sequence[LoadedPack], problems: Problems) -> Iterator[Override]:
    known = {
        f"{base.file.pack}/{name}": parameter for base in bases for name, parameter in base.file.parameters.items()
    }
    for key, entry in pack.file.overrides.items():
        found = [name for name in known if key in (name, name.partition("/")[2])]
        if len(found) != 1:
            _not_one(pack, key, found, known, problems)
        elif _fits(pack, key, entry, known[found[0]], problems):
            base, _, name = found[0].partition("/")
            own = known[found[0]].value
            yield Override(pack.file.pack, f"{name}@{base}", entry.value, own, entry.because)


def _not_one(
    pack: LoadedPack, key: str, found: Sequence[str], known: Mapping[str, Parameter], problems: Problems
) -> None:
    if found:
        message, hint = f"several packs have a parameter {quoted(key)}", f"write one of: {', '.join(found)}"
    elif key in pack.file.parameters:
        message = f"the parameter {quoted(key)} is this pack's own"
        hint = "change its value under 'parameters'"
    else:
        message = f"the packs that this one extends have no parameter {quoted(key)}"
        hint = near_or_list(key, known if "/" in key else dict.fromkeys(name.partition("/")[2] for name in known))
        hint = hint or "they have none at all"
    place(problems, pack.document, "P517", message, hint, ("overrides", key), key=True)


def _fits(pack: LoadedPack, key: str, entry: OverrideEntry, parameter: Parameter, problems: Problems) -> bool:
    fits = parameter.low <= entry.value <= parameter.high
    if not fits:
        message = f"the value for parameter {quoted(key)} is outside its range"
        hint = f"from {parameter.low:g} to {parameter.high:g}"
        place(problems, pack.document, "P507", message, hint, ("overrides", key, "value"))
    return fits


def _agreed(
    pack: LoadedPack, found: Iterable[Override], before: Sequence[Override], problems: Problems
) -> Iterator[Override]:
    """Pass on the overrides of a pack; one that disagrees with another pack's is told with both packs."""
    for each in found:
        other = next((old for old in before if old.parameter == each.parameter and old.value != each.value), None)
        if other is not None:
            short, _, owner = each.parameter.partition("@")
            message = f"{quoted(f'{owner}/{short}')} is set to {each.value:g} by the pack {quoted(each.by)} and to "
            message += f"{other.value:g} by the pack {quoted(other.by)}"
            hint = "take one of them out, or leave one of the packs out"
            key = next(key for key in pack.file.overrides if key in (short, f"{owner}/{short}"))
            place(problems, pack.document, "P518", message, hint, ("overrides", key, "value"))
        yield each


def _switched_off(pack: LoadedPack, bases: Sequence[LoadedPack], problems: Problems) -> Iterator[SwitchedOff]:
    known = [name for base in bases for name in base.rule_names()]
    tables: dict[str, list[str]] = {}
    for base in bases:
        for rule in base.rules:
            if rule.table is not None:
                tables.setdefault(f"{base.file.pack}/{rule.table}", []).append(f"{base.file.pack}/{rule.file.rule}")
    lost = {f"{base.file.pack}/{name}" for base in bases for name in base.lost_rules}
    for key, because in pack.file.switch_off.items():
        if key in known:
            yield SwitchedOff(pack.file.pack, key, because)
        elif key in tables:
            yield from (SwitchedOff(pack.file.pack, row, because) for row in tables[key])
        elif not any(key == name or key.startswith(f"{name}-") for name in lost):
            message = f"the packs that this one extends have no rule {quoted(key)}"
            hint = near_or_list(key, known) or "they have none at all"
            place(problems, pack.document, "P519", message, hint, ("switch_off", key), key=True)
