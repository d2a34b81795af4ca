"""Data as JSON and YAML: the same bytes for the same data, and safe to show on a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from policyengine.errors.printable import printable

_NOT_ASCII: Final = re.compile(r"[^\x00-\x7e]")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_/@]*(?:[.-][A-Za-z0-9_/@]+)*")
_NOT_WORDS: Final = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_NO_POINT: Final = re.compile(r"^(-?\d+)(e)")


def render_json(data: Any) -> str:
    """JSON in UTF-8, indented, with a line break at the end; the keys stay in their order."""
    return visible_json(json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def visible_json(text: str) -> str:
    """JSON with every character in it that moves the cursor or cannot be seen as its escape."""
    return text if text.isascii() and "\x7f" not in text else _visible(text, _json_escape)


def render_yaml(data: Any) -> str:
    """YAML that versions 1.1 and 1.2 read alike: texts other than plain words stand in quotes."""
    return "".join(f"{line}\n" for line in _yaml(data))


def _yaml(data: Any) -> Iterator[str]:
    if isinstance(data, dict) and data:
        for key, value in data.items():
            yield from _entry(f"{_scalar(key)}:", value)
    elif isinstance(data, list) and data:
        for value in data:
            yield from _entry("-", value)
    else:
        yield _scalar(data)


def _entry(mark: str, value: Any) -> Iterator[str]:
    """A value after its key or its dash: in the same line where it is short in kind, else below."""
    if not isinstance(value, dict | list) or not value:
        yield f"{mark} {_scalar(value)}"
    elif isinstance(value, list) and not any(isinstance(each, dict | list) for each in value):
        yield f"{mark} [{', '.join(map(_scalar, value))}]"
    else:
        lines = _yaml(value)
        yield f"- {next(lines)}" if mark == "-" else mark
        yield from (f"  {line}" for line in lines)


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _NOT_WORDS:
        return value
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    # Version 1.1 takes 1e+22 for a text: a number with an exponent needs a point.
    return _NO_POINT.sub(r"\1.0\2", text) if isinstance(value, float) else _visible(text, _yaml_escape)


def _visible(text: str, escape: Callable[[str], str]) -> str:
    """`text` with every character that moves the cursor or cannot be seen as its escape."""
    return _NOT_ASCII.sub(lambda found: found[0] if printable(found[0]) == found[0] else escape(found[0]), text)


def _json_escape(char: str) -> str:
    return json.dumps(char)[1:-1]


def _yaml_escape(char: str) -> str:
    return f"\\U{ord(char):08x}" if ord(char) > 0xFFFF else f"\\u{ord(char):04x}"
