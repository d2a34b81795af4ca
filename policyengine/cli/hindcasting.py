"""Run a hindcast over case files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from policyengine import shipped
from policyengine.analysis.hindcast import Predictor, descriptive, hindcast, without_places
from policyengine.cli.case_files import case_files
from policyengine.cli.output import deliver
from policyengine.errors import InputError, Problem, Problems, Span, quoted
from policyengine.report.hindcast_report import hindcast_data, hindcast_report
from policyengine.report.progress import with_progress
from policyengine.rulebook.loading import default_packs, load_rulebook, shipped_packs
from policyengine.rulebook.rule import Rulebook
from policyengine.rulebook.scenario_reading import ScenarioFile, read_scenario
from policyengine.source import read_document

Predictors = dict[str, Predictor]


def run(paths: Sequence[Path], packs: Sequence[str], notes: Path | None, form: str) -> None:
    """Read the cases, compare, write."""
    predictors = _predictors(packs or default_packs())
    rulebook = next(iter(predictors.values())).rulebook
    cases = _cases(paths or [shipped.folder("scenarios") / "cases"], rulebook)
    steps = iter(with_progress(range(len(cases) * len(predictors) + 1), "Comparing", sys.stderr))

    def advance() -> None:
        next(steps, None)

    found = hindcast(cases, predictors, advance)
    discussed = _notes(notes)
    deliver(form, lambda: hindcast_data(found), lambda: hindcast_report(found, discussed))


def _predictors(packs: Sequence[str]) -> Predictors:
    """The descriptive rules, all rules, each opinion alone, what is no opinion, and the baselines."""
    together = load_rulebook(packs)
    roles = {pack.id: pack.file.role for pack in together.packs}
    opinions = [name for name, role in roles.items() if role == "opinion"]
    gates = [str(pack.folder) for pack in together.packs if pack.file.role != "opinion"]
    folders = {pack.id: str(pack.folder) for pack in together.packs}
    judged = descriptive(together)
    found: Predictors = {
        "descriptive": Predictor("every rule that says what is, of all packs", judged),
        "places unknown": Predictor(
            "the descriptive rules, shown the cases without their places", judged, without_places
        ),
        "all rules": Predictor("every rule of all packs, normative ones as well", together),
    }
    for opinion in opinions:
        words = f"the opinion pack {opinion} with the law"
        found[opinion] = Predictor(words, load_rulebook([*gates, folders[opinion]]))
    if opinions and gates:
        found["law alone"] = Predictor("the packs that argue for nothing", load_rulebook(gates))
    for name in shipped_packs():
        pack = load_rulebook([name]).packs[-1]
        if pack.file.role == "baseline":
            title = pack.file.title.removeprefix("Baseline: ")
            found[name] = Predictor(f"baseline: {title}", load_rulebook([name]))
    return found


def _cases(paths: Sequence[Path], rulebook: Rulebook) -> list[ScenarioFile]:
    problems = Problems()
    cases: dict[str, tuple[Path, ScenarioFile]] = {}
    for file in case_files(paths, problems):
        try:
            case = read_scenario(file, rulebook.vocabulary)
        except InputError as error:
            problems.extend(error.problems)
            continue
        name = case.scenario.scenario
        if case.scenario.outcome is None:
            hint = "add an outcome block, or leave the file out"
            problems.add("N209", "this scenario has no outcome on record", hint, Span.whole(str(file)))
        elif name in cases:
            message = f"this case has the name of another, {quoted(name)} in {cases[name][0]}"
            problems.add("N215", message, "rename one of them, or leave it out", Span.whole(str(file)))
        cases.setdefault(name, (file, case))
    problems.raise_if_any()
    return [case for _, case in cases.values()]


def _notes(path: Path | None) -> dict[str, str]:
    if path is None:
        return {}
    data: Any = read_document(path).plain()
    if not isinstance(data, dict) or not all(isinstance(text, str) for text in data.values()):
        raise InputError(
            [
                Problem(
                    "N101",
                    "notes are a mapping of case/layer to text",
                    "write: case-name/layer: text",
                    Span.whole(str(path)),
                )
            ]
        )
    return data
