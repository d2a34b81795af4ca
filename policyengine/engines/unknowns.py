"""What would have to be known to decide what is unknown, for many subjects of one scenario.

Most parts of a condition speak of a threat or of a jurisdiction alone: each is looked at once for each of them, and
not once for each pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from policyengine.engines.functions import Function, Functions
from policyengine.engines.reference import LOGIC
from policyengine.lang.bounds import Bounds, bounds, type_range
from policyengine.lang.nodes import Node
from policyengine.lang.show import show
from policyengine.rulebook.facts import Bindings

_SECTIONS: Final = {
    "threat": "threats",
    "jurisdiction": "jurisdictions",
    "other": "jurisdictions",
    "tie": "ties",
    "partner": "jurisdictions",
    "burden": "burdens",
    "model": "models",
}
_CONSTANT: Final = frozenset({"scenario", "param", "threats", "jurisdictions", "ties"})
_NEVER: Final = object()
_REMEMBERED: Final = 20_000
Key = tuple[Any, ...]


class Unknowns:
    """Values of expressions, and what they lack, under bindings whose records all belong to one scenario."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._values: dict[Key, Any] = {}
        self._lacking: dict[Key, Sequence[str]] = {}
        self._bounds: dict[Key, Bounds] = {}

    def value(self, node: Node, bindings: Bindings) -> Any:
        """The value of an expression, as the reference engine gives it."""
        if node.op == "literal":
            return node.value
        return self._value(key_of(node, bindings), node, bindings)

    def bounds(self, node: Node, bindings: Bindings) -> Bounds:
        """Between which values a number lies, as far as it is known."""
        key = key_of(node, bindings)
        found = self._bounds.get(key)
        if found is None:

            def known(part: Node) -> Bounds:
                value = self.value(part, bindings)
                return type_range(part) if value is None else Bounds(value, value)

            found = self._bounds[key] = bounds(node, known)
        return found

    def _value(self, key: Key, node: Node, bindings: Bindings) -> Any:
        found = self._values.get(key, _NEVER)
        if found is _NEVER:
            if node.op in LOGIC:
                found = LOGIC[node.op]([self.value(arg, bindings) for arg in node.args])
            else:
                found = _function(node)(bindings)
            self._values[key] = found
        return found

    def missing(self, node: Node, bindings: Bindings) -> tuple[str, ...]:
        """Which values of the scenario file would have to be known to decide an unknown expression."""
        return tuple(dict.fromkeys(self._of(node, bindings)))

    def _of(self, node: Node, bindings: Bindings) -> Sequence[str]:
        if node.op == "literal":
            return ()
        key = key_of(node, bindings)
        found = self._lacking.get(key)
        if found is None:
            known = self._value(key, node, bindings) is not None
            found = self._lacking[key] = () if known else self._look(node, bindings, {})
        return found

    def _look(self, node: Node, bindings: Bindings, sections: dict[str, str]) -> Sequence[str]:
        """What an unknown value lacks; `sections` has the kind of record of each variable of quantifiers around it."""
        if node.op == "name":
            return [_file_path(node.value, bindings, sections)]
        if node.op.endswith(" of"):
            return self._look_inside(node, bindings, sections)
        found = [path for arg in node.args for path in self._part(arg, bindings, sections)]
        return found or [f"{show(node)} cannot be computed"]

    def _part(self, node: Node, bindings: Bindings, sections: dict[str, str]) -> Sequence[str]:
        if not sections:
            return self._of(node, bindings)
        return () if self.value(node, bindings) is not None else self._look(node, bindings, sections)

    def _look_inside(self, node: Node, bindings: Bindings, sections: dict[str, str]) -> Sequence[str]:
        collection, test, body = node.args
        records = self.value(collection, bindings)
        if records is None:
            return self._part(collection, bindings, sections)
        inner = sections | {node.value: collection.value[-1]}
        found = []
        for record in records:
            bound = bindings | {node.value: record}
            if self.value(test, bound) is not False:
                found += [path for part in (test, body) for path in self._part(part, bound, inner)]
        return found


def key_of(node: Node, bindings: Bindings) -> Key:
    """A node with the records that its value depends on: most depend on one or two."""
    names = _names_of(node)
    if len(names) == 1:
        return node, id(bindings.get(names[0]))
    if len(names) == 2:
        return node, id(bindings.get(names[0])), id(bindings.get(names[1]))
    return (node, *[id(bindings.get(name)) for name in names])


@lru_cache(_REMEMBERED)
def _function(node: Node) -> Function:
    """A node as a function, which gives what the reference engine gives, sooner."""
    return Functions().of(node)


@lru_cache(_REMEMBERED)
def _names_of(node: Node) -> tuple[str, ...]:
    """The roots and variables on which a value depends and that change within a scenario."""
    if node.op == "name":
        return () if node.value[0] in _CONSTANT else (node.value[0],)
    names = dict.fromkeys(name for arg in node.args for name in _names_of(arg))
    return tuple(name for name in names if not (node.op.endswith(" of") and name == node.value))


def _file_path(path: tuple[str, ...], bindings: Bindings, sections: dict[str, str]) -> str:
    root, *hops, leaf = path if len(path) > 1 else (path[0], "")
    if root == "scenario":
        return leaf
    if not leaf:
        return root
    record = bindings.get(root)
    kind = sections.get(root, _SECTIONS.get(root, root))
    for hop in hops:
        record, kind = (record or {}).get(hop), _SECTIONS.get(hop, hop)
    name = (record or {}).get("id", "")
    leaf = "ties" if leaf == "ties" else leaf.partition("@")[0]
    return "ties" if leaf == "ties" else f"{kind}.{name}.{leaf}" if name else f"{kind}.{leaf}"
