"""A rule that can never fire is most likely mistaken about a limit or a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from policyengine.lang.nodes import Node, conjuncts
from policyengine.lang.show import number_text
from policyengine.rulebook.checks.finding import Finding, called
from policyengine.rulebook.checks.study import Study
from policyengine.rulebook.reasoning.proofs import Prover
from policyengine.rulebook.reasoning.ranges import said_ranges
from policyengine.rulebook.rule import Rule


def check(study: Study) -> Iterator[Finding]:
    """Report rules that never fire, whatever the parameters or with their present values."""
    for rule in study.rules:
        if study.prover.cannot((rule.when, True)):
            yield _never(study, rule, core(study.prover, rule.when))
        elif study.prover_at_present.cannot((rule.when, True)):
            yield _not_now(study, rule, core(study.prover_at_present, rule.when))


def core(prover: Prover, when: Node) -> list[Node]:
    """The fewest parts found that can never hold together."""
    kept = list(dict.fromkeys(conjuncts(when)))
    for part in list(kept):
        rest = [each for each in kept if each is not part]
        if rest and prover.cannot(*((each, True) for each in rest)):
            kept = rest
    return kept


def _never(study: Study, rule: Rule, parts: list[Node]) -> Finding:
    setter = next((study.unset[name] for part in parts for name in _names(part) if name in study.unset), None)
    hint = f"correct the limit, the word or the sign{said_ranges(parts, study.ranges)}"
    if setter is not None:
        hint = f"the mark is set by {called(setter)}, which can never fire itself: correct that one first"
    return Finding(
        rule.pack,
        rule.id,
        ("when",),
        "R201",
        f"this rule can never fire: {_why(study, rule, parts)}",
        hint,
        part=parts[-1],
    )


def _names(part: Node) -> Iterator[str]:
    return (name.value[-1] for name in part.walk() if name.op == "name")


def _why(study: Study, rule: Rule, parts: list[Node]) -> str:
    texts = [f"'{study.written(rule, part)}'" for part in parts]
    if len(texts) == 1:
        return f"{texts[0]} is never true"
    return f"{', '.join(texts[:-1])} and {texts[-1]} are never true together"


def _not_now(study: Study, rule: Rule, parts: list[Node]) -> Finding:
    message = f"this rule never fires at the present values of the parameters: {_why(study, rule, parts)}"
    hint = next(_ways_out(study, parts), "change the parameters that it names, or the comparison")
    return Finding(rule.pack, rule.id, ("when",), "R202", message, hint, part=parts[-1])


def _ways_out(study: Study, parts: list[Node]) -> Iterator[str]:
    """Values of single parameters at which the parts may hold."""
    names = sorted(
        {name.value[-1] for part in parts for name in part.walk() if name.op == "name" and name.value[0] == "param"}
    )
    for name in names:
        parameter = study.rulebook.parameters[name]
        for value in (parameter.low, parameter.high):
            ranges = replace(study.ranges_at_present, parameters={**study.rulebook.parameter_values, name: value})
            if not Prover(ranges).cannot(*((part, True) for part in parts)):
                end = "low" if value == parameter.low else "high"
                yield f"it may fire with param.{name.partition('@')[0]} at its {end} end, {number_text(value)}"
