"""Whether conditions can hold, and whether one follows from another.

A condition is taken apart into ways in which it can be true (or false: both mean known): `and` joins demands, `or`
parts the ways. Kleene's logic allows this: a conjunction is true just when all parts are, false just when one is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from math import isfinite

from policyengine.lang.bounds import bounds
from policyengine.lang.nodes import Node
from policyengine.rulebook.reasoning.box import Box, EmptyError, Literal
from policyengine.rulebook.reasoning.ranges import Ranges

Demand = tuple[Node, bool]
"""A condition, and whether it must be true or false."""
MOST_WAYS = 400
"""So many ways of one condition are followed; of a condition with more nothing is claimed."""


class TooManyWaysError(Exception):
    """The condition can hold in more ways than are followed."""


class Prover:
    """Proofs for names with given ranges; what was proven is remembered."""

    def __init__(self, ranges: Ranges) -> None:
        self._ranges = ranges
        self._cannot: dict[tuple[Demand, ...], bool] = {}
        self._known: dict[Node, frozenset[Node]] = {}

    def cannot(self, *demands: Demand) -> bool:
        """Whether it is certain that these demands are never met together."""
        if demands not in self._cannot:
            try:
                self._cannot[demands] = next(self.ways(demands), None) is None
            except TooManyWaysError:
                self._cannot[demands] = False
        return self._cannot[demands]

    def follows(self, whole: Iterable[Node], part: Node) -> bool:
        """Whether `part` is certainly true wherever all of `whole` is."""
        given = tuple(whole)
        # What is known is remembered for each condition, and so asked first.
        known = frozenset[Node]().union(*map(self.known_with, given))
        return is_known(part, known) and self.cannot(*((node, True) for node in given), (part, False))

    def known_with(self, node: Node) -> frozenset[Node]:
        """The values that are certainly known where a condition is true."""
        if node not in self._known:
            try:
                sets = [frozenset(box.known) for box in self.ways(((node, True),))]
            except TooManyWaysError:
                sets = []
            self._known[node] = frozenset.intersection(*sets) if sets else frozenset()
        return self._known[node]

    def words_left(self, condition: Node, name: Node, among: Collection[str]) -> set[str]:
        """The words out of `among` that a name may stand for where a condition is true; others it cannot."""
        left: set[str] = set()
        try:
            for box in self.ways(((condition, True),)):
                kept, excluded = box.words.get(name), box.excluded.get(name, ())
                left |= {word for word in among if word not in excluded and (kept is None or word in kept)}
        except TooManyWaysError:
            return set(among)
        return left

    def ways(self, demands: Iterable[Demand]) -> Iterator[Box]:
        """Each way in which the demands can perhaps be met; raises TooManyWaysError when there are too many."""
        yield from self._ways(list(demands), [], [], [MOST_WAYS])

    def _ways(
        self, demands: list[Demand], parts: list[Literal], forks: list[list[Demand]], left: list[int]
    ) -> Iterator[Box]:
        """The ways to meet demands beside parts that must hold and forks that are still to be chosen from."""
        apart = self._apart(demands)
        left[0] -= 1
        if left[0] < 0:
            raise TooManyWaysError
        if apart is None:
            return
        parts, forks = [*parts, *apart[0]], sorted([*forks, *apart[1]], key=len)
        try:
            box = Box(parts, self._ranges)
        except EmptyError:
            return
        if not forks:
            yield box
            return
        for choice in forks[0]:
            yield from self._ways([choice], parts, forks[1:], left)

    def _apart(self, demands: list[Demand]) -> tuple[list[Literal], list[list[Demand]]] | None:
        """Parts that must hold and forks of which one must; None if a demand can never be met."""
        parts: list[Literal] = []
        forks: list[list[Demand]] = []
        for node, wanted in demands:  # grows while it is gone through
            if node.op == "not":
                demands.append((node.args[0], not wanted))
            elif node.op in ("and", "or"):
                below = [(arg, wanted) for arg in node.args]
                if (node.op == "and") == wanted:
                    demands.extend(below)
                else:
                    forks.append(below)
            elif node.op == "literal" or self._hollow(node, wanted):
                if node.op != "literal" or node.value != wanted:
                    return None
            else:
                parts.append((node, wanted))
        return parts, forks

    def _hollow(self, node: Node, wanted: bool) -> bool:
        """Whether a quantifier asks for an element that there cannot be."""
        if node.op == "any of" and wanted:
            return self.cannot((node.args[1], True), (node.args[2], True))
        return node.op == "all of" and not wanted and self.cannot((node.args[1], True), (node.args[2], False))


def is_known(node: Node, known: Collection[Node]) -> bool:
    """Whether a value is certainly known where those of `known` are."""
    if node in known or node.op in ("literal", "known"):
        return True
    if node.op == "name":
        return bool(node.value[0] == "param")
    if node.op == "/" or node.op.endswith(" of"):
        return False
    if node.op in ("+", "-", "*") and not all(map(isfinite, bounds(node))):
        return False
    return all(is_known(arg, known) for arg in node.args)
