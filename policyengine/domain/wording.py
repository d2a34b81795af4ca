"""What the validation library finds wrong, said in the words of whoever wrote the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pydantic_core import ErrorDetails

from policyengine.domain.fields import Model
from policyengine.errors import quoted
from policyengine.errors.near_names import near_name, near_or_list

Location = tuple[str | int, ...]


class Said(NamedTuple):
    """One problem in plain words, with its place.

    `key` says that the key is meant rather than the value; `near` is the field proposed for a misspelt one, `missing` a
    field that is not there.
    """

    code: str
    message: str
    hint: str
    location: Location
    key: bool = False
    near: str = ""
    missing: str = ""


_WANTED = {
    "string_type": "text", "float_type": "a number", "int_type": "a whole number", "int_from_float": "a whole number",
    "bool_type": "true or false", "list_type": "a list", "dict_type": "a mapping of fields",
    "model_type": "a mapping of fields", "model_attributes_type": "a mapping of fields",
}  # fmt: skip
_TYPES = {
    "a number": "write a number without quotes and without its unit",
    "a whole number": "write a whole number without quotes, such as 3",
    "true or false": "write true or false",
    "text": "put it in quotes",
    "a list": "write [a, b], or one entry a line, each after '- '",
    "a mapping of fields": "write {name: value}, or one 'name: value' a line, further to the right",
}
_BEGIN, _WITHOUT = "begin with a letter or a digit", "without blanks and accents"
_PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,79}$": f"{_BEGIN}; then up to 79 letters, digits, '_', '-' and '.', {_WITHOUT}",
    r"^[A-Za-z0-9][A-Za-z0-9_\-]{0,63}$": f"{_BEGIN}; then up to 63 letters, digits, '_' and '-', {_WITHOUT}",
    r"^[a-z0-9]+(-[a-z0-9]+)*$": "small letters and digits, joined by single hyphens, with none at the ends",
    r"^[a-z][a-z0-9_]{0,63}$": "begin with a small letter; then small letters, digits and underscores",
    r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$": "write source/claim, both in small letters, digits and hyphens",
    r"^([a-z0-9]+(-[a-z0-9]+)*/)?[a-z][a-z0-9_]{0,63}$": "write the name of a parameter, or pack/name",
    r"^[0-9a-f]{64}$": "a fingerprint is 64 digits from 0 to 9 and a to f",
    r"^\d+\.\d+\.\d+$": "write three numbers with points, such as 1.0.0",
}


def say(error: ErrorDetails, location: Location, model: type[Model], area: str) -> Said:
    """Say what is wrong at a place of a file; `area` is the letter of the code."""
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown_field(error, location, model, area)
    if kind == "missing":
        return _missing(error, location, model, area)
    if kind in _WANTED or kind == "several":
        return _wrong_type(error, location, area)
    return _SAYINGS.get(kind, _other)(error, location, area)


def _missing(error: ErrorDetails, location: Location, model: type[Model], area: str) -> Said:
    name = str(location[-1])
    options = _options(_models_at(model, error["loc"]), name)
    hint = f"add it, with one of: {', '.join(options)}" if options else "add it; it is always needed"
    return Said(f"{area}103", f"the field {quoted(name)} is missing", hint, location[:-1], missing=name)


def _wrong_type(error: ErrorDetails, location: Location, area: str) -> Said:
    value = error["input"]
    wanted = error.get("ctx", {}).get("wanted") or _WANTED[error["type"]]
    message = f"{_called(location)} should be {wanted}, this is {_shape(value)}"
    return Said(f"{area}104", message, _type_hint(wanted, value, area), location)


def _out_of_range(error: ErrorDetails, location: Location, area: str) -> Said:
    message = f"{_called(location)} is {error['input']}, which is out of range"
    return Said(f"{area}105", message, _range_hint(error.get("ctx", {})), location)


def _malformed(error: ErrorDetails, location: Location, area: str) -> Said:
    key = error["loc"][-1:] == ("[key]",)
    message = f"{quoted(str(error['input']))} cannot be used {'as a name here' if key else f'for {_called(location)}'}"
    return Said(f"{area}106", message, _pattern_hint(error.get("ctx", {}).get("pattern", "")), location, key)


def _not_an_option(error: ErrorDetails, location: Location, area: str) -> Said:
    value = str(error["input"])
    options = str(error.get("ctx", {}).get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
    message = f"{quoted(value)} cannot stand for {_called(location)}"
    return Said(f"{area}107", message, near_or_list(value, options), location)


def _wrong_length(error: ErrorDetails, location: Location, area: str) -> Said:
    kind, value, limits, called = error["type"], error["input"], error.get("ctx", {}), _called(location)
    text = kind.startswith("string")
    count = len(value) if isinstance(value, str | list | dict) else 0
    if kind.endswith("long"):
        message = f"{called} has {count:,} {'characters' if text else 'entries'}"
        hint = f"at most {limits['max_length']:,} are allowed"
    elif count:
        message = f"{called} has only {count} {'entry' if count == 1 else 'entries'}"
        hint = f"at least {limits['min_length']} are needed"
    else:
        message = f"{called} is empty"
        hint = "write something, or leave the field out" if text else "give at least one entry"
    return Said(f"{area}108", message, hint, location)


def _no_effect(error: ErrorDetails, location: Location, _area: str) -> Said:
    hint = f"name one of: {error.get('ctx', {})['words']}"
    return Said("P109", "this entry does not say what it does", hint, location)


def _other(error: ErrorDetails, location: Location, area: str) -> Said:
    # Our own checks word their errors as `message; hint`.
    message, _, hint = error["msg"].removeprefix("Value error, ").partition("; ")
    return Said(f"{area}110", f"{_called(location)}: {message}", hint or "write something else here", location)


_SAYINGS: dict[str, Callable[[ErrorDetails, Location, str], Said]] = {
    "no_effect": _no_effect, "literal_error": _not_an_option, "string_pattern_mismatch": _malformed,
    "greater_than_equal": _out_of_range, "less_than_equal": _out_of_range, "finite_number": _out_of_range,
    "too_short": _wrong_length, "too_long": _wrong_length,
    "string_too_short": _wrong_length, "string_too_long": _wrong_length,
}  # fmt: skip


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


def _type_hint(wanted: str, value: Any, area: str) -> str:
    if wanted == "text" and isinstance(value, list | dict):
        return "write one word or sentence"
    hint = _TYPES.get(wanted, "write it as one of these")
    may_be_unknown = area == "N" and wanted in {"a number", "a whole number", "true or false"}
    return f"{hint}; leave the field out if it is not known" if may_be_unknown else hint


def _range_hint(context: Mapping[str, Any]) -> str:
    if "ge" in context:
        return f"at least {context['ge']:g}"
    return f"at most {context['le']:g}" if "le" in context else "write an ordinary number"


def _pattern_hint(pattern: str) -> str:
    if "https" in pattern:
        return "write a web address that begins with https://, without blanks"
    if pattern in _PATTERNS:
        return _PATTERNS[pattern]
    if pattern.startswith("^("):
        words = pattern[2:].partition(")")[0].split("|")
        return f"write {' or '.join(f'{word}.name' for word in words)}, with small letters, digits and underscores"
    return "use letters and digits"


def _options(models: list[type[Model]], name: str) -> list[str]:
    """The words that a field can hold, if it can hold no others."""
    annotations = [found.model_fields[name].annotation for found in models if name in found.model_fields]
    return [
        str(word) for annotation in annotations if get_origin(annotation) is Literal for word in get_args(annotation)
    ]


def _fields_at(model: type[Model], location: tuple[str | int, ...]) -> list[str]:
    """The fields that may stand where an unknown key stands."""
    names = [info.alias or name for found in _models_at(model, location) for name, info in found.model_fields.items()]
    return list(dict.fromkeys(names))


def _models_at(model: type[Model], location: tuple[str | int, ...]) -> list[type[Model]]:
    """The models of which one holds the field at a place."""
    current: Any = model
    for step in location[:-1]:
        if get_origin(current) is dict:
            current = get_args(current)[1]
            continue
        models = _models(current)
        named = [found for found in models if found.__name__ == step]
        fields = [found.model_fields[str(step)].annotation for found in models if step in found.model_fields]
        current = (named or fields or [current])[0]
    return _models(current)


def _models(annotation: Any) -> list[type[Model]]:
    """The models in an annotation such as `list[Tie] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return [annotation]
    return [model for part in getattr(annotation, "__args__", ()) for model in _models(part)]
