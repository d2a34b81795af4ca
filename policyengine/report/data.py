"""Data as JSON and YAML: the same bytes for the same data, and safe to show on a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

_NOT_ASCII: Final = re.compile(r"[^\x00-\x7e]")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_/@]*(?:[.-][A-Za-z0-9_/@]+)*")
_NOT_WORDS: Final = frozenset("null true false yes no on off y n".split())


def render_json(data: Any) -> str:
    """JSON in UTF-8, indented, with a line break at the end; the keys stay in their order."""
    return _visible(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def render_yaml(data: Any) -> str:
    """YAML that version 1.1 and 1.2 read alike: texts other than plain words stand in quotes."""
    if not isinstance(data, dict | list) or not data:
        return _scalar(data) + "\n"
    return "".join(f"{line}\n" for line in _yaml(data))


def _yaml(data: dict[str, Any] | list[Any]) -> Iterator[str]:
    entries = ((f"{_scalar(key)}:", value) for key, value in data.items()) if isinstance(data, dict) else (("-", value) for value in data)
    for mark, value in entries:
        if not isinstance(value, dict | list) or not value:
            yield f"{mark} {_scalar(value)}"
        elif isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
            yield f"{mark} [{', '.join(map(_scalar, value))}]"
        elif mark == "-":
            first, *rest = _yaml(value)
            yield f"- {first}"
            yield from (f"  {line}" for line in rest)
        else:
            yield mark
            yield from (f"  {line}" for line in _yaml(value))


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_WORDS:
        return value
    return _visible(json.dumps(value, ensure_ascii=False, allow_nan=False))


def _visible(text: str) -> str:
    """JSON text with every character that is no letter, sign or plain space as its escape."""
    return _NOT_ASCII.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    return match[0] if match[0].isprintable() else json.dumps(match[0])[1:-1]
