"""The one form of a checked expression: a typed tree in which equal parts are the same object.

Because equal trees are one object, engines may remember values by node, and two rules with the
same condition are recognised with `is`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self
from weakref import WeakValueDictionary

from policyengine.lang.types import BOOLEAN, NUMBER, Type, Word


class Node:
    """One operator with its arguments.

    `op` is a row of the operator table, or `literal` (its value in `value`), or `name` (its path:
    root, hops, leaf). For `in`, `value` holds the listed values. For the quantifiers ("any of" ...)
    the arguments are the collection, the filter and the body, and `value` names the variable.
    """

    __slots__ = ("__weakref__", "args", "depth", "op", "type", "value")
    _known: ClassVar[WeakValueDictionary[tuple[Any, ...], Self]] = WeakValueDictionary()

    op: str
    value: Any
    args: tuple[Node, ...]
    type: Type
    depth: int

    def __new__(cls, op: str, value: Any, args: tuple[Node, ...], type: Type) -> Self:  # noqa: A002 - the field's word
        """Give the one node with these parts, made if it is the first."""
        key = (op, value.__class__, repr(value), tuple(map(id, args)), type)
        node = cls._known.get(key)
        if node is None:
            node = super().__new__(cls)
            node.op, node.value, node.args, node.type = op, value, args, type
            node.depth = 1 + max((arg.depth for arg in args), default=0)
            cls._known[key] = node
        return node

    def __reduce__(self) -> tuple[Any, ...]:
        return Node, (self.op, self.value, self.args, self.type)

    def __repr__(self) -> str:
        return f"Node({self.op!r}, {self.value!r}, {self.args!r})"

    def walk(self) -> Iterator[Node]:
        """Every node of the tree, each as often as it stands there."""
        yield self
        for arg in self.args:
            yield from arg.walk()


def literal(value: float | bool | str, kind: Type | None = None) -> Node:
    """A constant; numbers are kept as floats."""
    if isinstance(value, bool):
        return Node("literal", value, (), BOOLEAN)
    if isinstance(value, str):
        return Node("literal", value, (), kind or Word("text"))
    return Node("literal", float(value), (), NUMBER)


def name(path: tuple[str, ...], kind: Type) -> Node:
    """A named value: root, then hops to other records, then the field's dotted path."""
    return Node("name", path, (), kind)


def apply(op: str, args: tuple[Node, ...], value: Any = None) -> Node:
    """An operator of the table with its arguments."""
    from policyengine.lang.operators import OPERATORS

    return Node(op, value, args, BOOLEAN if OPERATORS[op].gives == "boolean" else NUMBER)


TRUE = literal(True)
FALSE = literal(False)


def roots(node: Node) -> frozenset[str]:
    """The roots that a tree names (`threat`, `param` ...), without the variables of quantifiers."""
    return frozenset(part.value[0] for part in node.walk() if part.op == "name" and not part.value[0].startswith("$"))


def conjuncts(node: Node) -> tuple[Node, ...]:
    """The parts of a condition that must all hold."""
    if node.op != "and":
        return (node,)
    return tuple(part for arg in node.args for part in conjuncts(arg))
