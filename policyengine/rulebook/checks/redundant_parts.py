"""A part of a condition that changes nothing was meant to say something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.lang.nodes import Node, conjuncts
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.reasoning.proofs import Prover

Found = tuple[Node, str, str]
"""A part, what to say of it (with `{}` where it is to be named), and the hint."""


def check(study: Study) -> Iterator[Finding]:
    """Report parts that follow from the others, and alternatives that never hold or add nothing."""
    for rule in study.rules:
        if study.prover.cannot((rule.when, True)) or study.prover.cannot((rule.when, False)):
            continue
        for part, said, hint in _found(study.prover, rule.when):
            message = said.format(f"'{study.written(rule, part)}'")
            yield Finding(rule.pack, rule.id, ("when",), "R204", message, hint, part=part)


def _found(prover: Prover, when: Node) -> Iterator[Found]:
    parts = conjuncts(when)
    left = list(parts)
    for part in parts:
        others = _without(left, part)
        found = _implied(prover, part, others) if others or part.op != "or" else None
        if found:
            yield found
            left = others
    for part in left:
        if part.op == "or":
            yield from _alternatives(prover, part, _without(left, part))


def _without(parts: Sequence[Node], part: Node) -> list[Node]:
    """The parts without one of them, once."""
    rest = list(parts)
    rest.remove(part)
    return rest


def _implied(prover: Prover, part: Node, others: Sequence[Node]) -> Found | None:
    if others and prover.follows(others, part):
        message = "{} follows from the rest of the condition: without it the rule fires in the same cases"
        return part, message, "take it out, or correct it"
    if part.op != "literal" and others and prover.cannot((part, False)):
        message = "{} is true wherever its values are known"
        return part, message, "take it out; to ask only whether a value is there, write known(...)"
    return None


def _alternatives(prover: Prover, part: Node, context: Sequence[Node]) -> Iterator[Found]:
    alternatives = list(part.args)
    for one in part.args:
        others = _without(alternatives, one)
        if prover.cannot(*((node, True) for node in (*context, one))):
            message = "the alternative {} is never true here"
            yield one, message, "take it out, or correct it"
            alternatives = others
        elif others and any(prover.follows([*context, one], other) for other in others):
            message = "the alternative {} adds nothing: another one holds wherever it does"
            yield one, message, "take it out, or correct it"
            alternatives = others
