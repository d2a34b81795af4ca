"""One way in which a condition can hold: all values that its comparisons leave open.

Each name lies between two bounds or in a set of words; a comparison narrows them until nothing changes or nothing is
left. Two values compared again and again keep the orders that are still possible; values compared in a ring must not
exceed themselves. Bounds move to the next double and no further, so what is refused is refused for doubles as well.
Ref.: E. Davis, Constraint propagation with interval labels, Artificial Intelligence 32, 1987.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import inf, nextafter

from policyengine.lang.bounds import Bounds, bounds
from policyengine.lang.nodes import Node, literal
from policyengine.lang.types import BOOLEAN, Number, Word
from policyengine.rulebook.reasoning.ranges import Ranges

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

    def _name(self, node: Node) -> Bounds:
        return self.numbers.get(node) or self._ranges.number(node)

    def _take(self, node: Node, wanted: bool) -> None:
        if self.truths.setdefault(node, wanted) != wanted:
            raise EmptyError
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

    def _compare(self, a: Node, b: Node, orders: Orders) -> None:
        if a is b and 0 not in orders:
            raise EmptyError
        if isinstance(a.type, Word):
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
            if value.op == "literal" and name.op == "name":
                wanted = value.value if same else not value.value
                if self.truths.setdefault(name, wanted) != wanted:
                    raise EmptyError
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
            if 1 not in orders:
                yield a, b, 0 not in orders
            if -1 not in orders:
                yield b, a, 0 not in orders

    def _narrow(self) -> None:
        compared = [(a, b, orders) for (a, b), orders in self._orders.items() if _is_number(a)]
        for _ in range(_ROUNDS):
            before = dict(self.numbers)
            for a, b, orders in compared:
                self._order(a, b, orders)
            for name, values in self._listed:
                left = [value for value in values if self.bounds(name).low <= value <= self.bounds(name).high]
                self._set(name, Bounds(min(left, default=inf), max(left, default=-inf)))
            if self.numbers == before:
                return

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
        if kept.low > kept.high or kept.low == inf or kept.high == -inf:
            raise EmptyError
        if kept != own:
            self.numbers[node] = kept


def strict_parts(node: Node) -> Iterator[Node]:
    """The parts of a value that must be known for it to be known."""
    yield node
    if node.op not in _NOT_STRICT and not node.op.endswith(" of"):
        for arg in node.args:
            yield from strict_parts(arg)


def _is_number(node: Node) -> bool:
    return isinstance(node.type, Number)


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
