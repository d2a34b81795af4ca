"""Two rules with one condition and one effect count one reason twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from policyengine.lang.nodes import Node, apply
from policyengine.lang.show import show
from policyengine.rulebook.checks.finding import Finding, called
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.rule import Effect, Rule

MOST_COMPARED = 25
"""With so many rules of the same effect on the same facts each rule is compared."""
_TURNED = {">": "<", ">=": "<="}


def check(study: Study) -> Iterator[Finding]:
    """Report effects that another rule of the pack has under the same condition, in whatever way it is written."""
    first: dict[Any, Rule] = {}
    alike: dict[Any, list[Rule]] = {}
    for rule in study.rules:
        condition = normal(rule.when)
        about = frozenset(part for part in rule.when.walk() if _is_own(part)), study.answers(rule.when)
        for index, effect in enumerate(rule.effects):
            key = rule.pack, *effect_key(effect)
            other = first.setdefault((condition, *key), rule)
            if other is not rule:
                yield _finding(rule, index, other, "")
                continue
            others = alike.setdefault((about, *key), [])
            if others and not study.prover.cannot((rule.when, True)):
                same = (each for each in others[:MOST_COMPARED] if _is_same(study, rule, each))
                yield from (_finding(rule, index, each, ", written differently,") for each in islice(same, 1))
            others.append(rule)


def _is_own(part: Node) -> bool:
    """Whether a part stands in each way to write a condition: a name, or a number that is not whole."""
    return part.op == "name" or (part.op == "literal" and isinstance(part.value, float) and part.value % 1 != 0)


def _is_same(study: Study, rule: Rule, other: Rule) -> bool:
    return rule is not other and study.follows(rule.when, other.when) and study.follows(other.when, rule.when)


def _finding(rule: Rule, index: int, other: Rule, how: str) -> Finding:
    message = f"{called(other)} has the same condition{how} and the same effect: it counts twice"
    hint = "leave one of them out, or let one rule name both claims"
    return Finding(rule.pack, rule.id, ("then", index), "R205", message, hint)


def effect_key(effect: Effect) -> tuple[Any, ...]:
    """What two effects have in common if they do the same."""
    points = None if effect.points is None else normal(effect.points)
    return effect.kind, effect.target, points, effect.lead_only, effect.parties


def normal(node: Node) -> Node:
    """The same expression whatever way round it is written; it is compared, not evaluated."""
    args = tuple(map(normal, node.args))
    if node.op in _TURNED:
        return apply(_TURNED[node.op], args[::-1])
    if node.op in ("and", "or"):
        flat = [inner for arg in args for inner in (arg.args if arg.op == node.op else (arg,))]
        kept = sorted(dict.fromkeys(flat), key=show)
        return kept[0] if len(kept) == 1 else apply(node.op, tuple(kept))
    if node.op in ("==", "!=", "+", "*"):
        return apply(node.op, tuple(sorted(args, key=show)))
    return node if args == node.args else Node(node.op, node.value, args, node.type)
