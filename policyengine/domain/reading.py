"""From a document to a model, with every problem placed in the file and said in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from policyengine.domain.fields import Model
from policyengine.domain.wording import Location, Said, say, several
from policyengine.errors import InputError, Problems, Span
from policyengine.source import Document, examine_document
from policyengine.source.limits import MAX_PROBLEMS

__all__ = ["Location", "first", "place", "read_file", "read_model", "read_whole"]

M = TypeVar("M", bound=Model)
T = TypeVar("T")


def read_model(document: Document, model: type[M], area: str, problems: Problems) -> M | None:
    """Validate a document as a model; `area` is the letter of its codes (N for scenarios, P, C).

    Adds each problem and returns None if there is any.
    """
    data = document.plain()
    if not isinstance(data, dict):
        message, hint = "this file should hold a mapping of fields", "begin with a line such as: name: value"
        place(problems, document, f"{area}101", message, hint, ())
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        for said in first(problems, document, _translate(errors, data, model, area)):
            if not _refused_before(document, said):
                place(problems, document, said.code, said.message, said.hint, said.location, key=said.key)
        return None


def _refused_before(document: Document, said: Said) -> bool:
    """Whether a field is missing only because its value was refused when the file was read."""
    if not said.missing:
        return False
    within = document.span(said.location)
    return any(
        flaw.span is not None
        and within[1:3] <= flaw.span[1:3]
        and flaw.span[3:5] <= within[3:5]
        and _is_of(said.missing, document.excerpt(flaw.span), flaw.span)
        for flaw in document.flaws
    )


def _is_of(field: str, line: str, span: Span) -> bool:
    """Whether a span is a key of this name, or the value that follows it on the line."""
    before, found = line[: span.column - 1].rstrip(), line[span.column - 1 : span.end_column - 1]
    return found.strip("\"'") == field or bool(re.search(rf"(^|\W){re.escape(field)}[\"']?\s*:$", before))


def read_file(path: Path, model: type[M], area: str, problems: Problems) -> tuple[Document | None, M | None]:
    """Read and validate one file; what is wrong goes to `problems`."""
    document = read_whole(path, problems)
    return document, None if document is None else read_model(document, model, area, problems)


def read_whole(path: Path, problems: Problems) -> Document | None:
    """Read one file as far as it can be read; what is wrong goes to `problems`."""
    try:
        document = examine_document(path)
    except InputError as error:
        problems.extend(error.problems)
        return None
    problems.extend(document.flaws)
    return document


def place(
    problems: Problems, document: Document, code: str, message: str, hint: str, location: Location, *, key: bool = False
) -> None:
    """Add a problem at a path of a document."""
    span = document.span(location, key=key)
    problems.add(code, message, hint, span, document.excerpt(span))


def first(problems: Problems, document: Document, found: Iterable[T]) -> Iterator[T]:
    """Pass on what is found in a document, up to the limit of problems, and note when there is more."""
    for number, each in enumerate(found):
        if number == MAX_PROBLEMS:
            message = f"There are more problems than the {MAX_PROBLEMS} shown"
            place(problems, document, "S039", message, "Correct these and run again.", ())
            return
        yield each


def _translate(errors: list[ErrorDetails], data: Any, model: type[Model], area: str) -> Iterator[Said]:
    groups: dict[Location, list[ErrorDetails]] = {}
    for error in errors:
        groups.setdefault(_in_document(error, data), []).append(error)
    opened = {location[:depth] for location in groups for depth in range(len(location))}
    proposed: set[Location] = set()
    missing = []
    for location, group in groups.items():
        if location in opened and all(error["type"].endswith("_type") for error in group):
            # Another branch of a union fits better: what is wrong inside it is told instead.
            continue
        said = say(_relevant(group, _value(data, location)), location, model, area)
        if said.near:
            proposed.add((*location[:-1], said.near))
        if said.missing:
            missing.append((location, said))
        else:
            yield said
    # A field that is there under a misspelt name is told once.
    yield from (said for location, said in missing if location not in proposed)


def _in_document(error: ErrorDetails, data: Any) -> Location:
    """The part of a location that exists in the document: names of union branches are dropped."""
    path: list[str | int] = []
    current = data
    *_, last = error["loc"] or ("",)
    for step in error["loc"]:
        inside = isinstance(current, dict) and step in current
        if inside or (isinstance(current, list) and isinstance(step, int) and step < len(current)):
            current = current[step]
            path.append(step)
    return (*path, last) if error["type"] == "missing" else tuple(path)


def _value(data: Any, location: Location) -> Any:
    for step in location:
        inside = isinstance(data, dict) and step in data
        if not inside and not (isinstance(data, list) and isinstance(step, int) and step < len(data)):
            return None
        data = data[step]
    return data


def _relevant(group: list[ErrorDetails], value: Any) -> ErrorDetails:
    """Of the errors of several union branches, that of the branch that the value looks like."""
    ranged = [error for error in group if not error["type"].endswith(("_type", "_instance_of"))]
    return (ranged or [several(group, value)])[0]
