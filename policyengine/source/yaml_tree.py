"""From the events of a YAML parser to a tree of nodes, with everything refused that a file should not hold."""

import re
from typing import Any, Final

from policyengine.errors import Span, quoted
from policyengine.source import refusals
from policyengine.source.findings import Findings
from policyengine.source.limits import MAX_DEPTH, MAX_NODES
from policyengine.source.nodes import REFUSED, Mapping, Node, Scalar, Sequence, Style, Value
from policyengine.source.numbers import NULLS, Refused, is_not_a_word, resolve

Event = Any  # the parser's event classes differ between its C and its Python form, and only their fields count

_STYLES: Final[dict[str | None, Style]] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "literal",
    ">": "folded",
}
_BLOCKS: Final = frozenset({"literal", "folded"})
_PROPERTY: Final = re.compile(r"(?:&[\w-]+|(?P<tag>!(?:<[^>]*>|[^\s,\[\]{}]*)))(?:\s|(?<=\s)#[^\r\n]*)*")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class _Open:
    """A list or mapping that has begun and not yet ended."""

    __slots__ = ("anchor", "flow", "height", "items", "key", "nodes_before", "seen", "start")

    def __init__(self, event: Event, *, mapping: bool, nodes_before: int) -> None:
        self.anchor: str | None = event.anchor
        self.flow: bool = event.flow_style
        self.height = 1
        self.items: list[Any] = []
        self.key: Scalar | None = None
        self.nodes_before = nodes_before
        self.seen: dict[str, Span] | None = {} if mapping else None
        self.start = event.start_mark


class TreeBuilder:
    """Takes the events of one file in their order; afterwards `root` is the tree, or None if there was nothing."""

    def __init__(self, findings: Findings) -> None:
        """Report to `findings`."""
        self.root: Node | None = None
        self.handlers: Final = {
            "DocumentStartEvent": self._document,
            "ScalarEvent": self._scalar,
            "AliasEvent": self._alias,
            "SequenceStartEvent": self._start_sequence,
            "MappingStartEvent": self._start_mapping,
            "SequenceEndEvent": self._end,
            "MappingEndEvent": self._end,
        }
        self._findings = findings
        self._file = findings.file
        self._text = findings.lines.text
        self._open: list[_Open] = []
        # Anchor -> node, its number of nodes and its height; None while the anchored collection is still open.
        self._anchors: dict[str, tuple[Node, int, int] | None] = {}
        self._documents = 0
        self._nodes = 0
        self._last_end = (1, 1)

    @property
    def open_bracket(self) -> int | None:
        """Index of the bracket that was opened last and is not closed yet."""
        return self._open[-1].start.index if self._open and self._open[-1].flow else None

    def _document(self, event: Event) -> None:
        self._documents += 1
        if self._documents > 1:
            hint = "Delete the line with ---, or put what follows into a file of its own."
            self._findings.stop("S015", "A second document begins here", hint, self._span(event))

    def _scalar(self, event: Event) -> None:
        if not self._plain_word(event):
            self._any_scalar(event)

    def _plain_word(self, event: Event) -> bool:
        """Take an unquoted key or word of a mapping, as most scalars are, the short way; False for any other."""
        frame = self._open[-1] if self._open else None
        text: str = event.value
        if frame is None or frame.seen is None or event.style or event.tag or event.anchor is not None:
            return False
        start, end = event.start_mark, event.end_mark
        if not text or text == "<<" or is_not_a_word(text) or self._text[start.index] == "!":
            return False
        if frame.key is None and text in frame.seen:
            return False
        span = Span(self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
        self._nodes += 1
        if self._nodes > MAX_NODES:
            refusals.too_many_nodes(self._findings, span)
        self._last_end = span[3:]
        node = Scalar(text, text, "plain", span)
        if frame.key is None:
            frame.seen[text] = span
            frame.key = node
        else:
            frame.items.append((frame.key, node))
            frame.key = None
        return True

    def _any_scalar(self, event: Event) -> None:
        text: str = event.value
        style = _STYLES[event.style]
        # The parser drops the tag `!`, which says only that the text is text.
        tagged = event.tag is not None or self._text.startswith("!", event.start_mark.index)
        exact = tagged or event.anchor is not None or style in _BLOCKS
        span = self._exact_span(event, style) if exact else self._span(event)
        self._count(1, span)
        self._last_end = span[3:]
        frame = self._open[-1] if self._open else None
        if frame is not None and frame.seen is not None and frame.key is None:
            value: Value = text
        elif style == "plain":
            meaning = self._meaning(text, span, frame, event)
            value, style = (REFUSED, "refused") if meaning is None else (meaning, style)
        else:
            value = text
        if style == "double" and _SURROGATE.search(text):
            self._findings.add("S028", "Half a surrogate pair is no character", "Write the character itself.", span)
        node = Scalar(value, text, style, span)
        if event.anchor is not None:
            self._anchors[event.anchor] = (node, 1, 0)
        self._attach(node, span)

    def _meaning(self, text: str, span: Span, frame: _Open | None, event: Event) -> Value | None:
        value = resolve(text)
        if isinstance(value, Refused):
            self._findings.add(*value, span)
        elif value is None:
            self._refuse_null(text, span, frame, event)
        else:
            return value
        return None

    def _refuse_null(self, text: str, span: Span, frame: _Open | None, event: Event) -> None:
        key = frame.key if frame else None
        if text:
            refusals.null(self._findings, key, span)
        elif frame is None:
            refusals.empty_file(self._findings)
        elif key is None or not frame.flow:
            refusals.no_value(self._findings, key, span)
        else:
            self._refuse_flow_key(key, frame, event)

    def _refuse_flow_key(self, key: Scalar, frame: _Open, event: Event) -> None:
        """Explain a key without value between braces, where a comma or a brace was often meant as text."""
        written = self._text[self._findings.lines.index(key.span.end_line, key.span.end_column) : event.end_mark.index]
        if ":" in key.text and key.style == "plain":
            hint = "Put a space after the colon."
        elif ":" in written:
            return refusals.no_value(self._findings, key, key.span)
        elif frame.items:
            hint = f"If {quoted(key.text)} belongs to the text before the comma, put that whole text in quotes."
        else:
            hint = "If the braces belong to the text, put the whole text in quotes."
        return refusals.no_value(self._findings, key, key.span, hint)

    def _alias(self, event: Event) -> None:
        span = self._span(event)
        name: str = event.anchor
        self._last_end = span[3:]
        anchored = self._anchors.get(name)
        if anchored is not None:
            node, nodes, height = anchored
            if self._nodes + nodes > MAX_NODES:
                message = f"The aliases of this file repeat values until there are more than {MAX_NODES:,}"
                self._findings.stop("S034", message, "Write the values out instead.", span)
            self._rise(height, span)
        else:
            node, nodes = Scalar("", "*" + name, "plain", span), 1
            self._refuse_alias(name, span)
        self._count(nodes, span)
        self._attach(node, span)

    def _refuse_alias(self, name: str, span: Span) -> None:
        if name in self._anchors:
            message = f"The alias *{name} stands inside the value that it repeats"
            self._findings.add("S033", message, "Write the value out; it cannot contain itself.", span)
        else:
            hint = f"Put the text in quotes if it should begin with a star; an alias needs &{name} before it."
            self._findings.add("S032", f"Nothing in the file above is named &{name}", hint, span)

    def _start_sequence(self, event: Event) -> None:
        self._start(event, mapping=False)

    def _start_mapping(self, event: Event) -> None:
        self._start(event, mapping=True)

    def _start(self, event: Event, *, mapping: bool) -> None:
        index = event.start_mark.index
        if event.tag is not None or self._text.startswith("!", index):
            self._after_properties(index, event.end_mark.index)
        self._count(1, span := self._span(event))
        if len(self._open) >= MAX_DEPTH:
            refusals.too_deep(self._findings, span)
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._open.append(_Open(event, mapping=mapping, nodes_before=self._nodes - 1))

    def _end(self, event: Event) -> None:
        frame = self._open.pop()
        if frame.flow:
            self._last_end = (event.end_mark.line + 1, event.end_mark.column + 1)
        # The parser ends a block only where the next one begins, after empty lines and comments.
        span = Span(self._file, frame.start.line + 1, frame.start.column + 1, *self._last_end)
        node: Node = Sequence(tuple(frame.items), span) if frame.seen is None else Mapping(tuple(frame.items), span)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = (node, self._nodes - frame.nodes_before, frame.height)
        self._rise(frame.height, span)
        self._attach(node, span)

    def _attach(self, node: Node, span: Span) -> None:
        """Put the node, which stands at `span`, into what is open: as an item, a key or a value."""
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        if frame.seen is None:
            frame.items.append(node)
        elif frame.key is not None:
            frame.items.append((frame.key, node))
            frame.key = None
        else:
            frame.key = self._key(node, span, frame.seen)

    def _key(self, node: Node, span: Span, seen: dict[str, Span]) -> Scalar:
        if not isinstance(node, Scalar):
            what = "list" if isinstance(node, Sequence) else "mapping"
            hint = "Put text that begins with [ or { in quotes."
            self._findings.add("S023", f"A {what} cannot be the key of a field", hint, span)
            return Scalar("", "", "plain", span)
        key = node.text
        if node.style == "plain" and (key in NULLS or key == "<<"):
            self._refuse_key(key, span)
        elif key in seen:
            refusals.duplicate_key(self._findings, key, seen[key], span)
        else:
            seen[key] = span
        return Scalar(key, key, node.style, span)

    def _refuse_key(self, key: str, span: Span) -> None:
        if key == "<<":
            self._findings.add("S024", "Merge keys (<<) are not accepted", "Write the fields out in full.", span)
        else:
            what = f"{quoted(key)} means null, which is no name for a field" if key else "There is no key here"
            self._findings.add("S022", what, "Write a name before the colon, in quotes if need be.", span)

    def _exact_span(self, event: Event, style: Style) -> Span:
        """Narrow the parser's span to the text: without anchor and tag before it, or empty lines after a block."""
        start = self._after_properties(event.start_mark.index, event.end_mark.index)
        end: int = event.end_mark.index
        if style in _BLOCKS:
            end = start + len(self._text[start:end].rstrip(" \t\r\n"))
        return self._findings.between(start, max(start, end))

    def _after_properties(self, index: int, end: int) -> int:
        """Skip anchors and tags, refuse the tags, and give the index of what follows."""
        while (found := _PROPERTY.match(self._text, index)) and index < end:
            if found["tag"] is not None:
                self._refuse_tag(found["tag"], index)
            index = min(found.end(), end)
        return index

    def _refuse_tag(self, tag: str, index: int) -> None:
        span = self._findings.between(index, index + len(tag))
        hint = "Leave it out; put the text in quotes if the ! belongs to it."
        self._findings.add("S025", f"The tag {quoted(tag)} is not accepted", hint, span)

    def _count(self, nodes: int, span: Span) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            refusals.too_many_nodes(self._findings, span)

    def _rise(self, height: int, span: Span) -> None:
        """Note that what is open holds something of that height."""
        if len(self._open) + height > MAX_DEPTH:
            refusals.too_deep(self._findings, span)
        if self._open and self._open[-1].height <= height:
            self._open[-1].height = height + 1

    def _span(self, event: Event) -> Span:
        start, end = event.start_mark, event.end_mark
        return Span(self._file, start.line + 1, start.column + 1, end.line + 1, end.column + 1)
