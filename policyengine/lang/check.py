"""The checker: from Python's syntax tree to our typed tree, with every mistake on the way.

A part that is wrong gives no node; its neighbours are still checked, so that all mistakes of an
expression are reported at once and none is reported twice.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from policyengine.errors.near_names import near_or_list, one_of
from policyengine.lang import nodes
from policyengine.lang.mismatch import mismatch, unlike_words, wanted_hint
from policyengine.lang.mistakes import Mistake
from policyengine.lang.names import SPELT_OTHERWISE, Scope
from policyengine.lang.nodes import Node, apply, literal
from policyengine.lang.operators import FUNCTIONS, OPERATORS, QUANTIFIERS
from policyengine.lang.parse import Places, parse
from policyengine.lang.refused import refusal
from policyengine.lang.types import Boolean, Collection, Number, Schema, Type, Word, Words, describe

MOST_NESTED_QUANTIFIERS = 2
MOST_MISTAKES = 20
"""So many of one expression are told; whoever has more has lost the thread anyway."""

_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_LISTED = 'write: in ("a", "b")'


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression with what the checker found: the tree (None if there is a mistake) and the mistakes.

    `places` says for each part of the tree which characters of the text it is written in; where it stands more than
    once, the least nested, and of these the first. `repeated` are the values that a list after `in` names once more.
    """

    text: str
    node: Node | None
    mistakes: tuple[Mistake, ...]
    places: Mapping[Node, tuple[int, int]] = field(default_factory=dict)
    repeated: tuple[tuple[int, int], ...] = ()


def check(text: str, schema: Schema, wanted: type[Boolean | Number]) -> Checked:
    """Check one expression against the names of `schema`; it must be a condition or a number as `wanted`."""
    tree, mistakes = parse(text)
    if tree is None:
        return Checked(text, None, tuple(sorted(mistakes)[:MOST_MISTAKES]))
    read_past = tuple(mistakes)
    checker = _Checker(Places(text), mistakes, Scope(schema))
    node = checker.visit(tree)
    if node is not None and not isinstance(node.type, wanted):
        what = "a condition that is true or false" if wanted is Boolean else "a number"
        hint = wanted_hint(node.type, wanted)
        checker.mistake(tree, "L201", f"{what} is needed here, this is {describe(node.type)}", hint)
    found = sorted({each for each in mistakes if each in read_past or not _within(each, read_past)})
    return Checked(
        text, node if not found else None, tuple(found[:MOST_MISTAKES]), checker.written(tree), tuple(checker.repeated)
    )


def _within(mistake: Mistake, others: tuple[Mistake, ...]) -> bool:
    """Whether a mistake only follows from another that covers its place."""
    return any(other.start <= mistake.start and mistake.end <= other.end for other in others)


class _Checker:
    def __init__(self, places: Places, mistakes: list[Mistake], scope: Scope) -> None:
        self._places = places
        self._mistakes = mistakes
        self._scope = scope
        self._visited: dict[ast.expr, Node | None] = {}
        self._pairs: dict[ast.AST, tuple[Node, ...]] = {}
        self.repeated: list[tuple[int, int]] = []

    def mistake(self, node: ast.AST, code: str, message: str, hint: str = "") -> None:
        start, end = self._places.of(node)
        self._mistakes.append(Mistake(start, end, code, message, hint))

    def visit(self, node: ast.expr) -> Node | None:
        """The checked tree of a part; each part is checked once, also the middle of `a < b < c`."""
        if node not in self._visited:
            self._visited[node] = self._visit(node)
        return self._visited[node]

    def written(self, tree: ast.expr) -> dict[Node, tuple[int, int]]:
        """Where each part of the tree is written."""
        written: dict[Node, tuple[int, int]] = {}
        for part in ast.walk(tree):  # level by level
            found = self._visited.get(part) if isinstance(part, ast.expr) else None
            for each in (found, *self._pairs.get(part, ())):
                if each is not None and each not in written:
                    written[each] = self._places.of(part)
        return written

    def _visit(self, node: ast.expr) -> Node | None:
        found: Node | None = None
        match node:
            case ast.BoolOp():
                found = self._logic("and" if isinstance(node.op, ast.And) else "or", node.values)
            case ast.UnaryOp(op=ast.Not()):
                found = self._logic("not", [node.operand])
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                found = self._sign(node)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                found = self._arithmetic(node)
            case ast.Compare():
                found = self._compare(node)
            case ast.Call(func=ast.Name(id=called)) if called in FUNCTIONS or called in QUANTIFIERS:
                found = self._call(called, node)
            case ast.Constant():
                found = self._constant(node)
            case ast.Name() | ast.Attribute():
                found = self._name(node)
            case _:
                self.mistake(node, "L104", *refusal(node))
        return found

    def _logic(self, op: str, values: list[ast.expr]) -> Node | None:
        parts = [self._wanted(value, Boolean, f"'{op}' joins conditions") for value in values]
        return None if None in parts else apply(op, tuple(part for part in parts if part is not None))

    def _wanted(self, node: ast.expr, kind: type[Boolean | Number], why: str) -> Node | None:
        found = self.visit(node)
        if found is None or isinstance(found.type, kind):
            return found
        self.mistake(node, "L202", f"{why}; this is {describe(found.type)}", wanted_hint(found.type, kind))
        return None

    def _sign(self, node: ast.UnaryOp) -> Node | None:
        value = self._wanted(node.operand, Number, "a sign stands before a number")
        if value is None or isinstance(node.op, ast.UAdd):
            return value
        return literal(-value.value) if value.op == "literal" else apply("negative", (value,))

    def _arithmetic(self, node: ast.BinOp) -> Node | None:
        op = _ARITHMETIC[type(node.op)]
        left = self._wanted(node.left, Number, f"'{op}' works on numbers")
        right = self._wanted(node.right, Number, f"'{op}' works on numbers")
        return None if left is None or right is None else apply(op, (left, right))

    def _constant(self, node: ast.Constant) -> Node | None:
        value = node.value
        if isinstance(value, str) and not _one_text(self._places.text(node)):
            self.mistake(node, "L102", "two texts stand side by side", "put a comma between them, or write one word")
            return None
        if isinstance(value, bool | str):
            return literal(value)
        if isinstance(value, int | float):
            if (isinstance(value, int) and abs(value) > 2**53) or not math.isfinite(value):
                self.mistake(node, "L105", "this number is too large", "at most 2**53 (about 9e15) is exact")
                return None
            return literal(value)
        self.mistake(node, "L104", *refusal(node))
        return None

    def _name(self, node: ast.Name | ast.Attribute) -> Node | None:
        parts: list[tuple[str, ast.expr]] = []
        current: ast.expr = node
        while isinstance(current, ast.Attribute):
            parts.append((current.attr, current))
            current = current.value
        if not isinstance(current, ast.Name):
            self.mistake(current, "L104", *refusal(current))
            return None
        parts = [(current.id, current), *reversed(parts)]
        found = self._scope.resolve([word for word, _ in parts])
        if isinstance(found, Node):
            return found
        wrong, message, hint = found
        part = parts[wrong][1]
        start, end = self._places.of_field(part) if isinstance(part, ast.Attribute) else self._places.of(part)
        self._mistakes.append(Mistake(start, end, "L203", message, hint))
        return None

    def _compare(self, node: ast.Compare) -> Node | None:
        operands = [node.left, *node.comparators]
        pairs = []
        for op, left, right in zip(node.ops, operands, operands[1:], strict=False):
            if isinstance(op, ast.In | ast.NotIn):
                pair = self._member(left, right)
                pairs.append(apply("not", (pair,)) if pair is not None and isinstance(op, ast.NotIn) else pair)
            elif type(op) in _COMPARE:
                pairs.append(self._pair(_COMPARE[type(op)], left, right))
            else:
                hint = "compare with '=='; test for a missing value with: known(...)"
                self.mistake(node, "L104", "'is' is not part of the language", hint)
                pairs.append(None)
        if None in pairs:
            return None
        done = tuple(pair for pair in pairs if pair is not None)
        self._pairs[node] = done
        return done[0] if len(done) == 1 else apply("and", done)

    def _pair(self, op: str, left: ast.expr, right: ast.expr) -> Node | None:
        if self._unquoted(left, right) or self._unquoted(right, left):
            return None
        a, b = self.visit(left), self.visit(right)
        if a is None or b is None:
            return None
        wrong = mismatch(op, a, b)
        if wrong:
            self.mistake(right if isinstance(right, ast.Constant) else left, "L204", *wrong)
            return None
        if self._word_exists(a.type, b, right) and self._word_exists(b.type, a, left):
            return apply(op, (a, b))
        return None

    def _unquoted(self, word: ast.expr, other: ast.expr) -> bool:
        """Whether a word lost its quotes: a name that is not there beside one that has words."""
        if not isinstance(word, ast.Name) or not isinstance(other, ast.Name | ast.Attribute):
            return False
        known = None if self._scope.has(word.id) else self.visit(other)
        if known is None or not isinstance(known.type, Word) or word.id.lower() in SPELT_OTHERWISE:
            return False
        self.mistake(word, "L203", f"there is no '{word.id}' here", f'words stand in quotes: "{word.id}"')
        return True

    def _word_exists(self, kind: Type, value: Node, place: ast.expr) -> bool:
        """Whether a literal word is one of the options of what it is compared with."""
        if not isinstance(kind, Word | Words) or kind.options is None or value.op != "literal":
            return True
        if value.value in kind.options:
            return True
        hint = near_or_list(value.value, kind.options) or f"no {kind.domain} is declared"
        self.mistake(place, "L205", f"'{value.value}' is not a known {kind.domain}", hint)
        return False

    def _member(self, left: ast.expr, right: ast.expr) -> Node | None:
        if isinstance(right, ast.Tuple):
            return self._listed(left, right)
        if isinstance(right, ast.List | ast.Set):
            self.mistake(right, "L206", "the values after 'in' stand in round brackets", _LISTED)
            return None
        if isinstance(right, ast.Constant):
            self.mistake(right, "L206", "'in' needs a list of values", 'write a comma even for one: in ("a",)')
            return None
        word, names = self.visit(left), self.visit(right)
        return None if word is None or names is None else self._held(word, left, names, right)

    def _held(self, word: Node, left: ast.expr, names: Node, right: ast.expr) -> Node | None:
        """Whether a set of words holds a word."""
        if not isinstance(names.type, Words):
            what = f"'in' needs values in round brackets or a set of words; this is {describe(names.type)}"
            self.mistake(right, "L206", what, _LISTED)
            return None
        wrong = unlike_words(word.type, names.type) if word.op != "literal" else None
        if not isinstance(word.type, Word):
            wrong = f"a set of words holds words, not {describe(word.type)}", "write the word in quotes"
        if wrong:
            self.mistake(left, "L204", *wrong)
            return None
        return apply("contains", (names, word)) if self._word_exists(names.type, word, left) else None

    def _listed(self, left: ast.expr, right: ast.Tuple) -> Node | None:
        value = self.visit(left)
        listed = [self._listed_value(item, value) for item in right.elts]
        if not right.elts:
            self.mistake(right, "L206", "the list after 'in' is empty", _LISTED)
            return None
        if value is None or None in listed:
            return None
        if not isinstance(value.type, Number | Word):
            what = f"'in' looks for a number or a word, not {describe(value.type)}"
            self.mistake(left, "L204", what, wanted_hint(value.type, Boolean))
            return None
        kept: dict[float | str, ast.expr] = {}
        for item, written in zip(listed, right.elts, strict=True):
            if item is not None and kept.setdefault(item.value, written) is not written:
                self.repeated.append(self._places.of(written))
        return apply("in", (value,), tuple(sorted(kept)))

    def _listed_value(self, item: ast.expr, value: Node | None) -> Node | None:
        inner = item.operand if isinstance(item, ast.UnaryOp) and isinstance(item.op, ast.USub) else item
        if not isinstance(inner, ast.Constant):
            what = "only fixed values can stand in the list after 'in'"
            self.mistake(item, "L206", what, "write words in quotes, or numbers")
            return None
        node = self.visit(item)
        if node is None or value is None:
            return node
        if type(node.type) is not type(value.type):
            what = f"{describe(value.type)} is looked for, this is {describe(node.type)}"
            self.mistake(item, "L204", what, "write words in quotes, numbers without")
            return None
        return node if self._word_exists(value.type, node, item) else None

    def _call(self, called: str, node: ast.Call) -> Node | None:
        goes_through = len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp)
        form = OPERATORS[called if called in FUNCTIONS and not goes_through else QUANTIFIERS.get(called, called)].form
        if node.keywords:
            what = "named arguments are not part of the language"
            self.mistake(node.keywords[0], "L104", what, f"write: {form}; compare with '=='")
            return None
        if goes_through and called in QUANTIFIERS:
            return self._quantifier(QUANTIFIERS[called], node, node.args[0])
        if called not in FUNCTIONS:
            self.mistake(node, "L207", f"'{called}' goes through a collection", f"write: {form}")
            return None
        row = OPERATORS[called]
        least = 2 if row.variadic else len(row.takes)
        if len(node.args) < least or (not row.variadic and len(node.args) > least):
            needs = f"{'at least ' if row.variadic else ''}{least} value{'s' if least > 1 else ''}"
            also = f", or {OPERATORS[QUANTIFIERS[called]].form}" if called in QUANTIFIERS else ""
            self.mistake(node, "L207", f"'{called}' takes {needs}, not {len(node.args)}", f"write: {form}{also}")
            return None
        return self._known(node.args[0]) if called == "known" else self._numbers(called, node.args)

    def _known(self, node: ast.expr) -> Node | None:
        value = self.visit(node)
        return None if value is None else apply("known", (value,))

    def _numbers(self, called: str, args: list[ast.expr]) -> Node | None:
        values = [self._wanted(arg, Number, f"'{called}' works on numbers") for arg in args]
        return None if None in values else apply(called, tuple(value for value in values if value is not None))

    def _quantifier(self, op: str, call: ast.Call, node: ast.expr) -> Node | None:
        assert isinstance(node, ast.GeneratorExp)  # noqa: S101 - tells the type checker what the caller tested
        loop = node.generators[0]
        if len(node.generators) > 1 or loop.is_async or not isinstance(loop.target, ast.Name):
            what = "a quantifier goes through one collection with one variable"
            self.mistake(node, "L207", what, f"write: {OPERATORS[op].form}")
            return None
        if self._scope.depth >= MOST_NESTED_QUANTIFIERS:
            what = f"quantifiers nest at most {MOST_NESTED_QUANTIFIERS} deep"
            self.mistake(call, "L207", what, "set a mark in one rule and test it in another")
            return None
        collection = self.visit(loop.iter)
        if collection is None:
            return None
        if not isinstance(collection.type, Collection):
            what = f"a quantifier goes through a collection; this is {describe(collection.type)}"
            self.mistake(loop.iter, "L207", what, f"collections: {one_of(self._scope.collections())}")
            return None
        taken = self._scope.taken(loop.target.id)
        if taken:
            self.mistake(loop.target, "L207", f"'{loop.target.id}' {taken}", "choose another letter for the variable")
            return None
        return self._body(op, loop, node, collection)

    def _body(self, op: str, loop: ast.comprehension, node: ast.GeneratorExp, collection: Node) -> Node | None:
        assert isinstance(collection.type, Collection)  # noqa: S101 - tells the type checker what the caller tested
        assert isinstance(loop.target, ast.Name)  # noqa: S101 - the same
        outer = self._scope
        self._scope, variable = outer.within(loop.target.id, collection.type.element)
        try:
            filters = [self._wanted(test, Boolean, "the 'if' of a quantifier is a condition") for test in loop.ifs]
            kind: type[Boolean | Number] = Boolean if OPERATORS[op].takes == ("boolean",) else Number
            what = "a condition" if kind is Boolean else "a number"
            body = self._wanted(node.elt, kind, f"'{op.split(maxsplit=1)[0]}' needs {what} for each element")
        finally:
            self._scope = outer
        if body is None or None in filters:
            return None
        kept = [part for part in filters if part is not None]
        test = nodes.TRUE if not kept else kept[0] if len(kept) == 1 else apply("and", tuple(kept))
        return apply(op, (collection, test, body), variable)


def _one_text(written: str) -> bool:
    """Whether a text is written in one pair of quotes; Python would join several without a word."""
    place = 1
    while place < len(written) and written[place] != written[0]:
        place += 2 if written[place] == "\\" else 1
    return place == len(written) - 1


def constant(value: float) -> Checked:
    """A number written in a rule file where an expression may stand."""
    return Checked(repr(value), literal(value), ())


def without_places(checked: Checked) -> Checked:
    """The same expression without its mistakes, for messages that list them elsewhere."""
    return replace(checked, mistakes=())
