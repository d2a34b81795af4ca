"""Findings as data, and as SARIF for code review.

Ref.: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, 2020.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from policyengine.errors import CODES, CellSpan, Problem, Span, printable
from policyengine.rulebook.check_pages import explained
from policyengine.version import VERSION

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def count_line(found: Sequence[Problem], rules: int) -> str:
    """How much was found, in one sentence."""
    checked = f"{rules} rule{'' if rules == 1 else 's'} checked"
    counts = Counter(problem.severity for problem in found)
    parts = [f"{counts[kind]} {kind}{'' if counts[kind] == 1 else 's'}" for kind in ("error", "warning", "note")]
    told = [part for part in parts if not part.startswith("0 ")]
    return f"{checked}: {', '.join(told) or 'nothing found'}"


def findings_data(found: Sequence[Problem]) -> dict[str, Any]:
    """Findings as plain data."""
    counts = Counter(problem.severity for problem in found)
    return {
        "counts": {kind: counts[kind] for kind in ("error", "warning", "note")},
        "findings": [_plain(problem) for problem in found],
    }


def _plain(problem: Problem) -> dict[str, Any]:
    where: dict[str, Any] = {} if problem.span is None else problem.span._asdict()
    where |= {"cell": problem.span.cell} if isinstance(problem.span, CellSpan) else {}
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "hint": problem.hint,
        **where,
    }


def sarif(found: Sequence[Problem], folder: Path) -> dict[str, Any]:
    """Findings as one SARIF run; files below `folder` are named from there, as code review expects."""
    codes = sorted({problem.code for problem in found})
    driver = {"name": "policyengine", "version": VERSION, "rules": [_rule(code) for code in codes]}
    placed = [problem for problem in found if problem.span is not None]
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation([problem for problem in found if problem.span is None])],
        "results": [_result(problem, codes.index(problem.code), folder) for problem in placed],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    advice = CODES[code]
    return {
        "id": code,
        "shortDescription": {"text": advice.title},
        "help": {"text": advice.what_to_do, "markdown": explained(code)},
        "defaultConfiguration": {"level": advice.severity},
    }


def _invocation(unplaced: Sequence[Problem]) -> dict[str, Any]:
    """What has no place, such as a pack that is not there, speaks of the run: code review refuses results without."""
    notes = [
        {"level": problem.severity, "message": {"text": _text(problem)}, "descriptor": {"id": problem.code}}
        for problem in unplaced
    ]
    return {"executionSuccessful": not unplaced, "toolConfigurationNotifications": notes}


def _text(problem: Problem) -> str:
    cell = f"{problem.span.cell}: " if isinstance(problem.span, CellSpan) else ""
    hint = f" Hint: {printable(problem.hint)}" if problem.hint else ""
    return f"{printable(cell + problem.message)}.{hint}"


def _result(problem: Problem, index: int, folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": problem.severity,
        "message": {"text": _text(problem)},
    }
    if problem.span is not None:
        made["locations"] = [{"physicalLocation": _physical(problem.span, folder)}]
    return made


def _physical(span: Span, folder: Path) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(span.file, folder)}}
    if span.line and not isinstance(span, CellSpan):  # the parts of a workbook have no lines
        place["region"] = {
            "startLine": span.line,
            "startColumn": max(span.column, 1),
            "endLine": max(span.end_line, span.line),
            "endColumn": max(span.end_column, 1),
        }
    return place


def _uri(file: str, folder: Path) -> str:
    path, folder = Path(os.path.abspath(file)), Path(os.path.abspath(folder))  # noqa: PTH100 - takes out '..' as well
    return quote(path.relative_to(folder).as_posix()) if path.is_relative_to(folder) else path.as_uri()
