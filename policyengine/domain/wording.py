"""What the validation library finds wrong, said in the words of whoever wrote the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic_core import ErrorDetails

from policyengine.domain.fields import Model
from policyengine.errors import quoted
from policyengine.errors.near_names import near_name, near_or_list

Location = tuple[str | int, ...]


class Said(NamedTuple):
    """One problem in plain words: its place, whether the key or the value is meant, and the near name proposed."""

    code: str
    message: str
    hint: str
    location: Location
    key: bool = False
    near: str = ""


_WANTED = {
    "string_type": "text", "float_type": "a number", "int_type": "a whole number", "int_from_float": "a whole number",
    "bool_type": "true or false", "list_type": "a list", "dict_type": "a mapping of fields",
    "model_type": "a mapping of fields", "model_attributes_type": "a mapping of fields",
}  # fmt: skip
_TYPES = {
    "a number": "write a number without quotes and without its unit; leave the field out if it is not known",
    "a whole number": "write a whole number without quotes, such as 2010",
    "true or false": "write true or false; leave the field out if it is not known",
    "text": "put it in quotes",
    "a list": "write [a, b], or one entry a line, each after '- '",
    "a mapping of fields": "write {name: value}, or one 'name: value' a line, further to the right",
}
_PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}$": "up to 80 letters, digits, '_', '-' and '.'; no blanks, no accents",
    r"^[A-Za-z0-9][A-Za-z0-9_\-]{0,63}$": "up to 64 letters, digits, '_' and '-'; no blanks, no accents",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters and digits, joined by single hyphens",
    r"^[a-z][a-z0-9_]{0,63}$": "begin with a small letter; then small letters, digits and underscores",
    r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$": "write source/claim, both in small letters, digits and hyphens",
    r"^[0-9a-f]{64}$": "a fingerprint is 64 digits from 0 to 9 and a to f",
    r"^\d+\.\d+\.\d+$": "write three numbers with points, such as 1.0.0",
}


def say(error: ErrorDetails, location: Location, model: type[Model], area: str) -> Said:
    """Say what is wrong at a place of a file; `area` is the letter of the code."""
    kind, value, context = error["type"], error.get("input"), error.get("ctx", {})
    called = _called(location)
    if kind == "extra_forbidden":
        return _unknown_field(error, location, model, area)
    if kind == "missing":
        name = quoted(str(location[-1]))
        return Said(f"{area}103", f"the field {name} is missing", "add it; it is always needed", location[:-1])
    if kind in _WANTED or kind == "several":
        wanted = context.get("wanted") or _WANTED[kind]
        return Said(f"{area}104", f"{called} should be {wanted}, this is {_shape(value)}", _type_hint(wanted), location)
    if kind in {"greater_than_equal", "less_than_equal", "finite_number"}:
        return Said(f"{area}105", f"{called} is {value}, which is out of range", _range_hint(context), location)
    if kind == "string_pattern_mismatch":
        key = error["loc"][-1:] == ("[key]",)
        what = "as a name here" if key else f"for {called}"
        hint = _pattern_hint(context.get("pattern", ""))
        return Said(f"{area}106", f"{quoted(str(value))} cannot be used {what}", hint, location, key)
    if kind == "literal_error":
        options = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        hint = near_or_list(str(value), options)
        return Said(f"{area}107", f"{quoted(str(value))} cannot stand for {called}", hint, location)
    if kind in {"too_short", "too_long", "string_too_short", "string_too_long"}:
        return _length(kind, context, value, location, area)
    if kind == "no_effect":
        return Said("P109", "this entry does not say what it does", f"name one of: {context['words']}", location)
    message = error["msg"].removeprefix("Value error, ")
    return Said(f"{area}110", f"{called}: {message}", "see what the message asks for", location)


def several(group: list[ErrorDetails], value: Any) -> ErrorDetails:
    """One error that names everything that may stand in a place."""
    one = group[0].copy()
    if len({error["type"] for error in group}) > 1:
        wanted = dict.fromkeys(_WANTED.get(error["type"], "") for error in group)
        one["type"], one["input"] = "several", value
        one["ctx"] = {"wanted": " or ".join(word for word in wanted if word)}
    return one


def _called(location: Location) -> str:
    """The field at a place, as a reader would name it."""
    words = [str(step) for step in location if not isinstance(step, int)]
    if not words:
        return "this"
    return f"entry {location[-1] + 1} of {quoted(words[-1])}" if isinstance(location[-1], int) else quoted(words[-1])


def _unknown_field(error: ErrorDetails, location: Location, model: type[Model], area: str) -> Said:
    name = str(location[-1])
    fields = _fields_at(model, error["loc"])
    close = near_name(name, fields)
    near = next((field for field in fields if close == f"did you mean '{field}'?"), "")
    message = f"there is no field {quoted(name)} here"
    return Said(f"{area}102", message, close or near_or_list(name, fields), location, key=True, near=near)


def _shape(value: Any) -> str:
    if isinstance(value, str):
        return f"text ({quoted(value, 40)})" if value else "empty text"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a mapping of fields"
    return "a list" if isinstance(value, list) else str(value)


def _type_hint(wanted: str) -> str:
    return _TYPES.get(wanted, "leave the field out if it is not known")


def _range_hint(context: Mapping[str, Any]) -> str:
    if "ge" in context:
        return f"at least {context['ge']:g}"
    return f"at most {context['le']:g}" if "le" in context else "write an ordinary number"


def _pattern_hint(pattern: str) -> str:
    if "https" in pattern:
        return "write a web address that begins with https://, without blanks"
    if pattern.startswith("^("):
        words = pattern[2:].partition(")")[0].split("|")
        return f"write {' or '.join(f'{word}.name' for word in words)}, with small letters, digits and underscores"
    return _PATTERNS.get(pattern, "use letters and digits")


def _length(kind: str, context: Mapping[str, Any], value: Any, location: Location, area: str) -> Said:
    called = _called(location)
    things = "characters" if kind.startswith("string") else "entries"
    count = len(value) if isinstance(value, str | list | dict) else 0
    if kind.endswith("long"):
        message, hint = f"{called} has {count:,} {things}", f"at most {context['max_length']:,} are allowed"
    elif count:
        message, hint = f"{called} has only {count} {things}", f"at least {context['min_length']} are needed"
    else:
        message, hint = f"{called} is empty", f"at least {context['min_length']} of the {things} is needed"
    return Said(f"{area}108", message, hint, location)


def _fields_at(model: type[Model], location: tuple[str | int, ...]) -> list[str]:
    """The fields that may stand where an unknown key stands."""
    current: Any = model
    for step in location[:-1]:
        if isinstance(current, type) and issubclass(current, Model) and step in current.model_fields:
            current = current.model_fields[str(step)].annotation
        else:
            current = next((found for found in _models(current) if found.__name__ == step), current)
    fields = [info.alias or name for found in _models(current) for name, info in found.model_fields.items()]
    return list(dict.fromkeys(fields))


def _models(annotation: Any) -> list[type[Model]]:
    """The models in an annotation such as `list[Tie] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]
