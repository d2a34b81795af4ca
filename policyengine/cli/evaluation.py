"""Evaluate several scenarios and write what comes out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

import click

from policyengine.assess.result import Result, plain
from policyengine.cli.inputs import Ready, read_scenarios
from policyengine.cli.output import deliver, write_out
from policyengine.engines.interface import DEFAULT, Choice, make_engine
from policyengine.evaluation import evaluate_scenario
from policyengine.report.blocks import Block
from policyengine.report.evaluation_report import evaluation_report
from policyengine.report.progress import with_progress


def run(scenarios: Sequence[str], packs: Sequence[str], engine: str, form: str, output: Path | None) -> None:
    """Read all, evaluate all, write all: nothing is written unless everything is well."""
    if form == "html" and len(scenarios) > 1:
        raise click.UsageError("one page holds one scenario; 'policyengine batch' writes a page for each")
    ready = read_scenarios(scenarios, packs)
    if output is not None:
        _spare_inputs(output, ready)
    results = _evaluate(ready, engine)
    named = [part for pack in packs for part in ("--pack", pack)]
    chosen = ["--engine", engine] if engine != DEFAULT else []

    def blocks() -> Iterator[Block]:
        for each, result in zip(ready, results, strict=True):
            yield from evaluation_report(result, [each.argument, *named], chosen)

    if form == "html":
        write_out(form, _page(ready[0], results[0], [ready[0].argument, *named], chosen), output)
    else:
        deliver(form, lambda: _data(results), blocks, output)


def _page(ready: Ready, result: Result, arguments: Sequence[str], engine: Sequence[str]) -> str:
    from policyengine.explanation import Explainer
    from policyengine.report.html import render_evaluation
    from policyengine.report.page.evaluation import evaluation_page

    scenario = ready.file.scenario
    explanation = Explainer(ready.rulebook).explain_in_short(result, scenario)
    return render_evaluation(evaluation_page(explanation, scenario, arguments, engine))


def _data(results: Sequence[Result]) -> object:
    found = [plain(result) for result in results]
    return found[0] if len(found) == 1 else found


def _evaluate(ready: Sequence[Ready], engine: str) -> list[Result]:
    """Evaluate one after the other, with one engine for each rulebook."""
    choices: dict[int, Choice] = {}
    results = []
    with ExitStack() as opened:
        for each in with_progress(ready, "Evaluating", sys.stderr):
            choice = choices.get(id(each.rulebook))
            if choice is None:
                choice = choices[id(each.rulebook)] = make_engine(engine, each.rulebook)
                opened.enter_context(closing(choice.engine))
            results.append(evaluate_scenario(each.file.scenario, each.file.sha256, each.rulebook, choice))
    return results


def _spare_inputs(output: Path, ready: Sequence[Ready]) -> None:
    """Refuse to write over a file that was read."""
    if not output.is_file():
        return
    folders = {pack.folder.resolve() for each in ready for pack in each.rulebook.packs}
    inside = any(output.resolve().is_relative_to(folder) for folder in folders)
    if inside or any(output.samefile(each.path) for each in ready):
        raise click.UsageError(f"--output '{output}' would write over a file that is read here")
