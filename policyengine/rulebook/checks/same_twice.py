"""Two rules with one condition and one effect count one reason twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from policyengine.lang.nodes import Node, apply
from policyengine.lang.show import show
from policyengine.rulebook.checks.finding import Finding, called
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.rule import Effect, Rule

_TURNED = {">": "<", ">=": "<="}


def check(study: Study) -> Iterator[Finding]:
    """Report effects that another rule of the pack has under the same condition, whatever the order of its parts."""
    first: dict[Any, Rule] = {}
    for rule in study.rules:
        condition = normal(rule.when)
        for index, effect in enumerate(rule.effects):
            other = first.setdefault((rule.pack, condition, *effect_key(effect)), rule)
            if other is not rule:
                message = f"{called(other)} has the same condition and the same effect: it counts twice"
                hint = "leave one of them out, or let one rule name both claims"
                yield Finding(rule.pack, rule.id, ("then", index), "R205", message, hint)


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
