"""The default engine: forward chaining on the C core of durable_rules.

Per stratum of rules, each subject becomes one flat fact whose properties are computed once for
whatever they depend on (a threat, a jurisdiction, the whole subject). The core matches the
conjunctions; marks that follow are facts of the next wave.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from policyengine.engines.functions import Function, Functions
from policyengine.engines.rete_compile import Compiler, Conjunction, Properties
from policyengine.engines.rete_core import (
    MOST_FACTS,
    MOST_PROPERTIES,
    MOST_RULES,
    Ruleset,
    fact_text,
    import_core,
    property_text,
)
from policyengine.firing import Firing, FiringTable, Subject, Undecided, fixed_point
from policyengine.lang.nodes import Node, roots
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Effect, Rule, Rulebook

NAME = "rete"

_SCOPES = ("threat", "jurisdiction", "model")
"""Roots on which a property may depend alone, so that it is computed once for each."""


class Rete:
    """The engine for one rulebook. Close it to give the core's memory back."""

    name = NAME

    def __init__(self, rulebook: Rulebook) -> None:
        """Compile the rules; raises ImportError, with the reason in one line, if durable_rules cannot be imported."""
        core = import_core()
        self._rulebook = rulebook
        self._parameters = rulebook.parameter_values
        self._functions = Functions()
        self._points = [
            [None if effect.points is None else self._functions.of(effect.points) for effect in rule.effects]
            for rule in rulebook.rules
        ]
        self._strata = [self._shards(core, stratum) for stratum in rulebook.strata]
        self._setters = [[index for index in stratum if rulebook.rules[index].sets] for stratum in rulebook.strata]

    def run(self, facts: Facts) -> FiringTable:
        """Evaluate facts; the same firings as the reference engine."""
        facts = facts.fork()
        _clear_marks(self._rulebook.marks, facts)
        constant = facts.roots(self._parameters)
        fired: list[Firing] = []
        undecided: list[Undecided] = []
        for shards, setters in zip(self._strata, self._setters, strict=True):
            subjects: dict[tuple[str, ...], list[tuple[Subject, Bindings]]] = {}
            wave: tuple[list[Firing], list[Undecided]] = ([], [])
            for shard in shards:
                if shard.subject not in subjects:
                    subjects[shard.subject] = [
                        (subject, constant | bound) for subject, bound in facts.subjects(shard.subject)
                    ]
                self._collect(shard, subjects[shard.subject], *wave)
            if setters:
                _set_marks(self._rulebook.rules, facts, *wave)
            fired += wave[0]
            undecided += wave[1]
        return FiringTable(tuple(sorted(fired)), tuple(sorted(undecided)))

    def close(self) -> None:
        """Give back the core's rulesets."""
        for shards in self._strata:
            for shard in shards:
                shard.close()

    def _shards(self, core: Any, stratum: Sequence[int]) -> list[_Shard]:
        by_subject: dict[tuple[str, ...], list[int]] = {}
        for index in stratum:
            by_subject.setdefault(self._rulebook.rules[index].subject, []).append(index)
        shards = []
        for subject, rules in by_subject.items():
            left = rules
            while left:
                shard = _Shard(core, subject, self._functions)
                left = shard.take(left, self._rulebook.rules, self._parameters)
                shards.append(shard)
        return shards

    def _collect(
        self, shard: _Shard, subjects: list[tuple[Subject, Bindings]], fired: list[Firing], undecided: list[Undecided]
    ) -> None:
        true, unknown = shard.match(subjects)
        for index, number in true:
            subject, bindings = subjects[number]
            weight = self._rulebook.rules[index].weight
            for place, points in enumerate(self._points[index]):
                value = 0.0 if points is None else points(bindings)
                if value is None:
                    undecided.append(Undecided(index, place, subject))
                else:
                    fired.append(Firing(index, place, subject, fixed_point(value, weight)))
        for index, number in unknown:
            undecided += [Undecided(index, place, subjects[number][0]) for place in range(len(self._points[index]))]


class _Shard:
    """Some rules about one kind of subject, small enough for two rulesets: when each is true, when each is false."""

    def __init__(self, core: Any, subject: tuple[str, ...], functions: Functions) -> None:
        self.subject = subject
        self._core = core
        self._properties = Properties(functions)
        self._rules: list[int] = []
        self._when: dict[str, Conjunction] = {}
        self._unless: dict[str, Conjunction] = {}
        self._writers: list[tuple[str, list[tuple[str, Function]]]] = []

    def take(self, rules: list[int], all_rules: Sequence[Rule], parameters: dict[str, float]) -> list[int]:
        """Compile as many rules as fit; returns those left over."""
        compiler = Compiler(self._properties, parameters)
        for place, index in enumerate(rules):
            when = all_rules[index].when
            true, false = compiler.conjunctions(when, positive=True), compiler.conjunctions(when, positive=False)
            full = max(len(self._when) + len(true), len(self._unless) + len(false)) > MOST_RULES
            if self._rules and (full or len(self._properties.names) > MOST_PROPERTIES):
                return self._make(rules[place:])
            self._rules.append(index)
            self._when |= {f"t{index}c{number}": tests for number, tests in enumerate(true)}
            self._unless |= {f"f{index}c{number}": tests for number, tests in enumerate(false)}
        return self._make([])

    def _make(self, left: list[int]) -> list[int]:
        self._true, self._false = Ruleset(self._core, self._when), Ruleset(self._core, self._unless)
        used = {test.property for tests in (*self._when.values(), *self._unless.values()) for test in tests}
        scoped: dict[str, list[tuple[str, Function]]] = {}
        for (node, form), name in self._properties.names.items():
            if name in used:
                scoped.setdefault(_scope(node), []).append((name, self._properties.writer(node, form)))
        self._writers = list(scoped.items())
        return left

    def match(self, subjects: list[tuple[Subject, Bindings]]) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        """Pairs of a rule and a place in `subjects`: where it is true, and where it is unknown."""
        if len(subjects) > MOST_FACTS:
            raise ValueError("more subjects than the core can tell apart")
        texts, incomplete = self._facts(subjects)
        true = {(_rule(name), number) for name, number in self._true.match(texts)}
        if not incomplete:
            return sorted(true), []
        false = {(_rule(name), number) for name, number in self._false.match([texts[number] for number in incomplete])}
        unknown = [
            (rule, number)
            for rule in self._rules
            for number in incomplete
            if (rule, number) not in true and (rule, number) not in false
        ]
        return sorted(true), unknown

    def _facts(self, subjects: list[tuple[Subject, Bindings]]) -> tuple[list[str], list[int]]:
        """The facts, and which of them lack a property."""
        written: dict[tuple[str, int], tuple[str, bool]] = {}
        texts: list[str] = []
        incomplete: list[int] = []
        for number, (subject, bindings) in enumerate(subjects):
            pieces, lacking = [], False
            for scope, writers in self._writers:
                key = (scope, -1 if scope == "" else number if scope == "subject" else getattr(subject, scope))
                if key not in written:
                    written[key] = _write(writers, bindings)
                pieces.append(written[key][0])
                lacking = lacking or written[key][1]
            texts.append(fact_text(number, "".join(pieces)))
            if lacking:
                incomplete.append(number)
        return texts, incomplete

    def close(self) -> None:
        self._true.close()
        self._false.close()


def _write(writers: list[tuple[str, Function]], bindings: Bindings) -> tuple[str, bool]:
    """The known properties as text, and whether one is missing."""
    values = [(name, writer(bindings)) for name, writer in writers]
    return "".join(property_text(name, value) for name, value in values if value is not None), any(
        value is None for _, value in values
    )


def _scope(node: Node) -> str:
    """On which part of the subject a value depends: one root alone, none (""), or the whole "subject"."""
    named = roots(node) - {"scenario", "param", "threats", "jurisdictions", "ties"}
    if not named:
        return ""
    return next(iter(named)) if len(named) == 1 and named <= set(_SCOPES) else "subject"


def _rule(name: str) -> int:
    return int(name[1 : name.index("c")])


def _clear_marks(marks: Collection[str], facts: Facts) -> None:
    for mark in marks:
        for record in facts.marked(mark):
            record.setdefault(mark.partition(".")[2], False)


def _set_marks(rules: Sequence[Rule], facts: Facts, fired: list[Firing], undecided: list[Undecided]) -> None:
    """The facts of the next wave: what is undecided first, so that whatever holds has the last word."""
    for row in undecided:
        _set_mark(rules[row.rule].effects[row.effect], row.subject, facts, None)
    for firing in fired:
        _set_mark(rules[firing.rule].effects[firing.effect], firing.subject, facts, True)


def _set_mark(effect: Effect, subject: Subject, facts: Facts, value: bool | None) -> None:
    if effect.kind == "mark":
        kind, _, path = effect.target.partition(".")
        record = facts.marked(effect.target)[getattr(subject, kind)]
        record[path] = True if record[path] is True else value
