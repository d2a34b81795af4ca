"""What may stand at a place of a file, told by the JSON Schema of its kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Shape = dict[str, Any]


def shapes_at(schema: Shape, path: tuple[str | int, ...]) -> list[Shape]:
    """The schemas for the value at a path; several where a value may have several forms."""
    found = list(_forms(schema, schema))
    for step in path:
        found = [form for shape in found for below in _below(shape, step) for form in _forms(schema, below)]
    return found


def _forms(schema: Shape, shape: Shape) -> Iterator[Shape]:
    """A shape with references followed and alternatives laid side by side."""
    if "$ref" in shape:
        target = schema["$defs"][shape["$ref"].rpartition("/")[2]]
        shape = {**target, **{key: value for key, value in shape.items() if key != "$ref"}}
    inner = [each for word in ("anyOf", "oneOf") for each in shape.get(word, [])]
    if not inner:
        yield shape
    for each in inner:
        for form in _forms(schema, each):
            yield {**form, "description": shape.get("description", form.get("description", ""))}


def _below(shape: Shape, step: str | int) -> list[Shape]:
    if isinstance(step, int):
        return [shape["items"]] if "items" in shape else []
    named = [each["properties"][step] for each in (shape, shape.get("else", {})) if step in each.get("properties", {})]
    if named:
        return named
    more = [*shape.get("patternProperties", {}).values(), shape.get("additionalProperties")]
    return [each for each in more if isinstance(each, dict)]


def keys_at(schema: Shape, path: tuple[str | int, ...]) -> dict[str, str]:
    """The keys that a mapping at a path may have, each with its sentence."""
    return {
        key: shape.get("description", "")
        for each in shapes_at(schema, path)
        for key, shape in each.get("properties", {}).items()
    }


def values_at(schema: Shape, path: tuple[str | int, ...]) -> list[str]:
    """The words that may stand at a path."""
    found: list[str] = []
    for shape in shapes_at(schema, path):
        found += shape.get("enum", [shape["const"]] if "const" in shape else [])
        found += ["true", "false"] if shape.get("type") == "boolean" else []
    return list(dict.fromkeys(found))


def sentence_at(schema: Shape, path: tuple[str | int, ...]) -> str:
    """What the key at the end of a path means."""
    return next((shape["description"] for shape in shapes_at(schema, path) if shape.get("description")), "")
