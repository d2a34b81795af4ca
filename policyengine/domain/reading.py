"""From a document to a model, with every problem placed in the file and said in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policyengine.domain.fields import Model
from policyengine.errors import Problems, quoted
from policyengine.errors.near_names import near_or_list
from policyengine.source import Document, read_document

M = TypeVar("M", bound=Model)
Location = tuple[str | int, ...]


def read_model(document: Document, model: type[M], area: str, problems: Problems) -> M | None:
    """Validate a document as a model; `area` is the letter of its codes (N for scenarios, P, C).

    Adds each problem and returns None if there is any.
    """
    data = document.plain()
    if not isinstance(data, dict):
        place(problems, document, f"{area}101", "this file should hold a mapping of fields", "begin with a line such as: name: value", ())
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for code, message, hint, location, key in sorted(set(_translate(error.errors(include_url=False), data, model, area)), key=repr):
            place(problems, document, code, message, hint, location, key=key)
        return None


def read_file(path: Path, model: type[M], area: str, problems: Problems) -> tuple[Document | None, M | None]:
    """Read and validate one file; what is wrong goes to `problems`."""
    from policyengine.errors import InputError

    try:
        document = read_document(path)
    except InputError as error:
        problems.extend(error.problems)
        return None, None
    return document, read_model(document, model, area, problems)


def place(problems: Problems, document: Document, code: str, message: str, hint: str, location: Location, *, key: bool = False) -> None:
    """Add a problem at a path of a document."""
    span = document.span(location, key=key)
    problems.add(code, message, hint, span, document.excerpt(span))


_Found = tuple[str, str, str, Location, bool]


def _translate(errors: list[ErrorDetails], data: Any, model: type[Model], area: str) -> Iterator[_Found]:
    groups: dict[Location, list[ErrorDetails]] = {}
    for error in errors:
        groups.setdefault(_in_document(error["loc"], data), []).append(error)
    for location, group in groups.items():
        for error in _relevant(group, _value(data, location)):
            yield _say(error, location, model, area)


def _in_document(location: tuple[str | int, ...], data: Any) -> Location:
    """The part of a location that exists in the document: names of union branches are dropped."""
    path: list[str | int] = []
    current = data
    for index, step in enumerate(location):
        if isinstance(current, dict) and step in current:
            current = current[step]
        elif isinstance(current, list) and isinstance(step, int) and step < len(current):
            current = current[step]
        elif index == len(location) - 1 and isinstance(current, dict) and isinstance(step, str) and step != "[key]":
            path.append(step)
            break
        else:
            continue
        path.append(step)
    return tuple(path)


def _value(data: Any, location: Location) -> Any:
    for step in location:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


_KIND = {dict: "dict", list: "list", str: "string", bool: "bool", int: "float", float: "float"}


def _relevant(group: list[ErrorDetails], value: Any) -> list[ErrorDetails]:
    """Of the errors of several union branches, those of the branch that the value looks like."""
    if len(group) == 1:
        return group
    ranged = [error for error in group if not error["type"].endswith(("_type", "_instance_of"))]
    return ranged[:1] or [_several(group, value)]


def _several(group: list[ErrorDetails], value: Any) -> ErrorDetails:
    wanted = [_WANTED.get(error["type"], "") for error in group]
    first = group[0].copy()
    if len({error["type"] for error in group}) > 1:
        first["type"] = "several"
        first["ctx"] = {"wanted": " or ".join(dict.fromkeys(word for word in wanted if word))}
    return first


_WANTED = {
    "string_type": "text", "float_type": "a number", "int_type": "a whole number", "int_from_float": "a whole number",
    "bool_type": "true or false", "list_type": "a list", "dict_type": "a mapping of fields",
    "model_type": "a mapping of fields", "model_attributes_type": "a mapping of fields",
}


def _say(error: ErrorDetails, location: Location, model: type[Model], area: str) -> _Found:
    kind, value, context = error["type"], error.get("input"), error.get("ctx", {})
    last = location[-1] if location else "this file"
    if kind == "extra_forbidden":
        names = _fields_at(model, error["loc"])
        return f"{area}102", f"there is no field {quoted(str(last))} here", near_or_list(str(last), names), location, True
    if kind == "missing":
        return f"{area}103", f"the field {quoted(str(last))} is missing", "add it; it is always needed", location[:-1], False
    if kind in _WANTED or kind == "several":
        wanted = context.get("wanted") or _WANTED.get(kind, "")
        return f"{area}104", f"{_called(location)} should be {wanted}, this is {_shape(value)}", _type_hint(wanted, value), location, False
    if kind in ("greater_than_equal", "less_than_equal", "finite_number"):
        return f"{area}105", f"{_called(location)} is {value}, which is out of range", _range_hint(context), location, False
    if kind == "string_pattern_mismatch":
        return f"{area}106", f"{quoted(str(value))} cannot be used for {_called(location)}", _pattern_hint(context.get("pattern", "")), location, location != () and value == location[-1]
    if kind == "literal_error":
        options = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        return f"{area}107", f"{quoted(str(value))} cannot stand for {_called(location)}", near_or_list(str(value), options), location, False
    if kind in ("too_short", "too_long", "string_too_short", "string_too_long"):
        return f"{area}108", f"{_called(location)} has the wrong length", _length_hint(kind, context), location, False
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return f"{area}109", "this entry does not say what it does", "one of: score, bar, mark, favour, measure, caution", location, False
    return f"{area}110", f"{_called(location)}: {error['msg'].removeprefix('Value error, ')}", "", location, False


def _called(location: Location) -> str:
    words = [str(step) for step in location if not isinstance(step, int)]
    return quoted(words[-1]) if words else "this"


def _shape(value: Any) -> str:
    if isinstance(value, str):
        return f"text ({quoted(value[:40])})"
    if isinstance(value, bool):
        return f"{str(value).lower()}"
    if isinstance(value, dict):
        return "a mapping of fields"
    if isinstance(value, list):
        return "a list"
    return str(value)


def _type_hint(wanted: str, value: Any) -> str:
    if "number" in wanted and isinstance(value, str):
        return "write a number without quotes or units; leave the field out if it is not known"
    if wanted == "true or false":
        return "write true or false; leave the field out if it is not known"
    if wanted == "text" and not isinstance(value, dict | list):
        return "put it in quotes"
    if wanted == "a list":
        return "write [a, b], or one value a line, each after '- '"
    return "see the page on scenario files in docs/"


def _range_hint(context: Mapping[str, Any]) -> str:
    if "ge" in context:
        return f"at least {context['ge']:g}"
    return f"at most {context['le']:g}" if "le" in context else "write an ordinary number"


def _pattern_hint(pattern: str) -> str:
    if "https" in pattern:
        return "write a web address that begins with https://"
    if pattern.startswith("^[a-z0-9]+(-[a-z0-9]+)*/"):
        return "write source/claim, both in small letters, digits and hyphens"
    if pattern.startswith("^[a-z0-9]+(-"):
        return "use small letters, digits and single hyphens"
    if pattern.startswith("^(threat"):
        return "write threat.name, jurisdiction.name or burden.name, with small letters and underscores"
    if "f]{64}" in pattern:
        return "a fingerprint is 64 hexadecimal digits"
    if r"\d+\.\d+" in pattern:
        return "write a version such as 1.0.0"
    return "begin with a letter or digit; then letters, digits, '_', '-' or '.'"


def _length_hint(kind: str, context: Mapping[str, Any]) -> str:
    if "min_length" in context:
        return f"at least {context['min_length']} needed"
    return f"at most {context.get('max_length', '')} allowed"


def _fields_at(model: type[Model], location: tuple[str | int, ...]) -> list[str]:
    """The fields of the model in which an unknown key stands."""
    current: Any = model
    for step in location[:-1]:
        if isinstance(current, type) and issubclass(current, Model) and step in current.model_fields:
            current = current.model_fields[str(step)].annotation
        current = _model_in(current, str(step))
    if isinstance(current, type) and issubclass(current, Model):
        return [info.alias or name for name, info in current.model_fields.items()]
    return []


def _model_in(annotation: Any, branch: str) -> Any:
    """The model inside an annotation such as `list[Tie] | None`; of several the one that `branch` names."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return annotation
    found = _models(annotation)
    return next((model for model in found if branch in (model.__name__, *model.model_fields)), found[0] if found else annotation)


def _models(annotation: Any) -> list[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]
