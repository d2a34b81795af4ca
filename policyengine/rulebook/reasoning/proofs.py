"""Whether conditions can hold, and whether one follows from another.

A condition is taken apart into ways in which it can be true (or false: both mean known): `and` joins demands, `or`
parts the ways. Kleene's logic allows this: a conjunction is true just when all parts are, false just when one is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from math import isfinite

from policyengine.lang.bounds import bounds
from policyengine.lang.nodes import Node
from policyengine.rulebook.reasoning.box import Box, EmptyError, Literal
from policyengine.rulebook.reasoning.elements import Demand, Said, beside, joined
from policyengine.rulebook.reasoning.ranges import Ranges

MOST_WAYS = 400
"""So many ways of one condition are followed; of a condition with more nothing is claimed."""

MOST_SPLITS = 3
"""So many alternatives of what is given are gone through one after the other."""


class TooManyWaysError(Exception):
    """The condition can hold in more ways than are followed."""


class Prover:
    """Proofs for names with given ranges; what was proven is remembered."""

    def __init__(self, ranges: Ranges) -> None:
        self._ranges = ranges
        self._cannot: dict[tuple[Demand, ...], bool] = {}
        self._known: dict[Demand, frozenset[Node]] = {}

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
        return self.entails([(node, True) for node in whole], (part, True))

    def entails(self, given: Sequence[Demand], part: Demand, splits: int = MOST_SPLITS) -> bool:
        """Whether a demand is certainly met wherever all that is given is."""
        # What is known is remembered for each condition, and so asked first.
        known = frozenset[Node]().union(*(self.known_with(*each) for each in given))
        if is_known(part[0], known):
            return self.cannot(*given, (part[0], not part[1]))
        parts, forks = list(joined(part, "and")), list(joined(part, "or"))
        if len(parts) > 1:
            return all(self.entails(given, each, splits) for each in parts)
        if len(forks) > 1:
            return any(self.entails(given, each, splits) for each in forks) or self._case_by_case(given, part, splits)
        node, wanted = forks[0]
        return node.op in ("any of", "all of") and self._of_elements(given, node, wanted)

    def _case_by_case(self, given: Sequence[Demand], part: Demand, splits: int) -> bool:
        """Whether one or the other alternative holds in each of the cases into which what is given parts."""
        flat = [each for demand in given for each in joined(demand, "and")]
        for place, demand in enumerate(flat if splits else ()):
            cases = list(joined(demand, "or"))
            if len(cases) > 1:
                rest = [*flat[:place], *flat[place + 1 :]]
                return all(self.entails([*rest, case], part, splits - 1) for case in cases)
        return False

    def _of_elements(self, given: Sequence[Demand], part: Node, wanted: bool) -> bool:
        """Whether what is given says enough of the elements of a collection for `any` or `all` of them."""
        try:
            return all(self._said_enough(box, part, wanted) for box in self.ways(given))
        except TooManyWaysError:
            return False

    def _said_enough(self, box: Box, part: Node, wanted: bool) -> bool:
        collection, kept, body = part.args
        said = [each for each in box.said_of_elements() if each.collection is collection]
        each_meets = [demand for each in said if not each.some for demand in each.demands]
        if (part.op == "any of") == wanted:
            needed = ((kept, True), (body, wanted))
            given = ([*each.demands, *each_meets] for each in said if each.some)
            return any(all(self.entails(each, need) for need in needed) for each in given)
        # An element of which nobody knows whether it is meant would leave the answer open.
        known = kept.op == "literal"
        return known and bool(each_meets) and self.entails(each_meets, (body, wanted))

    def known_with(self, node: Node, wanted: bool = True) -> frozenset[Node]:
        """The values that are certainly known where a condition is true, or false."""
        if (node, wanted) not in self._known:
            try:
                sets = [frozenset(box.known) for box in self.ways(((node, wanted),))]
            except TooManyWaysError:
                sets = []
            self._known[node, wanted] = frozenset.intersection(*sets) if sets else frozenset()
        return self._known[node, wanted]

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
            if self._elements_fit(box):
                yield box
            return
        for choice in forks[0]:
            yield from self._ways([choice], parts, forks[1:], left)

    def _elements_fit(self, box: Box) -> bool:
        """Whether each element that there must be can be as all of its collection must be."""
        said = box.said_of_elements()
        for one in said:
            if one.some:
                each = [more for other in said if _about_each(other, one) for more in other.demands]
                if self.cannot(*one.demands, *each, *beside(one, box.truths.items())):
                    return False
        return True

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


def _about_each(said: Said, one: Said) -> bool:
    return not said.some and said.collection is one.collection


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
