"""The formats that a batch can write for each scenario. A new one is one function and one line of the registry."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from policyengine.assess.result import Result
from policyengine.domain.scenario import Scenario
from policyengine.report.result_json import ResultWriter
from policyengine.rulebook.rule import Rulebook

if TYPE_CHECKING:
    from policyengine.explanation import Explainer

_MOST_RULEBOOKS: Final = 16

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
    from policyengine.report.html import render_evaluation
    from policyengine.report.page.evaluation import evaluation_page

    explanation = _explainer(made.rulebook).explain_in_short(made.result, made.scenario)
    return render_evaluation(evaluation_page(explanation, made.scenario, made.arguments, made.engine)).encode()


def _explainer(rulebook: Rulebook) -> Explainer:
    """One for each rulebook, since what holds for all scenarios has to be found out only once."""
    found = _explainers().get(id(rulebook))
    if found is None:
        from policyengine.explanation import Explainer

        if len(_explainers()) >= _MOST_RULEBOOKS:
            _explainers().clear()
        found = _explainers()[id(rulebook)] = Explainer(rulebook)
    return found


@cache
def _explainers() -> dict[int, Explainer]:
    """Each keeps its rulebook, so that no other has the same `id`."""
    return {}


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
