"""Explain one scenario and write the reasons."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import click

from policyengine.assess.result import plain
from policyengine.cli.inputs import read_scenarios
from policyengine.cli.output import deliver
from policyengine.errors.near_names import near_or_list
from policyengine.explanation import explain_scenario
from policyengine.report.explanation_report import Detail, explanation_report


def run(
    scenario: str, packs: Sequence[str], form: str, *, threat: str | None, layer: str | None, jurisdiction: str | None
) -> None:
    """Explain what the three names leave over."""
    (ready,) = read_scenarios([scenario], packs)
    found = ready.file.scenario
    known("--threat", threat, [each.id for each in found.threats])
    known("--layer", layer, ready.rulebook.vocabulary.words("layers"))
    known("--jurisdiction", jurisdiction, [each.id for each in found.jurisdictions])
    explanation = explain_scenario(found, ready.file.sha256, ready.rulebook, threat, layer, jurisdiction)
    detail: Detail = "full" if jurisdiction else "others" if threat or layer else "leads"
    deliver(form, lambda: plain(explanation), lambda: explanation_report(explanation, detail))


def known(option: str, name: str | None, names: Collection[str]) -> None:
    """Refuse a name that does not exist, with the near one."""
    if name is not None and name not in names:
        raise click.UsageError(f"{option}: there is no '{name}' here; {near_or_list(name, names)}")
