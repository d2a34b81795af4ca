"""`policyengine rules test`: run the examples and tests of packs."""

from __future__ import annotations

from pathlib import Path

import click

from policyengine.cli.evaluate import ENGINES
from policyengine.cli.lazy import Documented
from policyengine.cli.options import packs_argument


@click.command(
    cls=Documented,
    short_help="Run the examples and tests of rules.",
    examples=(
        "policyengine rules test",
        "policyengine rules test {pack} --coverage",
        "policyengine rules test -k {rule} -v",
        "policyengine rules test --format junit --output report.xml",
    ),
)
@packs_argument
@click.option("-k", "chosen", default="", metavar="TEXT",
              help="Only those whose name holds this text; also: 'TEXT and not (TEXT or TEXT)'.")  # fmt: skip
@click.option("-x", "--fail-fast", is_flag=True, help="Stop at the first that fails.")
@click.option(
    "--maxfail", "most_failures", type=click.IntRange(min=1), metavar="N", help="Stop after so many failures."
)
@click.option("-v", "--verbose", is_flag=True, help="A line for each example and test.")
@click.option("--engine", "engines", type=click.Choice(ENGINES), multiple=True,
              help="Only this engine; may be repeated. By default all, which must agree.")  # fmt: skip
@click.option("--coverage", is_flag=True, help="Tell which branches of conditions nothing exercises.")
@click.option("--coverage-min", type=click.IntRange(0, 100), metavar="N",
              help="Fail if fewer per cent of the branches are exercised; implies --coverage.")  # fmt: skip
@click.option("--watch", is_flag=True, help="Run again whenever a file of the packs changes.")
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True,
              help="How to write it.")  # fmt: skip
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
              help="Write to this file, whole or not at all, instead of the screen.")  # fmt: skip
def test(
    packs: tuple[str, ...], chosen: str, fail_fast: bool, most_failures: int | None, verbose: bool,
    engines: tuple[str, ...], coverage: bool, coverage_min: int | None, watch: bool, form: str, output: Path | None,
) -> int:  # fmt: skip
    """Run each rule's examples, and the tests in the folder tests/ of each pack, on every engine.

    Without arguments, the packs of the current folder are tested, or else all shipped ones. Ends
    with 1 if anything fails or a file cannot be read.
    """
    from policyengine.cli.rule_testing import Wanted, test_packs, watch_packs

    most = 1 if fail_fast else most_failures
    wanted = Wanted(packs, chosen, most, verbose, engines or ENGINES, coverage, coverage_min, form, output)
    return watch_packs(wanted) if watch else test_packs(wanted)
