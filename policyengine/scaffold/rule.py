"""The text of a new rule: a condition, an effect and examples, to be rewritten."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from policyengine.rulebook.rule import Rulebook
from policyengine.scaffold.scalar import scalar

_PLACEHOLDER = "Rewrite this line."


class _Test(NamedTuple):
    """One comparison: as it is written, the field it is about, a value for which it holds, and one for which not."""

    text: str
    field: tuple[str, str]
    holds: Any
    fails: Any


def rule_text(rulebook: Rulebook, name: str, claims: Sequence[str], nature: str) -> str:
    """The text of a new rule; it passes all checks, and its examples hold.

    It only warns, so that no result changes before its author says what it should do. `claims` are claims
    that the pack sees.
    """
    tests = _tests(rulebook)
    silent = [_example(tests, failing=place) for place in range(len(tests))]
    undecided = dict.fromkeys(_example(tests, without=place) for place in range(len(tests)))
    carried = claims[0] if len(claims) == 1 else f"[{', '.join(claims)}]"
    layer = next(iter(rulebook.vocabulary.words("layers")), "LAYER")
    lines = [
        f"rule: {scalar(name)}",
        f"claim: {carried}",
        f"{f'nature: {nature}':28} # normative: what ought to be; descriptive: what is",
        f"why: {json.dumps(_why(rulebook, claims[0]), ensure_ascii=False)}",
        "when: |                      # rewrite this condition",
        f"  {' and '.join(test.text for test in tests)}",
        "then:                        # rewrite what follows, for example:",
        f"  # - {{score: {scalar(layer)}, points: 2}}",
        f"  - caution: {_PLACEHOLDER} The rule {name} has not been written yet.",
        "examples:                    # what an example does not state is unknown",
        "  fires:",
        f"    - {_example(tests)}",
        "  silent:",
        *(f"    - {example}" for example in silent),
        "  undecided:",
        *(f"    - {example}" for example in undecided),
    ]
    return "\n".join(lines) + "\n"


def _why(rulebook: Rulebook, claim: str) -> str:
    return f"{_PLACEHOLDER} {rulebook.claims[claim].paraphrase}"[:1000]


def _tests(rulebook: Rulebook) -> list[_Test]:
    """Comparisons that can fail: a word of a list of one is always there."""
    words = rulebook.vocabulary.words
    found = [
        _Test(f'{record}.{field} == "{known[0]}"', (record, field), known[0], known[1])
        for record, field, section in (("threat", "kind", "threat_kinds"), ("jurisdiction", "level", "levels"))
        for known in (words(section),)
        if len(known) > 1
    ]
    return found or [_Test("threat.agent", ("threat", "agent"), holds=True, fails=False)]


def _example(tests: Sequence[_Test], *, failing: int | None = None, without: int | None = None) -> str:
    """Facts for which all comparisons hold, except one that fails or is left unknown."""
    given: dict[str, dict[str, Any]] = {}
    for place, test in enumerate(tests):
        if place != without:
            record, field = test.field
            given.setdefault(record, {})[field] = test.fails if place == failing else test.holds
    return _flow(given)


def _flow(given: Mapping[str, Any]) -> str:
    """Facts on one line, as they are written in rule files."""
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in given.items()) + "}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _flow(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value)
