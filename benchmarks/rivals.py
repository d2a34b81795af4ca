"""The same rules in other engines: each maker compiles the rules once and gives a function from pairs to points.

Written after the documentation of each library, in the best form that we found: one call a scenario where it can loop,
compiled once where it can compile.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Sequence
from functools import reduce
from importlib import import_module
from itertools import count
from typing import Any

import numpy as np
from work import LAYERS, NUMBERS, Pair, Test, Work

Total = Callable[[Sequence[Pair]], int]
"""The points of all rules and pairs of one scenario."""

_RULESETS = count()
"""A ruleset of durable_rules cannot be taken back in its process: each gets a name of its own."""
_COMPARE = {">=": operator.ge, "<": operator.lt, "==": operator.eq}


def closures(rules: Sequence[Work]) -> Total:
    """Plain Python: a function for each comparison, called rule by rule."""

    def test(each: Test) -> Callable[[Pair], bool]:
        compare, field, value = _COMPARE[each.operator], each.field, each.value
        return lambda pair: bool(compare(pair[field], value))

    made = [([test(each) for each in rule.tests], rule.layer, rule.points) for rule in rules]

    def run(pairs: Sequence[Pair]) -> int:
        scores = [dict.fromkeys(LAYERS, 0) for _ in pairs]
        for pair, score in zip(pairs, scores, strict=True):
            for tests, layer, points in made:
                if all(test(pair) for test in tests):
                    score[layer] += points
        return sum(sum(score.values()) for score in scores)

    return run


def generated(rules: Sequence[Work]) -> Total:
    """One Python function with all rules written out, as a code generator would."""
    lines = ["def total(pairs):", " points = 0", " for pair in pairs:"]
    lines += [f"  {name} = pair[{name!r}]" for name in (*NUMBERS, "level", "kind")]
    for rule in rules:
        tests = " and ".join(f"{each.field} {each.operator} {each.value!r}" for each in rule.tests)
        lines.append(f"  if {tests}: points += {rule.points}")
    space: dict[str, Any] = {}
    exec("\n".join([*lines, " return points"]), space)
    made: Total = space["total"]
    return made


def zen(rules: Sequence[Work]) -> Total:
    """GoRules ZEN: a decision table that collects all hits, looping over the pairs by itself."""
    fields = (*NUMBERS, "level", "kind")
    inputs = [{"id": field, "name": field, "field": field} for field in fields]
    rows = []
    for rule in rules:
        cells = dict.fromkeys(fields, "")
        for each in rule.tests:
            cells[each.field] = json.dumps(each.value) if each.operator == "==" else f"{each.operator} {each.value}"
        rows.append({"_id": rule.name, **cells, "points": str(rule.points)})
    table = {
        "hitPolicy": "collect", "inputs": inputs, "outputs": [{"id": "points", "name": "points", "field": "points"}],
        "rules": rows, "inputField": "pairs", "outputPath": "found", "executionMode": "loop", "passThrough": False,
    }  # fmt: skip
    nodes = [
        {"id": "in", "name": "in", "type": "inputNode", "position": {"x": 0, "y": 0}},
        {"id": "table", "name": "table", "type": "decisionTableNode", "position": {"x": 0, "y": 0}, "content": table},
        {"id": "out", "name": "out", "type": "outputNode", "position": {"x": 0, "y": 0}},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "table"},
        {"id": "b", "type": "edge", "sourceId": "table", "targetId": "out"},
    ]
    decision = import_module("zen").ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges}))

    def run(pairs: Sequence[Pair]) -> int:
        found = decision.evaluate({"pairs": list(pairs)})["result"]["found"]
        return sum(hit["points"] for hits in found for hit in hits or ())

    return run


def _cel_text(rules: Sequence[Work]) -> str:
    terms = []
    for rule in rules:
        tests = " && ".join(f"{each.field} {each.operator} {json.dumps(each.value)}" for each in rule.tests)
        terms.append(f"({tests} ? {rule.points} : 0)")
    # A flat sum of hundreds of terms is nested too deeply for some parsers: add up in pairs.
    while len(terms) > 1:
        terms = [f"({' + '.join(terms[start : start + 2])})" for start in range(0, len(terms), 2)]
    return terms[0]


def common_expression_language(rules: Sequence[Work]) -> Total:
    """CEL in Rust: one compiled expression a pair."""
    program = import_module("cel").compile(_cel_text(rules))
    return lambda pairs: sum(program.execute(pair) for pair in pairs)


def cel_expr_python(rules: Sequence[Work]) -> Total:
    """CEL in C++ by Google: one compiled expression a pair."""
    cel = import_module("cel_expr_python.cel")
    kinds = {**dict.fromkeys(NUMBERS, cel.Type.DOUBLE), "level": cel.Type.STRING, "kind": cel.Type.STRING}
    compiled = cel.NewEnv(variables=kinds).compile(_cel_text(rules))
    return lambda pairs: sum(compiled.eval(data=pair).value() for pair in pairs)


def clips(rules: Sequence[Work]) -> Total:
    """CLIPS through clipspy: a template fact for each pair, points gathered in a global."""
    environment = import_module("clips").Environment()
    slots = " ".join(f"(slot {field})" for field in (*NUMBERS, "level", "kind"))
    environment.build(f"(deftemplate pair {slots})")
    environment.build("(defglobal ?*points* = 0)")
    environment.eval("(set-reset-globals TRUE)")
    for rule in rules:
        fields = {
            each.field: f"({each.field} {each.value})" if each.operator == "==" else f"({each.field} ?{each.field})"
            for each in rule.tests
        }
        tests = "".join(
            f" (test ({each.operator} ?{each.field} {each.value}))" for each in rule.tests if each.operator != "=="
        )
        add = f"(bind ?*points* (+ ?*points* {rule.points}))"
        environment.build(f"(defrule {rule.name} (pair {' '.join(fields.values())}){tests} => {add})")
    template = environment.find_template("pair")
    symbol = import_module("clips").Symbol

    def run(pairs: Sequence[Pair]) -> int:
        environment.reset()
        for pair in pairs:
            template.assert_fact(**{**pair, "level": symbol(pair["level"]), "kind": symbol(pair["kind"])})
        environment.run()
        points: int = environment.eval("?*points*")
        return points

    return run


def cedar(rules: Sequence[Work]) -> Total:
    """Cedar through cedarpy: a policy for each rule; the policies that decide a request give their points.

    Cedar compares whole numbers only, so shares go in as per cents.
    """
    cedarpy = import_module("cedarpy")

    def literal(value: float | str) -> str:
        return json.dumps(value) if isinstance(value, str) else str(round(value * 100))

    policies = cedarpy.PolicySet.from_str if hasattr(getattr(cedarpy, "PolicySet", None), "from_str") else str
    text = "\n".join(
        f'@id("{rule.name}")\npermit(principal, action, resource) when {{'
        + " && ".join(f"context.{each.field} {each.operator} {literal(each.value)}" for each in rule.tests)
        + "};"
        for rule in rules
    )
    known = policies(text)
    points = {f"policy{place}": rule.points for place, rule in enumerate(rules)}
    points |= {rule.name: rule.points for rule in rules}

    def run(pairs: Sequence[Pair]) -> int:
        requests = [
            {
                "principal": 'User::"a"', "action": 'Action::"b"', "resource": 'Thing::"c"',
                "context": {
                    field: value if isinstance(value, str) else round(value * 100) for field, value in pair.items()
                },
            }
            for pair in pairs
        ]  # fmt: skip
        answers = cedarpy.is_authorized_batch(requests, known, [])
        return sum(points[reason] for answer in answers for reason in answer.diagnostics.reasons)

    return run


def durable_rules(rules: Sequence[Work]) -> Total:
    """durable_rules as its documentation uses it: a ruleset on a Host, facts asserted one by one."""
    lang = import_module("durable.lang")
    gathered: list[int] = []

    def adder(points: int) -> Callable[[Any], None]:
        return lambda _context: gathered.append(points)

    name = f"work{len(rules)}x{next(_RULESETS)}"
    with lang.ruleset(name):
        for rule in rules:
            parts = [_COMPARE[each.operator](getattr(lang.m, each.field), each.value) for each in rule.tests]
            whole = parts[0]
            for part in parts[1:]:
                whole = whole & part

            lang.when_all(whole)(adder(rule.points))
    number = 0

    def run(pairs: Sequence[Pair]) -> int:
        nonlocal number
        gathered.clear()
        number += 1
        for place, pair in enumerate(pairs):
            try:
                lang.assert_fact(name, {"id": f"{number}-{place}", "sid": str(number), **pair})
            except Exception as error:
                # A fact that no rule matches is an exception there.
                if type(error).__name__ != "MessageNotHandledException":
                    raise
        lang.delete_state(name, str(number))
        return sum(gathered)

    return run


def numpy_kernel(rules: Sequence[Work], columns: dict[str, np.ndarray]) -> np.ndarray:
    """A kernel as one would write it by hand for many scenarios at once: comparisons shared, one mask a rule.

    `columns` hold each field for (scenario, pair); returns the points of each scenario.
    """
    masks: dict[Test, np.ndarray] = {}
    total = np.zeros(next(iter(columns.values())).shape, np.int64)
    for rule in rules:
        for each in rule.tests:
            if each not in masks:
                masks[each] = _COMPARE[each.operator](columns[each.field], each.value)
        held = reduce(np.logical_and, [masks[each] for each in rule.tests])
        total += held * rule.points
    return np.asarray(total.sum(axis=1))


RIVALS: dict[str, tuple[str, Callable[[Sequence[Work]], Total]]] = {
    "generated Python": ("", generated),
    "zen-engine": ("zen-engine", zen),
    "common-expression-language": ("common-expression-language", common_expression_language),
    "cel-expr-python": ("cel-expr-python", cel_expr_python),
    "clipspy": ("clipspy", clips),
    "cedarpy": ("cedarpy", cedar),
    "durable-rules, Host": ("durable-rules", durable_rules),
}
"""Each rival with its distribution (empty for plain Python)."""
