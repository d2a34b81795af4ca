"""A part of a condition that changes nothing was meant to say something else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from policyengine.lang.nodes import Node
from policyengine.lang.types import BOOLEAN
from policyengine.rulebook.checks.finding import Finding
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.reasoning.elements import Demand, joined
from policyengine.rulebook.reasoning.proofs import Prover
from policyengine.rulebook.rule import Rule

Found = tuple[Node, str, str]
"""A part, what to say of it (with `{}` where it is to be named), and the hint."""
_FIRES = "without it the rule fires in the same cases"
_TAKE_OUT = "take it out, or correct it"


def check(study: Study) -> Iterator[Finding]:
    """Report parts that follow from the others, and alternatives that never hold or add nothing."""
    for rule in study.rules:
        yield from _named_twice(study, rule)
        if study.prover.cannot((rule.when, True)) or study.prover.cannot((rule.when, False)):
            continue
        for part, said, hint in redundant(study.prover, rule.when):
            message = said.format(f"'{study.written(rule, part)}'")
            yield Finding(rule.pack, rule.id, ("when",), "R204", message, hint, part=part)


def redundant(prover: Prover, when: Node) -> list[Found]:
    """The parts of a condition that change nothing, each once."""
    found = [*_found(prover, [], (when, True)), *_in_quantifiers(prover, (when, True))]
    return list({part: (part, said, hint) for part, said, hint in reversed(found)}.values())


def _named_twice(study: Study, rule: Rule) -> Iterator[Finding]:
    """Values that stand more than once in one list after `in`: another one was most likely meant."""
    listed = any(part.op == "in" for part in rule.when.walk())
    for start, end in study.read(rule).repeated if listed else ():
        message = f"{rule.when_text[start:end]} stands twice in this list"
        yield Finding(rule.pack, rule.id, ("when",), "R204", message, _TAKE_OUT, characters=(start, end))


def _in_quantifiers(prover: Prover, demand: Demand) -> Iterator[Found]:
    """The same within what a quantifier asks of each element, and within its `if`."""
    node, wanted = demand
    if node.op in ("and", "or", "not"):
        for arg in node.args:
            yield from _in_quantifiers(prover, (arg, wanted != (node.op == "not")))
    elif node.op in ("any of", "all of"):
        yield from _of_elements(prover, node, wanted)
    else:
        for part in node.walk():
            # What is counted must be true in the same cases and false in the same.
            if part.op.endswith(" of"):
                false = {found[0] for found in _of_elements(prover, part, wanted=False)}
                yield from (found for found in _of_elements(prover, part, wanted=True) if found[0] in false)


def _of_elements(prover: Prover, node: Node, wanted: bool) -> Iterator[Found]:
    kept, body = node.args[1:]
    demands: list[tuple[list[Demand], Demand]] = [([], (kept, wanted == (node.op != "all of")))]
    if body.type == BOOLEAN:
        demands.append(([(kept, True)], (body, wanted)))
    for context, demand in demands:
        if not prover.cannot(*context, demand):
            yield from _found(prover, context, demand)
            yield from _in_quantifiers(prover, demand)


def _found(prover: Prover, context: Sequence[Demand], demand: Demand) -> Iterator[Found]:
    """What changes nothing in a demand that is met beside others."""
    left = list(joined(demand, "and"))
    for part in list(left):
        others = _without(left, part)
        found = _implied(prover, part, [*context, *others]) if others else None
        if found:
            yield found
            left = others
    for part in left:
        alternatives = list(joined(part, "or"))
        if len(alternatives) > 1:
            yield from _alternatives(prover, alternatives, [*context, *_without(left, part)])


def _without(parts: Sequence[Demand], part: Demand) -> list[Demand]:
    """The parts without one of them, once."""
    rest = list(parts)
    rest.remove(part)
    return rest


def _implied(prover: Prover, part: Demand, others: Sequence[Demand]) -> Found | None:
    node, wanted = part
    if node.op == "known" and wanted and part not in others:
        return None  # it keeps the rule from being undecided
    if prover.entails(others, part):
        follows = "follows from the rest of the condition" if wanted else "changes nothing here"
        return node, f"{{}} {follows}: {_FIRES}", _TAKE_OUT
    if node.op != "literal" and prover.cannot((node, not wanted)):
        message = f"{{}} is {'true' if wanted else 'false'} wherever its values are known"
        return node, message, "take it out; to ask only whether a value is there, write known(...)"
    return None


def _alternatives(prover: Prover, all_: Sequence[Demand], context: Sequence[Demand]) -> Iterator[Found]:
    alternatives = list(all_)
    for one in all_:
        node, wanted = one
        others = _without(alternatives, one)
        what, here = ("the alternative {}", "true") if wanted else ("{}", "false")
        if prover.cannot(*context, one):
            yield node, f"{what} is never {here} here", _TAKE_OUT
            alternatives = others
        elif others and any(prover.entails([*context, one], other) for other in others):
            adds = "adds nothing: another one holds wherever it does" if wanted else f"changes nothing here: {_FIRES}"
            yield node, f"{what} {adds}", _TAKE_OUT
            alternatives = others
        else:
            yield from _found(prover, context, one)
