"""The formats that a batch can write for each scenario. A new one is one function and one line of the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from policyengine.assess.result import Result
from policyengine.domain.scenario import Scenario
from policyengine.report.result_json import ResultWriter
from policyengine.rulebook.rule import Rulebook

ROWS: Final = "rows"
"""Not a format to choose: what the tables of a batch are made of."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A result with what it was made from; `arguments` and `engine` follow the command that gives it again."""

    result: Result
    scenario: Scenario
    rulebook: Rulebook
    arguments: Sequence[str]
    engine: Sequence[str]


@dataclass(frozen=True, slots=True)
class Writer:
    """How a format is written, and how the names of its files end."""

    ending: str
    write: Callable[[Evaluated], bytes]


def _html(made: Evaluated) -> bytes:
    from policyengine.explanation import explain_result
    from policyengine.report.html import render_evaluation
    from policyengine.report.page.evaluation import evaluation_page

    explanation = explain_result(made.result, made.scenario, made.rulebook)
    return render_evaluation(evaluation_page(explanation, made.scenario, made.arguments, made.engine)).encode()


def _json(made: Evaluated) -> bytes:
    return _results().write(made.result).encode()


@cache
def _results() -> ResultWriter:
    """One for the process, since the same rules and claims stand in result after result."""
    return ResultWriter()


def _markdown(made: Evaluated) -> bytes:
    from policyengine.report.evaluation_report import evaluation_report
    from policyengine.report.markdown import render_markdown

    return render_markdown(evaluation_report(made.result, made.arguments, made.engine)).encode()


def _rows(made: Evaluated) -> bytes:
    from policyengine.batch.tidy.pieces import piece_of

    return piece_of(made)


WRITERS: dict[str, Writer] = {
    "html": Writer(".html", _html),
    "json": Writer(".json", _json),
    "markdown": Writer(".md", _markdown),
    ROWS: Writer(".rows.gz", _rows),
}
"""Each format with its writer, by the name that `--format` takes."""
