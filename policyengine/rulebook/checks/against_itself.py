"""Within one pack, a rule should not take away what another gives for the very same cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from policyengine.lang.bounds import bounds
from policyengine.lang.nodes import Node
from policyengine.rulebook.checks.finding import Finding, called
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.reasoning.witness import told
from policyengine.rulebook.rule import Effect, Rule

MOST_COMPARED = 25
"""With so many rules of the opposite effect each rule is compared."""

MOST_TOLD = 2
"""Against so many others an effect is told: whoever puts that right looks at the rule as a whole."""


class _Side(NamedTuple):
    """One effect of a rule, with all names of its condition, and with those that suffice for it to hold."""

    rule: Rule
    place: int
    names: frozenset[Node]
    enough: frozenset[frozenset[Node]]


_Target = tuple[str, str, str]


def check(study: Study) -> Iterator[Finding]:
    """Report rules whose cases lie wholly inside another's that has the opposite effect on the same target."""
    told: Counter[tuple[str, int]] = Counter()
    for giving, taking in _targets(study):
        for narrow, wide in [*_candidates(giving, taking), *_candidates(taking, giving)]:
            effect = narrow.rule.name, narrow.place
            if told[effect] >= MOST_TOLD:
                continue
            if not study.prover.cannot((narrow.rule.when, True)) and study.follows(narrow.rule.when, wide.rule.when):
                told[effect] += 1
                yield _finding(study, narrow, wide)


def _targets(study: Study) -> Iterator[tuple[list[_Side], list[_Side]]]:
    """For each target of a pack those that give and those that take."""
    sides: dict[_Target, tuple[list[_Side], list[_Side]]] = {}
    for rule in study.rules:
        names, enough = _names(rule.when), frozenset(_enough(rule.when))
        for index, effect in enumerate(rule.effects):
            sign = _sign(effect)
            if sign:
                kind = "favour" if effect.kind == "favour" else "layer"
                both = sides.setdefault((rule.pack, kind, effect.target), ([], []))
                both[sign < 0].append(_Side(rule, index, names, enough))
    yield from sides.values()


def _names(node: Node) -> frozenset[Node]:
    return frozenset(part for part in node.walk() if part.op == "name")


def _enough(node: Node, wanted: bool = True) -> Iterator[frozenset[Node]]:
    """For each alternative of a condition the names that it takes."""
    if node.op == "not":
        yield from _enough(node.args[0], not wanted)
    elif node.op in ("and", "or") and (node.op == "or") == wanted:
        for arg in node.args:
            yield from _enough(arg, wanted)
    else:
        yield _names(node)


def _sign(effect: Effect) -> int:
    """1 for an effect that gives, -1 for one that takes, 0 where it depends."""
    if effect.kind == "bar":
        return 0 if effect.lead_only else -1
    if effect.points is None:
        return 0
    low, high = bounds(effect.points)
    return 1 if high > 0 <= low else -1 if low < 0 >= high else 0


def _candidates(narrow: list[_Side], wide: list[_Side]) -> Iterator[tuple[_Side, _Side]]:
    """Pairs of which the first may lie inside the second: it names all that an alternative of the second names.

    Each is looked up under its rarest name, so that rules that have nothing to do with one another never meet, and
    compared with a bounded number of others, those that name least first, so that time grows with the number of rules.
    """
    met: Counter[str] = Counter()
    counts = Counter(name for side in narrow for name in side.names)
    by_name: dict[Node, list[_Side]] = {}
    for side in narrow:
        for name in side.names:
            by_name.setdefault(name, []).append(side)
    tried: set[tuple[str, int, str, int]] = set()
    for other, names in sorted(_alternatives(wide), key=lambda each: len(each[1])):
        rarest = min(names, key=lambda name: counts[name], default=None)
        for side in narrow if rarest is None else by_name.get(rarest, ()):
            pair = side.rule.id, side.place, other.rule.id, other.place
            if met[side.rule.id] >= MOST_COMPARED or pair in tried or side.rule is other.rule:
                continue
            if names <= side.names:
                met[side.rule.id] += 1
                tried.add(pair)
                yield side, other


def _alternatives(sides: list[_Side]) -> Iterator[tuple[_Side, frozenset[Node]]]:
    return ((side, names) for side in sides for names in side.enough)


def _finding(study: Study, narrow: _Side, wide: _Side) -> Finding:
    effect, other = narrow.rule.effects[narrow.place], wide.rule.effects[wide.place]
    takes = f"{called(wide.rule)} of the same pack {_does(other)}"
    message = f"wherever this rule {_does(effect)}, {takes}{_case(study, narrow)}"
    hint = "narrow one of the two, or put them into packs that argue against one another"
    return Finding(narrow.rule.pack, narrow.rule.id, ("then", narrow.place), "R206", message, hint)


def _does(effect: Effect) -> str:
    verb = "bars from" if effect.kind == "bar" else "gives points on" if _sign(effect) > 0 else "takes points on"
    return f"{verb} '{effect.target}'"


def _case(study: Study, narrow: _Side) -> str:
    """A case for which both hold, as a message tells it; one for the narrower rule is one for the wider."""
    shown = next((told(case.values) for case in study.cases(narrow.rule.when)), "")
    return f", for example with {shown}" if shown else ""
