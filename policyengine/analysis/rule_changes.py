"""Two rulebooks side by side: which rules and parameters changed in meaning, and which only in wording.

Conditions and points are compared as checked trees, so another layout of the same condition is no change, and a
parameter of another pack is one although it is written alike. Types are left out: a word more in the vocabulary is
told once, for the vocabulary, and not again for every condition that could name it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

from policyengine.lang.nodes import Node
from policyengine.lang.show import number_text, show
from policyengine.rulebook.rule import Effect, Rule, Rulebook

Aspect = Literal["condition", "points", "effects", "weight", "nature", "claims", "switched off", "wording", "file"]
WORDING = frozenset({"wording", "file"})
"""Aspects that no evaluation can tell apart."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """A pack that has another name in the newer rulebook; its rules, parameters and marks are the same things still."""

    before: str
    after: str

    def rule(self, name: str) -> str:
        """A rule, `pack/rule`, under the newer name of its pack."""
        pack, _, rule = name.partition("/")
        return f"{self.after}/{rule}" if pack == self.before else name

    def term(self, text: str) -> str:
        """A parameter or mark, `name@pack`, under the newer name of its pack."""
        head, mark, pack = text.rpartition("@")
        return f"{head}@{self.after}" if mark and pack == self.before else text


SAME_NAMES = Renaming("", "")


@dataclass(frozen=True, slots=True)
class AspectChange:
    """One thing about a rule that differs, before and after, in words."""

    aspect: Aspect
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RuleChange:
    """A rule that stands in both rulebooks and differs."""

    rule: str
    aspects: tuple[AspectChange, ...]

    @property
    def only_wording(self) -> bool:
        """Whether no evaluation can tell the two apart."""
        return all(each.aspect in WORDING for each in self.aspects)


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """A parameter, `name@pack`, with its values and its ranges; None where it does not exist."""

    parameter: str
    before: float | None
    after: float | None
    range_before: tuple[float, float] | None = None
    range_after: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class RulebookChange:
    """Names of rules added and removed, rules changed, and parameters whose value or range differs."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[RuleChange, ...]
    parameters: tuple[ParameterChange, ...]


def compare_rulebooks(before: Rulebook, after: Rulebook, renaming: Renaming = SAME_NAMES) -> RulebookChange:
    """Tell what differs, in order of names; names are those of the newer rulebook."""
    old = {renaming.rule(rule.name): rule for rule in (*before.rules, *before.off)}
    new = {rule.name: rule for rule in (*after.rules, *after.off)}
    pairs = [(name, _aspects(old[name], new[name], before, after, renaming)) for name in sorted(old.keys() & new)]
    return RulebookChange(
        added=tuple(sorted(new.keys() - old)),
        removed=tuple(sorted(old.keys() - new)),
        changed=tuple(RuleChange(name, aspects) for name, aspects in pairs if aspects),
        parameters=_parameters(before, after, renaming),
    )


def _parameters(before: Rulebook, after: Rulebook, renaming: Renaming) -> tuple[ParameterChange, ...]:
    old = {renaming.term(name): (each.value, (each.low, each.high)) for name, each in before.parameters.items()}
    new = {name: (each.value, (each.low, each.high)) for name, each in after.parameters.items()}
    found = []
    for name in sorted(old.keys() | new):
        was, now = old.get(name, (None, None)), new.get(name, (None, None))
        if was != now:
            found.append(ParameterChange(name, was[0], now[0], was[1], now[1]))
    return tuple(found)


def _aspects(
    old: Rule, new: Rule, before: Rulebook, after: Rulebook, renaming: Renaming
) -> tuple[AspectChange, ...]:  # fmt: skip
    """What differs; a new condition has new words anyway, so its wording counts only where the trees are the same."""
    same_condition = _key(old.when, renaming) == _key(new.when, SAME_NAMES)
    found = chain(
        () if same_condition else [AspectChange("condition", *_texts(old.when, new.when))],
        _effects(old, new, renaming),
        _aspect("weight", number_text(old.weight), number_text(new.weight)),
        _aspect("nature", old.nature, new.nature),
        _aspect("claims", ", ".join(sorted(old.claims)), ", ".join(sorted(new.claims))),
        _aspect("switched off", _state(old, before), _state(new, after)),
        _aspect("wording", old.why, new.why),
        _aspect("wording", old.when_text, new.when_text) if same_condition else (),
        _aspect("file", old.file.partition("/")[2], new.file.partition("/")[2]),
    )
    return tuple(found)


def _state(rule: Rule, rulebook: Rulebook) -> str:
    return "it does not run" if rule.name in rulebook.changes.off else "it runs"


def _aspect(aspect: Aspect, before: str, after: str) -> Iterator[AspectChange]:
    if before != after:
        yield AspectChange(aspect, before, after)


def _effects(old: Rule, new: Rule, renaming: Renaming) -> Iterator[AspectChange]:
    """Effects that only one of the two has, and other points of effects that both have."""
    was, now = _by_kind(old, renaming), _by_kind(new, SAME_NAMES)
    gone, come = [], []
    for key in dict.fromkeys([*was, *now]):
        befores, afters = was.get(key, []), now.get(key, [])
        for one, other in zip(befores, afters, strict=False):
            if one.points is not other.points and _points(one, renaming) != _points(other, SAME_NAMES):
                assert one.points is not None is not other.points  # noqa: S101 - effects of a kind that has points
                texts = _texts(one.points, other.points)
                yield AspectChange("points", *(f"{_effect(other)}: {text}" for text in texts))
        gone += befores[len(afters) :]
        come += afters[len(befores) :]
    if gone or come:
        yield AspectChange("effects", _listed(gone), _listed(come))


def _by_kind(rule: Rule, renaming: Renaming) -> dict[tuple[Any, ...], list[Effect]]:
    found: dict[tuple[Any, ...], list[Effect]] = {}
    for each in rule.effects:
        key = each.kind, renaming.term(each.target), each.lead_only, each.parties, each.points is None
        found.setdefault(key, []).append(each)
    return found


def _points(effect: Effect, renaming: Renaming) -> Any:
    return None if effect.points is None else _key(effect.points, renaming)


def _key(node: Node, renaming: Renaming) -> tuple[Any, ...]:
    """What a tree means, without its types; the order of what is joined by and, or by or, means nothing."""
    if node.op in ("and", "or"):
        return node.op, frozenset(_key(part, renaming) for part in _joined(node, node.op))
    value = tuple(map(renaming.term, node.value)) if node.op == "name" else repr(node.value)
    return node.op, value, *(_key(arg, renaming) for arg in node.args)


def _joined(node: Node, op: str) -> Iterator[Node]:
    for arg in node.args:
        if arg.op == op:
            yield from _joined(arg, op)
        else:
            yield arg


def _texts(old: Node, new: Node) -> tuple[str, str]:
    """Both trees as text; where that is the same, with the packs of the names that differ."""
    before, after = show(old), show(new)
    if before != after:
        return before, after
    was, now = _names(old), _names(new)
    return f"{before} (with {', '.join(sorted(was - now))})", f"{after} (with {', '.join(sorted(now - was))})"


def _names(node: Node) -> set[str]:
    return {".".join(part.value) for part in node.walk() if part.op == "name"}


def _listed(effects: list[Effect]) -> str:
    texts = [f"{_effect(each)}: {show(each.points)}" if each.points else _effect(each) for each in effects]
    return "; ".join(texts) or "nothing"


def _effect(effect: Effect) -> str:
    lead = " from lead" if effect.lead_only else ""
    parties = f" ({', '.join(effect.parties)})" if effect.parties else ""
    return f"{effect.kind} {effect.target.partition('@')[0]}{lead}{parties}"
