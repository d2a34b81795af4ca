"""The data of a YAML file that has nothing wrong in it, read without places and so in half of the time.

Whatever the reader with places would refuse, or might read in another way, is left to it: there is no answer here.
"""

from __future__ import annotations

import re
from typing import Any, Final

from policyengine.source.limits import MAX_DEPTH, MAX_NODES
from policyengine.source.nodes import Plain
from policyengine.source.numbers import NULLS, Refused, is_not_a_word, resolve

_ESCAPED_SURROGATE: Final = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F]")
"""How half of a pair of surrogates can be written between double quotes; a text that is read holds none itself."""


def read_data(text: str) -> Plain | None:
    """What a file says, or None where the reader with places has to say what it says."""
    import yaml  # a program that only reads JSON, or only prints its help, need not load it

    if "\\" in text and _ESCAPED_SURROGATE.search(text):
        return None
    try:
        return _Reader(text, yaml).read()
    except (yaml.YAMLError, _LeftToTheOtherError):
        return None


class _LeftToTheOtherError(Exception):
    """Something that only the reader with places can judge."""


class _Reader:
    """Takes the events of one file; each method begins with an event, and ends after the last of its value."""

    def __init__(self, text: str, yaml: Any) -> None:
        self._next = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_event
        self._text = text
        # The parser drops the tag `!`, which says only that the text is text.
        self._tags = "!" in text
        self._nodes = 0
        self._around = [yaml.StreamStartEvent, yaml.DocumentStartEvent, yaml.DocumentEndEvent, yaml.StreamEndEvent]
        self._scalar = yaml.ScalarEvent
        self._starts = {yaml.SequenceStartEvent: self._list, yaml.MappingStartEvent: self._mapping}
        self._list_end, self._mapping_end = yaml.SequenceEndEvent, yaml.MappingEndEvent

    def read(self) -> Plain:
        """The one value of the file."""
        around = [type(self._next()), type(self._next())]
        found: Plain = self._value(self._next(), 0)
        around += type(self._next()), type(self._next())
        if around != self._around:
            raise _LeftToTheOtherError
        return found

    def _value(self, event: Any, depth: int) -> Any:
        kind = type(event)
        if kind is self._scalar:
            self._look_at(event)
            text = event.value
            if event.style:
                return text
            if text and not is_not_a_word(text):
                return text
            return _meaning(text)
        start = self._starts.get(kind)
        if start is None or depth + 1 >= MAX_DEPTH:
            raise _LeftToTheOtherError
        self._look_at(event)
        return start(depth + 1)

    def _look_at(self, event: Any) -> None:
        """Leave anchors, tags and too many values to the other reader."""
        self._nodes += 1
        if event.anchor is not None or event.tag is not None or self._nodes >= MAX_NODES:
            raise _LeftToTheOtherError
        if self._tags and self._text.startswith("!", event.start_mark.index):
            raise _LeftToTheOtherError

    def _list(self, depth: int) -> list[Any]:
        found = []
        while type(event := self._next()) is not self._list_end:
            found.append(self._value(event, depth))
        return found

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while type(event := self._next()) is self._scalar:
            self._look_at(event)
            key = event.value
            if key in found or (not event.style and (key in NULLS or key == "<<")):
                raise _LeftToTheOtherError
            found[key] = self._value(self._next(), depth)
        if type(event) is not self._mapping_end:
            raise _LeftToTheOtherError
        return found


def _meaning(word: str) -> Any:
    """The meaning of an unquoted word that may be no text; what is refused is left to the other reader."""
    found = resolve(word) if word else None
    if found is None or isinstance(found, Refused):
        raise _LeftToTheOtherError
    return found
