"""Two rulebooks side by side: which words and which packs changed, meaning apart from wording."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from policyengine.analysis.rule_changes import SAME_NAMES, Renaming
from policyengine.rulebook.rule import Pack, Rulebook

_WORDING = ("means", "source")


@dataclass(frozen=True, slots=True)
class WordChange:
    """A word of the vocabulary that one rulebook does not have, or that both declare differently."""

    section: str
    word: str
    kind: Literal["added", "removed", "changed", "wording"]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class PackChange:
    """Something about a pack that bears on results: that it is there, its role, what it extends, who argues back."""

    pack: str
    aspect: Literal["taking part", "name", "role", "extends", "counterpart"]
    before: str
    after: str


def compare_vocabularies(before: Rulebook, after: Rulebook) -> tuple[WordChange, ...]:
    """Tell which words differ, list by list."""
    return tuple(
        change
        for section in before.vocabulary.sections()
        for change in _section(section, before.vocabulary.terms(section), after.vocabulary.terms(section))
    )


def _section(section: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[WordChange]:
    for word in sorted(old.keys() | new):
        if word not in new:
            yield WordChange(section, word, "removed")
        elif word not in old:
            yield WordChange(section, word, "added")
        else:
            was, now = _declared(old[word]), _declared(new[word])
            differ = [name for name in sorted(was.keys() | now) if was.get(name) != now.get(name)]
            if differ:
                kind: Literal["changed", "wording"] = "wording" if set(differ) <= set(_WORDING) else "changed"
                shown = [name for name in differ if kind == "wording" or name not in _WORDING]
                yield WordChange(section, word, kind, _text(was, shown), _text(now, shown))


def _declared(term: Any) -> dict[str, Any]:
    return dict(term.model_dump(exclude_none=True))


def _text(declared: dict[str, Any], names: list[str]) -> str:
    return "; ".join(f"{name}: {_plain(declared[name])}" for name in names if name in declared) or "nothing"


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def compare_packs(before: Rulebook, after: Rulebook, renaming: Renaming = SAME_NAMES) -> tuple[PackChange, ...]:
    """Tell what differs about the packs themselves, in order of names."""
    old = {renaming.after if pack.id == renaming.before else pack.id: pack for pack in before.packs}
    new = {pack.id: pack for pack in after.packs}
    return tuple(change for name in sorted(old.keys() | new) for change in _pack(name, old.get(name), new.get(name)))


def _pack(name: str, old: Pack | None, new: Pack | None) -> Iterator[PackChange]:
    if old is None or new is None:
        yield PackChange(name, "taking part", _takes_part(old), _takes_part(new))
        return
    if old.id != new.id:
        yield PackChange(name, "name", old.id, new.id)
    if old.file.role != new.file.role:
        yield PackChange(name, "role", old.file.role, new.file.role)
    if sorted(old.file.extends) != sorted(new.file.extends):
        extends = [", ".join(sorted(each.file.extends)) or "nothing" for each in (old, new)]
        yield PackChange(name, "extends", extends[0], extends[1])
    if old.file.counterpart != new.file.counterpart:
        yield PackChange(name, "counterpart", old.file.counterpart or "nobody", new.file.counterpart or "nobody")


def _takes_part(pack: Pack | None) -> str:
    return "no" if pack is None else "yes"
