"""The parts of a rule or pack file, for an editor's list of what a file holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from policyengine.errors import InputError, Span
from policyengine.rulebook.rule_file import EFFECTS
from policyengine.source import Document, Mapping, Node, Scalar, Sequence, examine_document

_NAMES = ("rule", "pack", "source", "scenario")


class Entry(NamedTuple):
    """A part of a file: its name and kind, where it stands, and the parts inside."""

    name: str
    kind: str
    name_span: Span
    span: Span
    inner: tuple[Entry, ...] = ()


def outline(path: Path) -> list[Entry]:
    """The parts of a file; none for a file that cannot be read."""
    try:
        document = examine_document(path)
    except InputError:
        return []
    return list(_parts(document))


def _parts(document: Document) -> Iterator[Entry]:
    for key, node in _entries(document.root):
        if key.text in _NAMES and isinstance(node, Scalar):
            kind = key.text if key.text in ("rule", "pack") else "section"
            yield Entry(node.text, kind, node.span, node.span)
        elif key.text == "then" and isinstance(node, Sequence):
            yield Entry("then", "section", key.span, node.span, tuple(_effects(node)))
        elif key.text == "table":
            yield Entry("table", "section", key.span, node.span, tuple(_rows(node)))
        elif key.text == "parameters":
            yield Entry("parameters", "section", key.span, node.span, tuple(_named(node, "parameter")))
        elif key.text == "vocabulary":
            inner = tuple(Entry(k.text, "section", k.span, v.span, tuple(_named(v, "word"))) for k, v in _entries(node))
            yield Entry("vocabulary", "section", key.span, node.span, inner)


def _entries(node: Node) -> tuple[tuple[Scalar, Node], ...]:
    return node.entries if isinstance(node, Mapping) else ()


def _named(node: Node, kind: str) -> Iterator[Entry]:
    for key, value in _entries(node):
        yield Entry(key.text, kind, key.span, value.span)


def _rows(node: Node) -> Iterator[Entry]:
    """The rows of a table by their first cell."""
    for key, value in _entries(node):
        for row in value.items if key.text == "rows" and isinstance(value, Sequence) else ():
            if isinstance(row, Sequence) and row.items and isinstance(row.items[0], Scalar):
                yield Entry(row.items[0].text, "rule", row.items[0].span, row.span)


def _effects(node: Sequence) -> Iterator[Entry]:
    for item in node.items:
        for key, value in _entries(item):
            if key.text in EFFECTS and isinstance(value, Scalar):
                yield Entry(f"{key.text} {value.text}", "effect", key.span, value.span)
