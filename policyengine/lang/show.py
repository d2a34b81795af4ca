"""The printer: a checked tree as text of the language again."""

from __future__ import annotations

from functools import lru_cache

from policyengine.lang.nodes import Node

_LEVEL = {
    "or": 1,
    "and": 2,
    "not": 3,
    "==": 4,
    "!=": 4,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "in": 4,
    "contains": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "negative": 7,
}
_ATOM = 9
_LETTERS = {"$0": "x", "$1": "y"}


@lru_cache(maxsize=20_000)
def show(node: Node) -> str:
    """Print a tree; parsing the text again gives the same tree."""
    return _show(node)[0]


def number_text(value: float) -> str:
    """A number as one would write it in a rule: no needless '.0'."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 and str(value) != "-0.0" else repr(value)


def _show(node: Node) -> tuple[str, int]:
    if node.op == "literal":
        return _literal(node.value)
    if node.op == "name":
        return _name(node.value), _ATOM
    if node.op.endswith(" of"):
        return _quantifier(node), _ATOM
    if node.op in _LEVEL:
        return _operator(node), _LEVEL[node.op]
    return f"{node.op}({', '.join(show(arg) for arg in node.args)})", _ATOM


def _literal(value: float | bool | str) -> tuple[str, int]:
    if isinstance(value, bool):
        return str(value), _ATOM
    if isinstance(value, str):
        return f'"{"".join(map(_character, value))}"', _ATOM
    return number_text(value), _LEVEL["negative"] if str(value).startswith("-") else _ATOM


def _character(character: str) -> str:
    """One character of a text, with an escape where it could not be read back."""
    if character in '\\"':
        return f"\\{character}"
    return character if character.isprintable() else f"\\U{ord(character):08x}"


def _name(path: tuple[str, ...]) -> str:
    words = [_LETTERS.get(path[0], path[0]), *path[1:]]
    # Parameters and marks are held with their pack: `diffuse@pack`; conditions name them without it.
    return ".".join(word.partition("@")[0] for word in words)


def _part(node: Node, level: int) -> str:
    text, own = _show(node)
    return f"({text})" if own < level else text


def _operator(node: Node) -> str:
    level = _LEVEL[node.op]
    if node.op in ("and", "or"):
        return f" {node.op} ".join(_part(arg, level + 1) for arg in node.args)
    if node.op == "not":
        return f"not {_part(node.args[0], level)}"
    if node.op == "negative":
        return f"-{_part(node.args[0], level + 1)}"
    if node.op == "in":
        listed = ", ".join(_literal(value)[0] for value in node.value)
        return f"{_part(node.args[0], level + 1)} in ({listed}{',' if len(node.value) == 1 else ''})"
    if node.op == "contains":
        return f"{_part(node.args[1], level + 1)} in {_part(node.args[0], level + 1)}"
    return f"{_part(node.args[0], level if level > 4 else level + 1)} {node.op} {_part(node.args[1], level + 1)}"


def _quantifier(node: Node) -> str:
    collection, test, body = node.args
    variable = _LETTERS[node.value]
    kept = "" if test.op == "literal" and test.value is True else f" if {show(test)}"
    return f"{node.op.split()[0]}({show(body)} for {variable} in {show(collection)}{kept})"
