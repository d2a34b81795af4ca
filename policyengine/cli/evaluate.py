"""`policyengine evaluate`: who leads and who supports, layer by layer."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.lazy import Documented
from policyengine.cli.options import packs_option
from policyengine.cli.shipped_names import complete_scenario

FORMATS = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".md": "markdown", ".html": "html"}
ENGINES = ("rete", "reference", "columnar")


@click.command(
    cls=Documented,
    short_help="Who leads and who supports, layer by layer.",
    examples=(
        "policyengine evaluate {scenario}",
        "policyengine evaluate {scenario} --pack {pack}",
        "policyengine evaluate {scenario} --engine reference --format json",
        "policyengine evaluate {scenario} --output report.html",
    ),
)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...", shell_complete=complete_scenario)
@packs_option
@click.option("--engine", type=click.Choice(ENGINES), default=ENGINES[0], show_default=True,
              help="Which engine runs the rules; all give the same.")  # fmt: skip
@click.option("--format", "form", type=click.Choice(["text", "json", "yaml", "markdown", "html"]),
              help="How to write it: by default as the name of the output file ends, else text.")  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write to this file, whole or not at all, instead of the screen.")  # fmt: skip
def evaluate(
    scenarios: tuple[str, ...], packs: tuple[str, ...], engine: str, form: str | None, output: Path | None
) -> None:
    """Evaluate scenarios: who leads, who supports, with which share, and how firmly.

    SCENARIO is a YAML or JSON file, or the name of a shipped scenario. Without --pack, the packs
    run that the file names, or else all default packs. If anything is wrong with any file, all
    problems are shown and nothing is evaluated.
    """
    from policyengine.cli.evaluation import run

    run(scenarios, packs, engine, form or FORMATS.get(output.suffix.lower() if output else "", "text"), output)
