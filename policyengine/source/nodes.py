"""A file as a tree: scalars, sequences and mappings, each with its place."""

from typing import Literal, NamedTuple, TypeAlias

from policyengine.errors import Span

Value: TypeAlias = str | int | float | bool
REFUSED: Literal[""] = ""
"""Stands for a value that was refused, so that the rest of the file can still be looked at."""
Plain: TypeAlias = Value | list["Plain"] | dict[str, "Plain"]
Style: TypeAlias = Literal["plain", "single", "double", "literal", "folded", "json", "refused"]


class Scalar(NamedTuple):
    """A single value. `text` is the text as the file's notation decodes it, `value` what it means.

    The value of a key is always its text. Texts of a JSON file have the style `json`; a value that was refused
    has the style `refused`.
    """

    value: Value
    text: str
    style: Style
    span: Span


class Sequence(NamedTuple):
    """A list of nodes in the order of the file."""

    items: "tuple[Node, ...]"
    span: Span


class Mapping(NamedTuple):
    """Keys and their values in the order of the file; no key stands there twice."""

    entries: "tuple[tuple[Scalar, Node], ...]"
    span: Span


Node: TypeAlias = Scalar | Sequence | Mapping


def plain(node: Node) -> Plain:
    """Turn the node into text, numbers, booleans, lists and dictionaries."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.entries if not _refused(value)}


def _refused(node: Node) -> bool:
    """Whether the value was refused: then the field counts as left out."""
    return isinstance(node, Scalar) and node.style == "refused"
