"""A YAML file written anew in one layout, with its comments: for files that people write.

Blocks are indented by two, lists stand two to the right of their key, there is at most one empty line between
entries, and the fields of the file come in a given order, each with the comments before it. Texts, numbers and
what stands in brackets stay as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from collections.abc import Mapping as TypingMapping
from typing import TypeAlias

from policyengine.source.document import Document
from policyengine.source.nodes import Mapping, Node, Scalar
from policyengine.source.nodes import Sequence as List

Layout: TypeAlias = Callable[[str], str]
"""Lays out the text of one field, such as a condition."""
Layouts: TypeAlias = TypingMapping[str, Layout]

_HEADER = re.compile(r"[|>][-]?(?P<comment>\s+#.*)?")
_BRACKETS = re.compile(
    r"""(?P<kept>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?P<open>[\[{])[ \t]+|[ \t]+(?P<close>[\]}])|[ \t]*,[ \t]*(?=\S)"""
)
_STEP = 2
_WIDTH = 120


class CannotLayOutError(Exception):
    """Something in the file has no place in the layout: anchors, tags, several documents, comments in odd places."""


def canonical_text(document: Document, order: Sequence[str], layouts: Layouts) -> str:
    """The text of a document in the one layout; ends with a line break.

    `order` is the order of its fields; others follow. `layouts` lay out the texts of some of them.
    Raises CannotLayOutError.
    """
    return _Writer(document, order, layouts).run()


class _Writer:
    def __init__(self, document: Document, order: Sequence[str], layouts: Layouts) -> None:
        self._text = document.text.replace("\r\n", "\n").replace("\r", "\n")
        self._root = document.root
        self._starts = [0]
        for line in self._text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        self._order = {name: place for place, name in enumerate(order)}
        self._layouts = layouts

    def run(self) -> str:
        root = self._root
        if not isinstance(root, Mapping) or self._is_flow(root) or not root.entries:
            raise CannotLayOutError
        head = self._trivia("\n" + self._text[: self._start(root)])[1]
        tail_comment, tail = self._trivia(self._text[self._end(root) :] + "\n\n")
        body = self._mapping(root, 0, top=True, last_comment=tail_comment)
        while head and not head[0]:
            head.pop(0)
        while tail and not tail[-1]:
            tail.pop()
        return "\n".join([*head, *body, *tail]) + "\n"

    def _start(self, node: Node | Scalar) -> int:
        return self._starts[node.span.line - 1] + node.span.column - 1

    def _end(self, node: Node | Scalar) -> int:
        return self._starts[node.span.end_line - 1] + node.span.end_column - 1

    def _is_flow(self, node: Node) -> bool:
        return not isinstance(node, Scalar) and self._text[self._start(node)] in "[{"

    def _is_block(self, node: Node) -> bool:
        return not isinstance(node, Scalar) and not self._is_flow(node)

    def _trivia(self, gap: str) -> tuple[str, list[str]]:
        """Between two entries: the comment at the end of the line, then comments and empty lines, one in a row."""
        first, *middle, last = gap.split("\n") if "\n" in gap else (gap, "")
        comment = first.rstrip()
        if (comment and not comment.lstrip().startswith("#")) or last.strip():
            raise CannotLayOutError
        kept: list[str] = []
        for line in map(str.strip, middle):
            if line and not line.startswith("#"):
                raise CannotLayOutError
            if line or (kept and kept[-1]) or not kept:
                kept.append(line)
        return comment, kept

    def _mapping(self, node: Mapping, indent: int, *, top: bool = False, last_comment: str = "") -> list[str]:
        blocks: list[tuple[int, list[str], list[str]]] = []
        end = self._start(node)
        for place, (key, value) in enumerate(node.entries):
            comment, before = self._trivia(self._text[end : self._start(key)]) if place else ("", [])
            if place:
                blocks[-1][2][-1] += comment
            rank = self._order.get(key.text, len(self._order)) if top else place
            blocks.append((rank, before, self._entry(key, value, indent, top=top)))
            end = self._end(value)
        blocks[-1][2][-1] += last_comment
        if top:
            blocks.sort(key=lambda block: block[0])
        lines = []
        for place, (_, before, own) in enumerate(blocks):
            shown = [line for line in before if line] if place == 0 else before
            lines += [f"{' ' * indent}{line}" if line else "" for line in shown]
            lines += own
        return lines

    def _entry(self, key: Scalar, value: Node, indent: int, *, top: bool) -> list[str]:
        between = self._text[self._end(key) : self._start(value)]
        colon = re.match(r"[ \t]*:", between)
        if colon is None:
            raise CannotLayOutError
        head = f"{' ' * indent}{self._text[self._start(key) : self._end(key)]}:"
        rest = between[colon.end() :]
        if self._is_block(value):
            comment, before = self._trivia(rest)
            inner = self._block(value, indent + _STEP)
            shown = [f"{' ' * (indent + _STEP)}{line}" for line in before if line]
            return [head + comment, *shown, *inner]
        if rest.strip():
            raise CannotLayOutError
        layout = self._layouts.get(key.text) if top else None
        first, *others = self._atom(value, indent, len(head) + 1, layout)
        if self._is_flow(value) and not others and len(head) + 1 + len(first) > _WIDTH:
            return [head, f"{' ' * (indent + _STEP)}{first}"]
        return [f"{head} {first}", *others]

    def _block(self, node: Node, indent: int) -> list[str]:
        if isinstance(node, Mapping):
            return self._mapping(node, indent)
        assert isinstance(node, List)  # noqa: S101 - a block is one of the two
        return self._sequence(node, indent)

    def _sequence(self, node: List, indent: int) -> list[str]:
        lines: list[str] = []
        end = self._start(node)
        for place, item in enumerate(node.items):
            dash = len(self._text[: self._start(item)].rstrip(" ")) - 1
            if dash < end or self._text[dash] != "-":
                raise CannotLayOutError
            comment, before = self._trivia(self._text[end:dash]) if place else ("", [])
            if place:
                lines[-1] += comment
            lines += [f"{' ' * indent}{line}" if line else "" for line in before]
            if self._is_block(item):
                first, *others = self._block(item, indent + _STEP)
                lines += [f"{' ' * indent}- {first.lstrip()}", *others]
            else:
                first, *others = self._atom(item, indent, indent + _STEP, None)
                lines += [f"{' ' * indent}- {first}", *others]
            end = self._end(item)
        return lines

    def _atom(self, node: Node, indent: int, column: int, layout: Layout | None) -> list[str]:
        """A value that is no block, from `column` on; its further lines stand to the right of `indent`."""
        first, *others = self._text[self._start(node) : self._end(node)].split("\n")
        pad = " " * (indent + _STEP)
        if isinstance(node, Scalar) and node.style in ("literal", "folded"):
            return self._block_scalar(first, others, pad, layout if node.style == "literal" else None)
        if isinstance(node, Scalar):
            laid = layout(first) if layout is not None and node.style == "plain" and not others else first
            return [laid.rstrip(), *(f"{pad}{line.strip()}" if line.strip() else "" for line in others)]
        shift = column - (node.span.column - 1)
        lines = [_respaced(first)]
        for line in others:
            stripped = line.strip()
            at = max(len(line) - len(line.lstrip()) + shift, indent + 1)
            lines.append(f"{' ' * at}{_respaced(stripped)}" if stripped else "")
        return lines

    def _block_scalar(self, header: str, lines: list[str], pad: str, layout: Layout | None) -> list[str]:
        if not _HEADER.fullmatch(header.rstrip()):
            raise CannotLayOutError
        depth = min((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), default=0)
        text = "\n".join(line[depth:] for line in lines)
        if layout is not None:
            text = layout(text)
        return [header.rstrip(), *(f"{pad}{line}" if line.strip() else "" for line in text.split("\n"))]


def _respaced(line: str) -> str:
    """Brackets and commas with the blanks that they should have, outside of quotes."""
    return _BRACKETS.sub(_respace, line)


def _respace(found: re.Match[str]) -> str:
    return found["kept"] or found["open"] or found["close"] or ", "
