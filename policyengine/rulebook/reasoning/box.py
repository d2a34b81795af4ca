"""One way in which a condition can hold: all values that its comparisons leave open.

Each name lies between two bounds or in a set of words; a comparison narrows them until nothing changes or nothing is
left. Two values compared again and again keep the orders that are still possible; values compared in a ring must not
exceed themselves. Bounds move to the next double and no further, so what is refused is refused for doubles as well.
Ref.: E. Davis, Constraint propagation with interval labels, Artificial Intelligence 32, 1987.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import ceil, floor, inf, isfinite, nextafter

from policyengine.lang.bounds import Bounds, bounds, is_whole
from policyengine.lang.nodes import Node, literal
from policyengine.lang.types import BOOLEAN, Number, Word
from policyengine.rulebook.reasoning.elements import NUMBERS_OF_ELEMENTS, Said, said_of_elements
from policyengine.rulebook.reasoning.narrowing import parts_of
from policyengine.rulebook.reasoning.ranges import NEVER_THE_SAME, Ranges

Literal = tuple[Node, bool]
"""A part without logic in it, and whether it must be true or false; neither means unknown."""
Orders = frozenset[int]
_ORDERS: dict[str, Orders] = {
    "<": frozenset({-1}), "<=": frozenset({-1, 0}), "==": frozenset({0}),
    ">=": frozenset({0, 1}), ">": frozenset({1}), "!=": frozenset({-1, 1}),
}  # fmt: skip
_ALL: Orders = frozenset({-1, 0, 1})
_ROUNDS = 12
_NOT_STRICT = ("and", "or", "not", "known")


class EmptyError(Exception):
    """Nothing is left: the parts cannot hold together."""


class Box:
    """What is left open by parts that must all be true or false as given; raises EmptyError if nothing is."""

    def __init__(self, parts: Iterable[Literal], ranges: Ranges) -> None:
        self._ranges = ranges
        self.truths: dict[Node, bool] = {}
        self.numbers: dict[Node, Bounds] = {}
        self.words: dict[Node, frozenset[str] | None] = {}
        self.excluded: dict[Node, set[str]] = {}
        self.known: set[Node] = set()
        self.unknown: set[Node] = set()
        self._orders: dict[tuple[Node, Node], Orders] = {}
        self._listed: list[tuple[Node, tuple[float, ...]]] = []
        for node, wanted in parts:
            self._take(node, wanted)
        self._check_known()
        self._check_rings()
        self._narrow()

    def bounds(self, node: Node) -> Bounds:
        """Between which values a number lies."""
        found = bounds(node, self._name)
        kept = self.numbers.get(node)
        return found if kept is None else Bounds(max(found.low, kept.low), min(found.high, kept.high))

    def said_of_elements(self) -> list[Said]:
        """What is said of the elements of collections."""
        counted = ((node, self.bounds(node)) for node in self.known if node.op in NUMBERS_OF_ELEMENTS)
        return list(said_of_elements(self.truths.items(), counted))

    def _name(self, node: Node) -> Bounds:
        return self.numbers.get(node) or self._ranges.number(node)

    def _take(self, node: Node, wanted: bool) -> None:
        self._truth(node, wanted)
        if node.op == "known":
            (self.known.update(strict_parts(node.args[0])) if wanted else self.unknown.add(node.args[0]))
            return
        self.known.update(strict_parts(node))
        if node.op in _ORDERS:
            orders = _ORDERS[node.op]
            self._compare(node.args[0], node.args[1], orders if wanted else _ALL - orders)
        elif node.op == "in" and _is_number(node.args[0]):
            self._list(node.args[0], node.value, wanted)
        elif node.op == "in":
            self._keep(node.args[0], frozenset(node.value), wanted)

    def _truth(self, node: Node, wanted: bool) -> None:
        unset = node.op == "name" and node.value[-1] in self._ranges.unset
        if (wanted and unset) or self.truths.setdefault(node, wanted) != wanted:
            raise EmptyError

    def _compare(self, a: Node, b: Node, orders: Orders) -> None:
        if a is b and 0 not in orders:
            raise EmptyError
        if isinstance(a.type, Word):
            if orders == {0} and frozenset([a.value, b.value]) in NEVER_THE_SAME:
                raise EmptyError
            for name, word in ((a, b), (b, a)):
                if word.op == "literal" and name.op == "name":
                    self._keep(name, frozenset({word.value}), orders == {0})
        if a.type == BOOLEAN:
            self._compare_truths(a, b, same=orders == {0})
        key, kept = ((a, b), orders) if id(a) <= id(b) else ((b, a), frozenset(-each for each in orders))
        self._orders[key] = self._orders.get(key, _ALL) & kept
        if not self._orders[key]:
            raise EmptyError

    def _compare_truths(self, a: Node, b: Node, *, same: bool) -> None:
        for name, value in ((a, b), (b, a)):
            truth = value.value if value.op == "literal" else self.truths.get(value)
            if truth is not None and name.op != "literal":
                self._truth(name, truth if same else not truth)
            elif value.op == "literal" and name.op == "literal" and (value.value == name.value) != same:
                raise EmptyError

    def _keep(self, name: Node, words: frozenset[str], wanted: bool) -> None:
        if name.op == "literal":
            if (name.value in words) != wanted:
                raise EmptyError
            return
        kept = self.words.get(name, self._ranges.options(name))
        if kept is None:
            excluded = self.excluded.setdefault(name, set())
            kept = words - excluded if wanted else None
            excluded |= set() if wanted else words
        else:
            kept = kept & words if wanted else kept - words
        self.words[name] = kept
        if kept is not None and not kept:
            raise EmptyError

    def _list(self, name: Node, values: tuple[float, ...], wanted: bool) -> None:
        if wanted:
            self._listed.append((name, values))
        else:
            for value in values:
                self._compare(name, literal(value), _ORDERS["!="])

    def _check_known(self) -> None:
        for node in self.unknown:
            is_parameter = node.op == "name" and node.value[0] == "param"
            if node in self.known or node.op == "literal" or is_parameter:
                raise EmptyError

    def _check_rings(self) -> None:
        """Values that are each at most the next, in a ring, are all equal: none may be less."""
        edges = list(self._edges())
        if len(edges) < 2:
            return
        after: dict[Node, set[Node]] = {}
        for low, high, _ in edges:
            after.setdefault(low, set()).add(high)
        for low, high, less in edges:
            if less and low in _reached(high, after):
                raise EmptyError

    def _edges(self) -> Iterator[tuple[Node, Node, bool]]:
        for (a, b), orders in self._orders.items():
            if not _is_number(a):
                continue
            yield from (edge for node in (a, b) for edge in _extremes(node))
            if 1 not in orders:
                yield a, b, 0 not in orders
            if -1 not in orders:
                yield b, a, 0 not in orders

    def _narrow(self) -> None:
        words = [(a, b, orders) for (a, b), orders in self._orders.items() if isinstance(a.type, Word)]
        truths = [(a, b, orders) for (a, b), orders in self._orders.items() if a.type == BOOLEAN]
        compared = [(a, b, orders) for (a, b), orders in self._orders.items() if _is_number(a)]
        for _ in range(_ROUNDS):
            before = dict(self.numbers), dict(self.words), len(self.truths)
            for a, b, orders in words:
                self._match(a, b, same=orders == {0})
            for a, b, orders in truths:
                self._compare_truths(a, b, same=orders == {0})
            for a, b, orders in compared:
                self._order(a, b, orders)
            for name, values in self._listed:
                left = [value for value in values if self.bounds(name).low <= value <= self.bounds(name).high]
                self._set(name, Bounds(min(left, default=inf), max(left, default=-inf)))
            if (self.numbers, self.words, len(self.truths)) == before:
                return

    def _match(self, a: Node, b: Node, *, same: bool) -> None:
        """Two words that are one, or are not: each is among those that the other leaves."""
        for one, other in ((a, b), (b, a)):
            kept = self.words.get(other, self._ranges.options(other)) if other.op == "name" else None
            if one.op == "name" and kept is not None and (same or len(kept) == 1):
                self._keep(one, kept, same)

    def _order(self, a: Node, b: Node, orders: Orders) -> None:
        low, high = self.bounds(a), self.bounds(b)
        if 1 not in orders:
            self._set(a, Bounds(-inf, _below(high.high, 0 in orders)))
            self._set(b, Bounds(_above(low.low, 0 in orders), inf))
        if -1 not in orders:
            self._set(a, Bounds(_above(high.low, 0 in orders), inf))
            self._set(b, Bounds(-inf, _below(low.high, 0 in orders)))
        if orders == {-1, 1}:
            self._part(a, high)
            self._part(b, low)

    def _part(self, node: Node, other: Bounds) -> None:
        """Different from a value that is fixed: no end of the range can be that value."""
        if other.low == other.high:
            own = self.bounds(node)
            low = nextafter(own.low, inf) if own.low == other.low else own.low
            high = nextafter(own.high, -inf) if own.high == other.high else own.high
            self._set(node, Bounds(low, high))

    def _set(self, node: Node, new: Bounds) -> None:
        own = self.bounds(node)
        kept = Bounds(max(own.low, new.low), min(own.high, new.high))
        if is_whole(node):
            kept = Bounds(_whole(kept.low, ceil), _whole(kept.high, floor))
        if kept.low > kept.high or kept.low == inf or kept.high == -inf:
            raise EmptyError
        if kept != own:
            self.numbers[node] = kept
            for part, limits in parts_of(node, kept, self.bounds):
                self._set(part, limits)


def strict_parts(node: Node) -> Iterator[Node]:
    """The parts of a value that must be known for it to be known."""
    yield node
    if node.op not in _NOT_STRICT and not node.op.endswith(" of"):
        for arg in node.args:
            yield from strict_parts(arg)


def _is_number(node: Node) -> bool:
    return isinstance(node.type, Number)


def _extremes(node: Node) -> Iterator[tuple[Node, Node, bool]]:
    """A value is at most the greatest that it is one of, and at least the least."""
    if node.op in ("max", "min"):
        yield from (((arg, node, False) if node.op == "max" else (node, arg, False)) for arg in node.args)


def _whole(value: float, rounded: Callable[[float], int]) -> float:
    return float(rounded(value)) if isfinite(value) else value


def _below(value: float, itself: bool) -> float:
    return value if itself else nextafter(value, -inf)


def _above(value: float, itself: bool) -> float:
    return value if itself else nextafter(value, inf)


def _reached(start: Node, after: dict[Node, set[Node]]) -> set[Node]:
    found = {start}
    queue = [start]
    for node in queue:
        new = after.get(node, set()) - found
        found |= new
        queue += new
    return found
