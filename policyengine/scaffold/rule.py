"""The text of a new rule: a condition that no rule of the pack has yet, with examples, to be rewritten."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any, NamedTuple

from policyengine.lang.check import check
from policyengine.lang.types import Boolean
from policyengine.rulebook.rule import Rulebook
from policyengine.scaffold.scalar import scalar

MOST_TRIED = 10_000
_PLACEHOLDER = "Rewrite this line."


class _Test(NamedTuple):
    """One comparison: as it is written, the field it is about, a value for which it holds, and one for which not."""

    text: str
    field: tuple[str, str]
    holds: Any
    fails: Any


class Draft(NamedTuple):
    """A condition of comparisons that must all hold, and what follows."""

    tests: tuple[_Test, ...]
    effect: str

    @property
    def condition(self) -> str:
        """The condition as it is written."""
        return " and ".join(test.text for test in self.tests)

    def example(self, *, failing: int | None = None, without: int | None = None) -> str:
        """Facts for which all comparisons hold, except one that fails or is left unknown."""
        given: dict[str, dict[str, Any]] = {}
        for place, test in enumerate(self.tests):
            if place != without:
                record, field = test.field
                given.setdefault(record, {})[field] = test.fails if place == failing else test.holds
        return _flow(given)


def rule_text(rulebook: Rulebook, pack: str, name: str, claims: Sequence[str], nature: str) -> str:
    """The text of a new rule of a pack; it passes all checks, and its examples hold.

    `claims` are claims that the pack sees. Raises ValueError if every simple condition is taken.
    """
    draft = _free(rulebook, pack)
    silent = [draft.example(failing=place) for place, test in enumerate(draft.tests) if test.fails is not None]
    undecided = dict.fromkeys(draft.example(without=place) for place in range(len(draft.tests)))
    carried = claims[0] if len(claims) == 1 else f"[{', '.join(claims)}]"
    lines = [
        f"rule: {scalar(name)}",
        f"claim: {carried}",
        f"{f'nature: {nature}':28} # normative: what ought to be; descriptive: what is",
        f"why: {json.dumps(_why(rulebook, claims[0]), ensure_ascii=False)}",
        "when: |                      # rewrite this condition",
        f"  {draft.condition}",
        "then:",
        f"  - {draft.effect}",
        "examples:                    # what an example does not state is unknown",
        "  fires:",
        f"    - {draft.example()}",
        "  silent:",
        *(f"    - {example}" for example in silent),
        "  undecided:",
        *(f"    - {example}" for example in undecided),
    ]
    return "\n".join(lines) + "\n"


def _why(rulebook: Rulebook, claim: str) -> str:
    return f"{_PLACEHOLDER} {rulebook.claims[claim].paraphrase}"[:1000]


def _free(rulebook: Rulebook, pack: str) -> Draft:
    """The first draft whose condition no rule with the same effect has."""
    taken = {(id(rule.when), effect.target) for rule in rulebook.rules for effect in rule.effects}
    for _, (draft, target) in zip(range(MOST_TRIED), _drafts(rulebook), strict=False):
        node = check(draft.condition, rulebook.schemas[pack], Boolean).node
        if node is not None and (id(node), target) not in taken:
            return draft
    raise ValueError("every simple condition of this pack is taken; copy a rule and change it")


def _drafts(rulebook: Rulebook) -> Iterator[tuple[Draft, str]]:
    words = rulebook.vocabulary.words
    kinds: list[_Test | None] = [
        _word_test("threat", "kind", word, words("threat_kinds")) for word in words("threat_kinds")
    ]
    levels: list[_Test | None] = [
        _word_test("jurisdiction", "level", word, words("levels")) for word in words("levels")
    ]
    layers: Sequence[str | None] = words("layers") or (None,)
    for kind, level, layer in product(kinds or [None], levels or [None], layers):
        tests = [test for test in (kind, level) if test is not None]
        if all(test.fails is None for test in tests):
            tests.append(_Test("threat.agent", ("threat", "agent"), holds=True, fails=False))
        effect = f"caution: {_PLACEHOLDER}" if layer is None else f"{{score: {scalar(layer)}, points: 1}}"
        yield Draft(tuple(tests), effect), layer or _PLACEHOLDER


def _word_test(record: str, field: str, word: str, words: Sequence[str]) -> _Test:
    other = next((each for each in words if each != word), None)
    return _Test(f'{record}.{field} == "{word}"', (record, field), word, other)


def _flow(given: Mapping[str, Any]) -> str:
    """Facts on one line, as they are written in rule files."""
    return "{" + ", ".join(f"{name}: {_value(value)}" for name, value in given.items()) + "}"


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return _flow(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return scalar(value)
