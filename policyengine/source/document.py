"""A file of a stranger, read: its data, and the place in the file of everything in it."""

import hashlib
import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Final

from policyengine.errors import InputError, Problem, Span
from policyengine.source import nodes
from policyengine.source.align import Place, align
from policyengine.source.findings import Findings
from policyengine.source.json_reader import read_json
from policyengine.source.lines import Lines
from policyengine.source.nodes import Mapping, Node, Plain, Scalar, Sequence
from policyengine.source.octets import check_file, check_size, decode, read_octets
from policyengine.source.unsaved import open_texts
from policyengine.source.yaml_data import read_data
from policyengine.source.yaml_reader import read_yaml

Location = tuple[str | int, ...]
"""The way from the root to a value: keys and positions from 0, such as `("threats", 0, "severity")`."""

_READERS: Final[dict[str, Callable[[Findings], Node]]] = {".yaml": read_yaml, ".yml": read_yaml, ".json": read_json}


def read_document(path: Path) -> "Document":
    """Read a YAML or JSON file; raise `InputError` with all that is wrong in it."""
    document = examine_document(path)
    if document.flaws:
        raise InputError(document.flaws)
    return document


def examine_document(path: Path, *, places: bool = True) -> "Document":
    """Read a file as far as it can be read, for whoever looks for further mistakes in it.

    The `flaws` of the document are what is wrong so far; where nothing can be read, raise `InputError`. Whoever
    seldom asks for `places` gets the same document sooner: they are found when they are asked for.
    """
    unsaved = open_texts()
    octets = None if unsaved is None else unsaved.octets(path)
    if octets is None:
        check_file(path)
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        hint = f"Use a name that ends in {', '.join(_READERS)}."
        message = f"The ending {path.suffix or 'of this name'} stands for no type of file that is read here"
        raise InputError([Problem("S006", message, hint, Span.whole(str(path)))])
    data = read_octets(path) if octets is None else check_size(path, octets)
    digest = hashlib.sha256(data).hexdigest()
    if unsaved is not None and (before := unsaved.document(str(path), digest)) is not None:
        return before
    findings = Findings(str(path), Lines(decode(path, data)))
    if not places and unsaved is None and reader is read_yaml:
        found = read_data(findings.lines.text)
        if found is not None:
            return _WithoutPlaces(str(path), digest, found, findings)
    document = Document(str(path), digest, reader(findings), findings)
    if unsaved is not None:
        unsaved.keep(document)
    return document


def document_of(data: Plain, name: str) -> "Document":
    """Data that was made, as if it had been read from a JSON file called `name`: for checks that want a document."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    findings = Findings(name, Lines(text))
    return Document(name, hashlib.sha256(text.encode()).hexdigest(), read_json(findings), findings)


class Document:
    """What a file says. `name` is its path as given, `sha256` the hexadecimal digest of its bytes.

    `flaws` are mistakes that left the rest of the file readable; a value that was refused counts as left out.
    """

    def __init__(self, name: str, sha256: str, root: Node, findings: Findings) -> None:
        """Hold the tree of a file together with its text."""
        self.name = name
        self.sha256 = sha256
        self.root = root
        self.flaws = findings.items
        self._lines = findings.lines
        self._aligned: dict[Span, list[Place]] = {}

    @property
    def text(self) -> str:
        """The text of the file, without a byte order mark."""
        return self._lines.text

    def plain(self) -> Plain:
        """Give the data without places: text, numbers, booleans, lists and dictionaries."""
        return nodes.plain(self.root)

    def span(self, location: Location, *, key: bool = False) -> Span:
        """Find the value at `location`, or its key; where that does not exist, its nearest ancestor."""
        name, node = self._find(location)
        return name.span if key and name is not None else node.span

    def text_span(self, location: Location, start: int, end: int) -> Span:
        """Find the characters `start` to `end` of the decoded text at `location`, whatever way it is written."""
        node = self._find(location)[1]
        if not isinstance(node, Scalar):
            return node.span
        places = self._places(node)
        start, end = min(start, len(places)), min(end, len(places))
        if not places:
            return node.span
        if start == len(places):
            return self._between(places[-1][1], places[-1][1])
        return self._between(places[start][0], places[end - 1][1] if end > start else places[start][0])

    def excerpt(self, span: Span) -> str:
        """Give the line on which `span` begins; empty for the file as a whole."""
        return self._lines.line(span.line)

    def part(self, location: Location, data: Plain) -> "Document":
        """The value at `location` as a document of its own that says `data`; its places are those of this file."""
        text = json.dumps(data, ensure_ascii=False, sort_keys=True)
        return _Part(self, self._find(location)[1], data, hashlib.sha256(text.encode()).hexdigest())

    def _find(self, location: Location) -> tuple[Scalar | None, Node]:
        """Follow the location as far as it goes; give the last key on the way and the last value."""
        key: Scalar | None = None
        node = self.root
        for part in location:
            step = _step(node, part)
            if step is None:
                break
            key, node = step
        return key, node

    def _places(self, scalar: Scalar) -> list[Place]:
        places = self._aligned.get(scalar.span)
        if places is None:
            start = self._lines.index(scalar.span.line, scalar.span.column)
            places = self._aligned[scalar.span] = align(self.text, start, scalar)
        return places

    def _between(self, start: int, end: int) -> Span:
        return self._lines.span(self.name, start, end)


class _WithoutPlaces(Document):
    """A document without flaws of which only the data was read so far."""

    def __init__(self, name: str, sha256: str, data: Plain, findings: Findings) -> None:
        self.name = name
        self.sha256 = sha256
        self.flaws = ()
        self._data = data
        self._findings = findings
        self._lines = findings.lines
        self._aligned = {}

    @cached_property
    def root(self) -> Node:  # type: ignore[override]
        """The tree with its places."""
        return read_yaml(self._findings)

    def plain(self) -> Plain:
        """Give the data, a copy for each who asks."""
        return _copy(self._data)


class _Part(Document):
    """A part of a document, with data that may have been filled up."""

    def __init__(self, whole: Document, root: Node, data: Plain, sha256: str) -> None:
        super().__init__(whole.name, sha256, root, Findings(whole.name, whole._lines))  # noqa: SLF001 - of one kind
        self._data = data

    def plain(self) -> Plain:
        """Give the data, a copy for each who asks."""
        return _copy(self._data)


def _copy(data: Plain) -> Plain:
    if isinstance(data, dict):
        return {key: _copy(value) if isinstance(value, dict | list) else value for key, value in data.items()}
    return [_copy(each) for each in data] if isinstance(data, list) else data


def _step(node: Node, part: str | int) -> tuple[Scalar | None, Node] | None:
    """Go from a node to the one below it, with its key if it has one."""
    if isinstance(node, Mapping):
        return next((entry for entry in node.entries if entry[0].text == part), None)
    if isinstance(node, Sequence) and isinstance(part, int) and 0 <= part < len(node.items):
        return None, node.items[part]
    return None
