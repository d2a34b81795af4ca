"""The checker: from Python's syntax tree to our typed tree, with every mistake on the way.

A part that is wrong gives no node; its neighbours are still checked, so that all mistakes of an
expression are reported at once and none is reported twice.
"""

from __future__ import annotations

import ast
import math
from dataclasses import dataclass, replace

from policyengine.lang import nodes
from policyengine.errors.near_names import near_or_list, one_of
from policyengine.lang.mistakes import Mistake
from policyengine.lang.names import Scope
from policyengine.lang.nodes import Node, apply, literal
from policyengine.lang.operators import FUNCTIONS, OPERATORS, QUANTIFIERS
from policyengine.lang.parse import Places, parse
from policyengine.lang.refused import refusal
from policyengine.lang.types import Boolean, Collection, Number, Record, Schema, Type, Word, Words, describe

MOST_NESTED_QUANTIFIERS = 2

_COMPARE: dict[type[ast.cmpop], str] = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}


@dataclass(frozen=True, slots=True)
class Checked:
    """An expression with what the checker found: the tree (None if there is a mistake) and the mistakes."""

    text: str
    node: Node | None
    mistakes: tuple[Mistake, ...]


def check(text: str, schema: Schema, wanted: type[Boolean | Number]) -> Checked:
    """Check one expression against the names of `schema`; it must be a condition or a number as `wanted`."""
    tree, mistakes = parse(text)
    if tree is None:
        return Checked(text, None, tuple(mistakes))
    checker = _Checker(Places(text), mistakes, Scope(schema))
    node = checker.visit(tree)
    if node is not None and not isinstance(node.type, wanted):
        what = "a condition that is true or false" if wanted is Boolean else "a number"
        checker.mistake(tree, "L201", f"{what} is needed here, this is {describe(node.type)}", _wanted_hint(node.type, wanted))
    found = sorted(set(mistakes))
    return Checked(text, node if not found else None, tuple(found))


def _wanted_hint(kind: Type, wanted: type) -> str:
    if wanted is Boolean and isinstance(kind, Number):
        return "compare it with something, such as: ... >= 0.5"
    if wanted is Boolean and isinstance(kind, Word):
        return 'compare it with a word, such as: ... == "..."'
    return ""


class _Checker:
    def __init__(self, places: Places, mistakes: list[Mistake], scope: Scope) -> None:
        self._places = places
        self._mistakes = mistakes
        self._scope = scope

    def mistake(self, node: ast.AST, code: str, message: str, hint: str = "") -> None:
        start, end = self._places.of(node)
        self._mistakes.append(Mistake(start, end, code, message, hint))

    def visit(self, node: ast.expr) -> Node | None:
        match node:
            case ast.BoolOp():
                return self._logic("and" if isinstance(node.op, ast.And) else "or", node.values)
            case ast.UnaryOp(op=ast.Not()):
                return self._logic("not", [node.operand])
            case ast.UnaryOp(op=ast.USub() | ast.UAdd()):
                return self._sign(node)
            case ast.BinOp() if type(node.op) in _ARITHMETIC:
                return self._arithmetic(node)
            case ast.Compare():
                return self._compare(node)
            case ast.Call(func=ast.Name(id=called)) if called in FUNCTIONS or called in QUANTIFIERS:
                return self._call(called, node)
            case ast.Constant():
                return self._constant(node)
            case ast.Name() | ast.Attribute():
                return self._name(node)
            case _:
                message, hint = refusal(node)
                self.mistake(node, "L104", message, hint)
                return None

    def _logic(self, op: str, values: list[ast.expr]) -> Node | None:
        parts = [self._wanted(value, Boolean, f"'{op}' joins conditions") for value in values]
        return None if None in parts else apply(op, tuple(part for part in parts if part is not None))

    def _wanted(self, node: ast.expr, kind: type[Boolean | Number], why: str) -> Node | None:
        found = self.visit(node)
        if found is None or isinstance(found.type, kind):
            return found
        self.mistake(node, "L202", f"{why}; this is {describe(found.type)}", _wanted_hint(found.type, kind))
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
        if isinstance(value, int | float) and not isinstance(value, bool):
            if (isinstance(value, int) and abs(value) > 2**53) or not math.isfinite(value):
                self.mistake(node, "L105", "this number is too large", "at most 2**53 (about 9e15) is exact")
                return None
            return literal(value)
        if isinstance(value, bool | str):
            return literal(value)
        if value is None:
            self.mistake(node, "L104", "None is not part of the language", "test for a missing value with: known(...)")
        else:
            self.mistake(node, "L104", f"a {type(value).__name__} is not part of the language", "use numbers, words in quotes, True and False")
        return None

    def _name(self, node: ast.Name | ast.Attribute) -> Node | None:
        parts: list[tuple[str, ast.expr]] = []
        current: ast.expr = node
        while isinstance(current, ast.Attribute):
            parts.append((current.attr, current))
            current = current.value
        if not isinstance(current, ast.Name):
            message, hint = refusal(current)
            self.mistake(current, "L104", message, hint)
            return None
        parts.append((current.id, current))
        found = self._scope.resolve([word for word, _ in reversed(parts)])
        if isinstance(found, Node):
            return found
        place, message, hint = found
        start, end = self._places.of(list(reversed(parts))[place][1])
        word = list(reversed(parts))[place][0]
        self._mistakes.append(Mistake(max(start, end - len(word)), end, "L203", message, hint))
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
                self.mistake(node, "L104", "'is' is not part of the language", "compare with '=='; test for a missing value with: known(...)")
                pairs.append(None)
        if None in pairs:
            return None
        done = tuple(pair for pair in pairs if pair is not None)
        return done[0] if len(done) == 1 else apply("and", done)

    def _pair(self, op: str, left: ast.expr, right: ast.expr) -> Node | None:
        a, b = self.visit(left), self.visit(right)
        if a is None or b is None:
            return None
        wrong = self._mismatch(op, a, b)
        if wrong:
            place = right if left is None or isinstance(right, ast.Constant) else left
            self.mistake(place, "L204", *wrong)
            return None
        for x, y, place in ((a, b, right), (b, a, left)):
            if not self._word_exists(x.type, y, place):
                return None
        return apply(op, (a, b))

    def _mismatch(self, op: str, a: Node, b: Node) -> tuple[str, str] | None:
        if isinstance(a.type, Number) and isinstance(b.type, Number):
            return None
        if op in ("==", "!="):
            if isinstance(a.type, Boolean) and isinstance(b.type, Boolean):
                return None
            if isinstance(a.type, Word) and isinstance(b.type, Word):
                return _unlike_words(a, b)
        elif isinstance(a.type, Word | Boolean) and type(a.type) is type(b.type):
            return f"'{op}' compares numbers; these are {describe(a.type)}", "words and truths can only be compared with == and !="
        hint = ""
        if isinstance(a.type, Words) or isinstance(b.type, Words):
            hint = 'ask whether a set holds a word with: "word" in set'
        elif "literal" in (a.op, b.op):
            hint = "numbers are written without quotes, words in quotes, truths as True and False"
        return f"'{op}' cannot compare {describe(a.type)} with {describe(b.type)}", hint

    def _word_exists(self, kind: Type, value: Node, place: ast.expr) -> bool:
        """Whether a literal word is one of the options of what it is compared with."""
        if not isinstance(kind, Word | Words) or kind.options is None or value.op != "literal":
            return True
        if value.value in kind.options:
            return True
        self.mistake(place, "L205", f"'{value.value}' is not a known {kind.domain}", near_or_list(value.value, kind.options))
        return False

    def _member(self, left: ast.expr, right: ast.expr) -> Node | None:
        if isinstance(right, ast.Tuple):
            return self._listed(left, right)
        if isinstance(right, ast.List | ast.Set):
            self.mistake(right, "L206", "the values after 'in' stand in round brackets", 'write: in ("a", "b")')
            return None
        if isinstance(right, ast.Constant):
            self.mistake(right, "L206", "'in' needs a list of values", 'write a comma even for one: in ("a",)')
            return None
        word, names = self.visit(left), self.visit(right)
        if word is None or names is None:
            return None
        if not isinstance(names.type, Words):
            self.mistake(right, "L206", f"'in' needs values in round brackets or a set of words; this is {describe(names.type)}",
                         'write: in ("a", "b")')
            return None
        if not isinstance(word.type, Word):
            self.mistake(left, "L204", f"a set of words holds words, not {describe(word.type)}", "write the word in quotes")
            return None
        return apply("contains", (names, word)) if self._word_exists(names.type, word, left) else None

    def _listed(self, left: ast.expr, right: ast.Tuple) -> Node | None:
        value = self.visit(left)
        listed = [self._listed_value(item, value) for item in right.elts]
        if not right.elts:
            self.mistake(right, "L206", "the list after 'in' is empty", 'write: in ("a", "b")')
            return None
        if value is None or None in listed:
            return None
        if not isinstance(value.type, Number | Word):
            self.mistake(left, "L204", f"'in' looks for a number or a word, not {describe(value.type)}", "")
            return None
        kept = {item.value for item in listed if item is not None}
        return apply("in", (value,), tuple(sorted(kept)))

    def _listed_value(self, item: ast.expr, value: Node | None) -> Node | None:
        negative = isinstance(item, ast.UnaryOp) and isinstance(item.op, ast.USub) and isinstance(item.operand, ast.Constant)
        if not isinstance(item, ast.Constant) and not negative:
            self.mistake(item, "L206", "only fixed values can stand in the list after 'in'", "write words in quotes, or numbers")
            return None
        node = self.visit(item)
        if node is None or value is None:
            return node
        if type(node.type) is not type(value.type):
            self.mistake(item, "L204", f"{describe(value.type)} is looked for, this is {describe(node.type)}", "")
            return None
        return node if self._word_exists(value.type, node, item) else None

    def _call(self, called: str, node: ast.Call) -> Node | None:
        if node.keywords:
            self.mistake(node.keywords[0], "L104", "named arguments are not part of the language", f"write: {OPERATORS[called].form if called in OPERATORS else called + '(...)'}")
            return None
        if len(node.args) == 1 and isinstance(node.args[0], ast.GeneratorExp):
            if called in QUANTIFIERS:
                return self._quantifier(QUANTIFIERS[called], node, node.args[0])
        if called not in FUNCTIONS:
            self.mistake(node, "L207", f"'{called}' goes through a collection", f"write: {OPERATORS[QUANTIFIERS[called]].form}")
            return None
        row = OPERATORS[called]
        least = 2 if row.variadic else len(row.takes)
        if len(node.args) < least or (not row.variadic and len(node.args) > least):
            self.mistake(node, "L207", f"'{called}' takes {'at least ' if row.variadic else ''}{least} value{'s' if least > 1 else ''}, not {len(node.args)}",
                         f"write: {row.form}")
            return None
        return self._known(node.args[0]) if called == "known" else self._numbers(called, node.args)

    def _known(self, node: ast.expr) -> Node | None:
        value = self.visit(node)
        if value is not None and isinstance(value.type, Record):
            self.mistake(node, "L207", f"known() asks for one value; this is {describe(value.type)}", "name one of its fields")
            return None
        return None if value is None else apply("known", (value,))

    def _numbers(self, called: str, args: list[ast.expr]) -> Node | None:
        values = [self._wanted(arg, Number, f"'{called}' works on numbers") for arg in args]
        return None if None in values else apply(called, tuple(value for value in values if value is not None))

    def _quantifier(self, op: str, call: ast.Call, node: ast.GeneratorExp) -> Node | None:
        loop = node.generators[0]
        if len(node.generators) > 1 or loop.is_async or not isinstance(loop.target, ast.Name):
            self.mistake(node, "L207", "a quantifier goes through one collection with one variable", f"write: {OPERATORS[op].form}")
            return None
        if self._scope.depth >= MOST_NESTED_QUANTIFIERS:
            self.mistake(call, "L207", f"quantifiers nest at most {MOST_NESTED_QUANTIFIERS} deep", "set a mark in one rule and test it in another")
            return None
        collection = self.visit(loop.iter)
        if collection is None:
            return None
        if not isinstance(collection.type, Collection):
            self.mistake(loop.iter, "L207", f"a quantifier goes through a collection; this is {describe(collection.type)}",
                         f"collections: {one_of(self._scope.collections())}")
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
            body = self._wanted(node.elt, kind, f"'{op.split()[0]}' needs {what} for each element")
        finally:
            self._scope = outer
        if body is None or None in filters:
            return None
        kept = [part for part in filters if part is not None]
        test = nodes.TRUE if not kept else kept[0] if len(kept) == 1 else apply("and", tuple(kept))
        return apply(op, (collection, test, body), variable)


def _unlike_words(a: Node, b: Node) -> tuple[str, str] | None:
    """Two named words of lists that share no word can never be equal."""
    if "literal" in (a.op, b.op):
        return None
    if isinstance(a.type, Word) and isinstance(b.type, Word) and a.type.domain != b.type.domain:
        return f"a {a.type.domain} is never a {b.type.domain}", "compare words of one list"
    return None


def constant(value: float) -> Checked:
    """A number written in a rule file where an expression may stand."""
    return Checked(repr(value), literal(value), ())


def without_places(checked: Checked) -> Checked:
    """The same expression without its mistakes, for messages that list them elsewhere."""
    return replace(checked, mistakes=())
