"""Which branches of conditions, which effects, marks and parameters the examples and tests of a pack exercise.

A condition is taken apart into its comparisons: each should have been seen true and seen false. What a
comparison gives is asked of the reference engine, so that coverage has no meaning of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policyengine.engines.reference import evaluate
from policyengine.errors import Span
from policyengine.lang.check import check
from policyengine.lang.nodes import Node
from policyengine.lang.show import show
from policyengine.lang.types import Boolean, Schema
from policyengine.rulebook.facts import Bindings, Facts
from policyengine.rulebook.rule import Rule, Rulebook, mark_text
from policyengine.source import examine_document

Seen = bool | None


@dataclass(frozen=True, slots=True)
class Branch:
    """One comparison of a condition, as it is written and where, with what it has been seen to give."""

    text: str
    seen: frozenset[Seen]
    span: Span

    @property
    def lacks(self) -> tuple[str, ...]:
        """`true`, `false`, both, or nothing."""
        return tuple(word for word, value in (("true", True), ("false", False)) if value not in self.seen)


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """One rule: the branches of its condition, whether it fired, and its file."""

    rule: str
    path: Path
    fired: bool
    branches: tuple[Branch, ...]

    @property
    def hit(self) -> int:
        """How many of its branches, two for each comparison, were seen."""
        return sum(2 - len(branch.lacks) for branch in self.branches)

    @property
    def total(self) -> int:
        """How many branches there are."""
        return 2 * len(self.branches)


@dataclass
class Coverage:
    """Gathers what conditions see; rules of which nothing is seen count as well."""

    _rules: dict[str, tuple[Rule, Path]] = field(default_factory=dict)
    _schemas: dict[str, Schema] = field(default_factory=dict)
    _seen: dict[tuple[str, Node], set[Seen]] = field(default_factory=dict)
    _fired: set[str] = field(default_factory=set)
    _parameters: set[str] = field(default_factory=set)
    _used: set[str] = field(default_factory=set)

    def expect(self, rulebook: Rulebook, rules: Sequence[Rule], paths: Mapping[str, Path]) -> None:
        """Take up the rules of a pack."""
        self._rules |= {rule.name: (rule, paths[rule.name]) for rule in rules}
        own = {rule.pack for rule in rules}
        self._schemas |= {pack: rulebook.schemas[pack] for pack in own}
        self._parameters |= {name for name in rulebook.parameters if name.partition("@")[2] in own}

    def watch(self, rule: Rule, rulebook: Rulebook, facts: Facts) -> None:
        """Note what the condition of a rule gives on facts, for every subject."""
        if rule.name not in self._rules:
            return
        constant = facts.roots(rulebook.parameter_values)
        for _, bound in facts.subjects(rule.subject):
            bindings = constant | bound
            self._observe(rule.name, rule.when, bindings)
            if evaluate(rule.when, bindings) is True:
                self._fired.add(rule.name)
                for effect in rule.effects:
                    self._use(effect.points)

    @property
    def rules(self) -> list[RuleCoverage]:
        """What was seen of each rule."""
        return [
            RuleCoverage(name, path, name in self._fired, tuple(self._branches(rule, path)))
            for name, (rule, path) in self._rules.items()
        ]

    def _branches(self, rule: Rule, path: Path) -> Iterator[Branch]:
        """The comparisons of a condition; only those that lack something are looked up in the file."""
        nodes = {node: frozenset(self._seen.get((rule.name, node), ())) for node in comparisons(rule.when)}
        spans: Mapping[Node, Span] = {}
        if rule.row is None and not all({True, False} <= seen for seen in nodes.values()):
            document = examine_document(path)
            places = check(rule.when_text, self._schemas[rule.pack], Boolean).places
            spans = {node: document.text_span(("when",), *place) for node, place in places.items() if node in nodes}
        for node, seen in nodes.items():
            yield Branch(show(node), seen, spans.get(node, Span.whole(str(path))))

    @property
    def unset_marks(self) -> list[str]:
        """The marks that no example or test sets, as `record.name`."""
        marks = {mark for rule, _ in self._rules.values() for mark in rule.sets}
        fired = {mark for name, (rule, _) in self._rules.items() if name in self._fired for mark in rule.sets}
        return sorted({mark_text(mark) for mark in marks - fired})

    @property
    def unused_parameters(self) -> list[str]:
        """The parameters of the packs that nothing which was run has used, as `name`."""
        return sorted(name.partition("@")[0] for name in self._parameters - self._used)

    def _observe(self, rule: str, node: Node, bindings: Bindings) -> None:
        if node.op in ("and", "or", "not"):
            for arg in node.args:
                self._observe(rule, arg, bindings)
        elif node.op.endswith(" of"):
            self._elements(rule, node, bindings)
        elif _is_comparison(node):
            self._seen.setdefault((rule, node), set()).add(evaluate(node, bindings))
            self._use(node)
            self._inside(rule, node, bindings)

    def _inside(self, rule: str, node: Node, bindings: Bindings) -> None:
        """Look into the quantifiers of a comparison of numbers."""
        for arg in node.args:
            if arg.op.endswith(" of"):
                self._elements(rule, arg, bindings)
            else:
                self._inside(rule, arg, bindings)

    def _elements(self, rule: str, node: Node, bindings: Bindings) -> None:
        collection, test, body = node.args
        for record in evaluate(collection, bindings) or ():
            for part in (test, body):
                self._observe(rule, part, bindings | {node.value: record})

    def _use(self, node: Node | None) -> None:
        for part in node.walk() if node is not None else ():
            if part.op == "name" and part.value[0] == "param":
                self._used.add(part.value[1])


def comparisons(node: Node) -> Iterator[Node]:
    """The comparisons of a condition, those inside quantifiers as well."""
    if node.op in ("and", "or", "not"):
        for arg in node.args:
            yield from comparisons(arg)
    elif node.op.endswith(" of"):
        for part in node.args[1:]:
            yield from comparisons(part)
    elif _is_comparison(node):
        yield node
        for arg in node.args:
            yield from _quantified(arg)


def _quantified(node: Node) -> Iterator[Node]:
    if node.op.endswith(" of"):
        yield from comparisons(node)
    else:
        for arg in node.args:
            yield from _quantified(arg)


def _is_comparison(node: Node) -> bool:

    return isinstance(node.type, Boolean) and node.op != "literal"
