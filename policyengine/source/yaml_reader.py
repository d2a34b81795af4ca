"""Reads the text of a YAML file; the one place that knows the parser."""

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn

from policyengine.source import refusals
from policyengine.source.findings import Findings
from policyengine.source.limits import MAX_DEPTH
from policyengine.source.nodes import Node
from policyengine.source.yaml_syntax import Mistake, explain
from policyengine.source.yaml_tree import TreeBuilder

if TYPE_CHECKING:
    from yaml import MarkedYAMLError

_TOO_DEEP: Final = "maximum nesting depth"
"""What the C parser says since it has a limit of its own: reading ahead, it meets it before we meet ours."""


def read_yaml(findings: Findings) -> Node:
    """Read the text of `findings` as one YAML document; raise `InputError` where nothing more can be read."""
    import yaml  # a program that only reads JSON, or only prints its help, need not load it

    builder = TreeBuilder(findings)
    handlers: dict[type[yaml.Event], Any] = {getattr(yaml, name): handle for name, handle in builder.handlers.items()}
    # The C parser is 20 times as fast, but some builds of PyYAML come without it.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        parser = loader(findings.lines.text)
        while (event := parser.get_event()) is not None:
            handle = handlers.get(type(event))
            if handle is not None:
                handle(event)
    except yaml.MarkedYAMLError as error:
        _stop(findings, error, builder.open_bracket)
    if builder.root is None:
        refusals.empty_file(findings)
    return builder.root


def _stop(findings: Findings, error: "MarkedYAMLError", bracket: int | None) -> NoReturn:
    """Report a mistake in the notation, after which the parser cannot go on."""
    if _TOO_DEEP in (error.problem or ""):
        at = _first_too_deep(findings.lines.text)
        refusals.too_deep(findings, findings.between(at, at + 1))
    at = error.problem_mark.index if error.problem_mark else 0
    began = error.context_mark.index if error.context_mark else at
    mistake = Mistake(error.problem or "", error.context or "", at, began, bracket, findings.lines)
    code, message, hint, start, end = explain(mistake)
    findings.stop(code, message, hint, findings.between(start, end))


def _first_too_deep(text: str) -> int:
    """Where the list or mapping begins that is one level too deep, found by the parser that has no limit."""
    import yaml

    depth = index = 0
    with suppress(yaml.YAMLError):  # where the two parsers differ, the last place reached will do
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif isinstance(event, yaml.CollectionStartEvent):
                depth, index = depth + 1, getattr(event.start_mark, "index", index)
            if depth > MAX_DEPTH:
                break
    return index
