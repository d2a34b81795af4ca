"""What YAML and JSON files are refused for alike, in one wording."""

from typing import NoReturn

from policyengine.errors import Span, quoted
from policyengine.source.findings import Findings
from policyengine.source.limits import MAX_DEPTH, MAX_NODES
from policyengine.source.nodes import Scalar

_LEAVE_OUT = "Leave the field out when it is not known; write [] for an empty list."


def duplicate_key(findings: Findings, key: str, first: Span, again: Span) -> None:
    """Refuse a key that its mapping already has, naming both places."""
    message = f"The key {quoted(key)} is given twice: first in line {first.line}, column {first.column}, and again here"
    findings.add("S020", message, "Keep one of the two, or rename one.", again)


def empty_file(findings: Findings) -> NoReturn:
    """Refuse a file without any value."""
    hint = "Write the fields it should have; comments do not count."
    findings.stop("S010", "The file has no content", hint, Span.whole(findings.file))


def null(findings: Findings, key: Scalar | None, span: Span) -> None:
    """Refuse a null that is written out, with the key it is the value of if it has one."""
    what = "This" if key is None else quoted(key.text)
    findings.add("S021", f"{what} has the value null", _LEAVE_OUT, span)


def no_value(findings: Findings, key: Scalar | None, span: Span, hint: str = _LEAVE_OUT) -> None:
    """Refuse a key, or a dash, with nothing behind it."""
    if key is None:
        findings.add("S021", "This item of the list is empty", "Write its value, or delete the dash.", span)
    elif key.text or key.style != "plain":  # a key that was refused is enough for one field
        findings.add("S021", f"{quoted(key.text)} has no value", hint, key.span)


def too_deep(findings: Findings, span: Span) -> None:
    """Refuse the rest of a file that nests lists and mappings without end."""
    findings.stop("S030", f"Lists and mappings are nested more than {MAX_DEPTH} deep", "Flatten the structure.", span)


def too_many_nodes(findings: Findings, span: Span) -> None:
    """Refuse the rest of a file that holds too much."""
    findings.stop("S031", f"The file has more than {MAX_NODES:,} keys and values", "Split it into several files.", span)
